// A pass of the network on the CPU, of a whole picture or of what differs from one.
//
// A sweep asks for thousands of pictures that differ from the clean one inside a square. The square changes each later
// map inside a rectangle only (changed_region.h), so the clean picture's maps are kept, and of a changed picture each
// step computes its rectangle alone. Around it lies a margin as wide as the steps behind it look, filled from the clean
// map, and with zeros where it overhangs the map: what they see is all in one place. Inside a square of one colour the
// early maps are flat, and one cell is computed for all of it. Where the rectangle has become the whole map the pass is
// a plain one from there on. Every operator computes a cell from its inputs alone, always in the same order
// (cpu_kernels.h), so a changed picture's maps equal those of a plain pass bit by bit: what was fed before, with what
// it was fed, and on how many threads leave no trace in an answer.
//
// Float32, the channels of a cell side by side. Torch-free; a CpuPass is used by one thread.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "core/job.h"
#include "net/cpu_program.h"

namespace net {

class CpuPass {
 public:
  // For pictures of one size. Fails where the layers wanted do not exist at it, or where the maps that are needed at
  // one time take more than `most_bytes`.
  static base::Result<std::unique_ptr<CpuPass>> create(std::shared_ptr<const Model> model,
                                                       std::shared_ptr<const CpuProgram> program, core::Size size,
                                                       std::int64_t most_bytes = kMostBytes);
  static constexpr std::int64_t kMostBytes = std::int64_t{2} << 30;

  // Computes everything for a picture as the input node gets it, [rows, cols, channels], and keeps it as the clean one
  // where keeps_clean(). On an error (kStopped) there is no clean picture.
  base::Status compute(std::vector<float> fed, const core::StopFlag* stop);
  // Whether all maps of a picture fit into `most_bytes` together. Where they do not, each is dropped after its last
  // use.
  [[nodiscard]] bool keeps_clean() const { return keeps_clean_; }
  [[nodiscard]] bool has_clean() const { return has_clean_; }
  [[nodiscard]] std::int64_t bytes() const { return bytes_; }  // of the maps of one picture that are there at one time
  // Where this picture, [rows, cols, channels], differs from the clean one.
  [[nodiscard]] Rect difference_from_clean(std::span<const float> fed) const;

  struct Change {
    Rect rect;                  // in pixels; may be empty
    bool flat = false;          // one colour
    std::vector<float> values;  // what the input node gets there, [rows, cols, channels]
  };
  // Computes pictures that differ from the clean one by a change each. Until the next call answers are theirs.
  base::Status compute_changes(std::span<const Change> changes, const core::StopFlag* stop);

  // Of one of the wanted nodes; `picture` counts the changes, or is 0 after compute().
  [[nodiscard]] Shape answer_shape(std::size_t wanted) const;
  // [channels, rows, cols]
  void read_answer(std::size_t wanted, std::size_t picture, float* values) const;

 private:
  struct Field {  // a map, or the part of one that is in memory
    Rect area;
    cpu::Floats values;  // of the cells of the area
  };
  struct Patch {     // what differs from the clean map
    Rect rect;       // empty: nothing does
    Rect flat;       // part of the rectangle
    Rect looked_at;  // what later steps read
    Field field;     // of a step that has a place of its own; the area holds rect and what is looked at
  };
  struct Room {  // of one picture, so that pictures can be computed side by side
    cpu::Scratch scratch;
    std::vector<cpu::Floats> views;
  };
  CpuPass(std::shared_ptr<const Model> model, std::shared_ptr<const CpuProgram> program, std::vector<Shape> shapes,
          std::int64_t most_bytes);

  base::Status run(std::span<const Change> changes, bool keep, const core::StopFlag* stop);
  void begin(std::span<const Change> changes);
  void find_changed(std::size_t step, std::size_t picture);
  void look_at_inputs(std::size_t step, std::size_t picture);
  [[nodiscard]] Rect needed(std::size_t step, const Rect& cells) const;
  void make_room(std::size_t step);
  void feed(const Change& change, std::size_t picture);
  void fill_margin(std::size_t step, std::size_t picture);
  void compute_step(std::size_t step, std::size_t picture);
  void concatenate(std::size_t step, std::size_t picture);
  void combine(std::size_t step, std::size_t picture);
  void compute_everything(std::size_t step, std::size_t picture);

  [[nodiscard]] cpu::Region region_of(std::size_t step, std::size_t picture) const;
  [[nodiscard]] cpu::MapView patch_of(std::size_t step, std::size_t picture) const;
  [[nodiscard]] cpu::MapView clean_of(std::size_t step) const;
  cpu::MapView view(const PlanInput& input, std::size_t picture, const Rect& need, float padding, cpu::Floats& room);
  [[nodiscard]] const Node& node_of(std::size_t step) const;
  [[nodiscard]] int channels_of(const PlanInput& input) const;
  cpu::Floats take(std::size_t count);
  void give_back(cpu::Floats floats);

  std::shared_ptr<const Model> model_;
  std::shared_ptr<const CpuProgram> program_;
  std::vector<Shape> shapes_;                // of each step, with the step's channels
  std::vector<Window> windows_;              // of each step that has one, its pads worked out
  std::vector<Field> clean_;                 // of each step with a place of its own
  std::vector<std::vector<Patch>> patches_;  // of each step, one a picture
  std::vector<Room> rooms_;
  std::vector<cpu::Floats> spare_;  // smallest first
  std::int64_t bytes_ = 0;
  bool keeps_clean_ = false;
  bool has_clean_ = false;
  bool answers_changes_ = false;
};

// The rectangle in which two pictures, [rows, cols, channels] with `pitch` floats from row to row in the first, differ.
Rect difference(const float* a, std::ptrdiff_t pitch, std::span<const float> b, const Shape& shape);

}  // namespace net

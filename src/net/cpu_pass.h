// A pass of the network on the CPU, of a whole picture or of what differs from one.
//
// A sweep asks for thousands of pictures that differ from the clean one inside a square. The square changes each later
// map inside a rectangle only (changed_region.h), so the clean picture's maps are kept, and of a changed picture each
// node computes its rectangle alone; what its windows see around it is read from the clean map. Inside a square of one
// colour the early maps are flat, and one cell is computed for all of it. Where the rectangle has become the whole map
// the pass is a plain one from there on. Every operator computes a cell from its inputs alone, always in the same order
// (cpu_kernels.h), so a changed picture's maps equal those of a plain pass bit by bit: what was fed before, with what
// it was fed, and on how many threads leave no trace in an answer.
//
// Float32, maps with the channels of a cell side by side. Torch-free. A CpuProgram is immutable; a CpuPass is used by
// one thread.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "core/job.h"
#include "net/cpu_operators.h"
#include "net/model.h"
#include "net/plan.h"

namespace net {

// A plan with its weights as the loops want them.
struct CpuProgram {
  struct Step {
    std::shared_ptr<const cpu::PreparedConvolution> convolution;
    std::vector<std::vector<float>> buffers;  // of other operators, cut to the step's channels
    bool relu = false;                        // of a convolution: the only step that reads it is a ReLU
    bool done_by_input = false;               // that ReLU
    int channels = 0;
  };
  Plan plan;
  std::vector<int> targets;  // nodes
  std::vector<Step> steps;
};

// Weights of whole layers are prepared once for all programs of a Network.
class CpuWeights {
 public:
  explicit CpuWeights(std::shared_ptr<const Model> model);
  std::shared_ptr<const cpu::PreparedConvolution> of(int node, const std::vector<int>& channels);
  [[nodiscard]] const Model& model() const { return *model_; }

 private:
  std::shared_ptr<const Model> model_;
  std::vector<std::shared_ptr<const cpu::PreparedConvolution>> whole_;
};

std::shared_ptr<const CpuProgram> make_cpu_program(CpuWeights& weights, std::span<const Wanted> wanted);

class CpuPass {
 public:
  // For pictures of one size. Fails where the layers wanted do not exist at it.
  static base::Result<std::unique_ptr<CpuPass>> create(std::shared_ptr<const Model> model,
                                                       std::shared_ptr<const CpuProgram> program, core::Size size);

  // Computes everything for a picture as the input node gets it, [rows, cols, channels], and keeps it as the clean one.
  // On an error (kStopped) there is no clean picture.
  base::Status compute(std::span<const float> fed, const core::StopFlag* stop);
  [[nodiscard]] bool has_clean() const { return has_clean_; }
  // The input node's values of the clean picture.
  [[nodiscard]] std::span<const float> clean_input() const;

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
  struct Patch {  // what differs from the clean map; rect empty: nothing
    Rect rect, flat;
    cpu::Floats values;
  };
  CpuPass(std::shared_ptr<const Model> model, std::shared_ptr<const CpuProgram> program, std::vector<Shape> shapes);
  base::Status run(std::vector<Patch> inputs, bool keep, const core::StopFlag* stop);
  void lay_out(std::size_t step, Patch& patch, std::size_t picture);
  void compute_step(std::size_t step, std::size_t picture);
  void concatenate(std::size_t step, std::size_t picture);
  void combine(std::size_t step, std::size_t picture);
  void compute_everything(std::size_t step, std::size_t picture);
  [[nodiscard]] cpu::Region region_of(std::size_t step, std::size_t picture) const;
  cpu::MapView view(const PlanInput& input, std::size_t picture, const Rect& need, float padding, cpu::Floats& room);
  [[nodiscard]] const Node& node_of(std::size_t step) const;
  [[nodiscard]] int channels_of(const PlanInput& input) const;
  [[nodiscard]] Window window_of(std::size_t step) const;
  [[nodiscard]] const Shape& shape_of_input(std::size_t step) const;
  cpu::Floats take(std::size_t count);
  void give_back(cpu::Floats floats);

  std::shared_ptr<const Model> model_;
  std::shared_ptr<const CpuProgram> program_;
  std::vector<Shape> shapes_;                // of each step, with the step's channels
  std::vector<cpu::Floats> clean_;           // of each step, whole maps
  std::vector<std::vector<Patch>> patches_;  // of each step, one a picture
  struct Room {                              // of one picture, so that pictures can be computed side by side
    cpu::Scratch scratch;
    std::vector<cpu::Floats> views;
  };
  std::vector<Room> rooms_;
  std::vector<cpu::Floats> spare_;
  bool has_clean_ = false;
  bool answers_changes_ = false;
};

}  // namespace net

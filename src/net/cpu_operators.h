// The operators on the CPU, each for a region of its map: the cells of a rectangle, channels side by side. What an
// operator reads it reads through a MapView, which holds real cells wherever the region's windows reach (assembling it
// is cpu_pass.h's business). Where the region is flat, one cell is computed and repeated. Torch-free; a Scratch belongs
// to one thread at a time, everything else is const.
#pragma once
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "net/changed_region.h"
#include "net/cpu_kernels.h"
#include "net/graph.h"

namespace net::cpu {

// Floats for vector loads: aligned to a cache line, their contents undefined, never shrinking.
class Floats {
 public:
  Floats() = default;
  Floats(Floats&& other) noexcept
      : values_(std::move(other.values_)), capacity_(std::exchange(other.capacity_, std::size_t{0})) {}
  Floats& operator=(Floats&& other) noexcept {
    values_ = std::move(other.values_);
    capacity_ = std::exchange(other.capacity_, std::size_t{0});
    return *this;
  }
  ~Floats() = default;
  float* of(std::size_t count) {  // at least as many; forgets what was there
    if (count > capacity_) {
      capacity_ = 0;
      values_.reset();
      values_.reset(static_cast<float*>(::operator new(count * sizeof(float), kAlignment)));
      capacity_ = count;
    }
    return values_.get();
  }
  [[nodiscard]] float* data() const { return values_.get(); }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(float* values) const { ::operator delete(values, kAlignment); }
  };
  std::unique_ptr<float, Free> values_;
  std::size_t capacity_ = 0;
};

// Cells of a map somewhere in memory. `area` says which they are.
struct MapView {
  const float* first = nullptr;  // of the cell at the area's corner
  std::ptrdiff_t row_pitch = 0;  // in floats
  std::ptrdiff_t pixel_pitch = 0;
  Rect area;

  [[nodiscard]] const float* at(int row, int col) const {
    return first + (row - area.row) * row_pitch + (col - area.col) * pixel_pitch;
  }
};

// What is computed: `channels` floats a cell, row by row. Only the first cell of `flat` is computed there.
struct Region {
  Rect rect;
  Rect flat;
  int channels = 0;
  float* values = nullptr;

  [[nodiscard]] float* at(int row, int col) const {
    return values + (static_cast<std::ptrdiff_t>(row - rect.row) * rect.cols + (col - rect.col)) * channels;
  }
};

// A convolution's weights in the order of the loops that will run it.
struct PreparedConvolution {
  enum class Way { direct, to_one, depthwise, winograd };
  Way way = Way::direct;
  Window window;  // its pads depend on the picture
  int groups = 1;
  int in_channels = 0, out_channels = 0;  // of a group
  Floats weights, bias;
  std::size_t weights_of_group = 0, bias_of_group = 0;
};
// `channels` as in PlanStep: the output channels wanted; empty: all.
std::shared_ptr<const PreparedConvolution> prepare(const Node& node, const std::vector<int>& channels);

struct Scratch {
  std::vector<const float*> in, cells;
  std::vector<float*> out;
  std::vector<std::ptrdiff_t> offsets;
  Floats transformed, products, line;
};

// `window` has its pads worked out. The view holds seen_by(window, …) of the region (for Winograd's tiles: of
// whole_tiles), zeros where there is padding.
void convolve(const PreparedConvolution& convolution, const Window& window, bool relu, const MapView& in,
              const Region& out, Scratch& scratch);
// What a convolution of this way computes together: the region itself, or the 2×2 tiles that cover it.
Rect whole_tiles(const Rect& rect);
// The tiles that lie inside.
Rect inner_tiles(const Rect& rect);
// The view holds what there is of the cells that the windows reach.
void pool(Op op, const Pool& attributes, const Window& window, const Shape& in_shape, const MapView& in,
          const Region& out, Scratch& scratch);
void normalize(const Lrn& lrn, const MapView& in, const Region& out, Scratch& scratch);
// relu, clip, sigmoid, tanh, leaky_relu, hard_sigmoid, hard_swish, gelu, erf, power, identity.
void apply_pointwise(const Node& node, const MapView& in, const Region& out);
// x · scale + shift, one of each a channel, or one for all.
void scale_and_shift(std::span<const float> scale, std::span<const float> shift, const MapView& in, const Region& out);
// add, subtract, multiply or divide two maps; a view of one channel counts for all channels of the other.
void combine(Op op, const MapView& a, int channels_a, const MapView& b, int channels_b, const Region& out);
// `count` channels of the view to those of the region from `first_channel` on.
void copy_channels(const MapView& in, int count, const Region& out, int first_channel);
// Of the channels of each cell: their mean, their norm, and their order turned from groups to members.
void mean_over_channels(const MapView& in, int channels, const Region& out);
void normalize_channels(const LayerNorm& norm, std::span<const float> scale, std::span<const float> shift,
                        const MapView& in, const Region& out);
void shuffle_channels(int groups, const MapView& in, const Region& out);
// Computed once, the same in every cell.
void repeat_flat(const Region& region);

// Operators that see everything. `in` holds the whole map.
void average_everything(const MapView& in, const Shape& shape, float* out);
void largest_of_everything(const MapView& in, const Shape& shape, float* out);
// Channel by channel, as most files mean it, or place by place.
void flatten(const MapView& in, const Shape& shape, bool channels_last, float* out);
// weights [out, in], bias [out] or empty.
void linear(std::span<const float> x, std::span<const float> weights, std::span<const float> bias, float* out);
void softmax(std::span<const float> x, float* out);

}  // namespace net::cpu

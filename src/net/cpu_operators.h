// The operators on the CPU but for convolutions, each for a region of its map. What an operator reads it reads through
// a MapView, which holds real cells wherever the region's windows reach (cpu_pass.h sees to that). Where the region is
// flat, one cell is computed and repeated. Torch-free; a Scratch belongs to one thread at a time.
#pragma once
#include <span>

#include "net/cpu_map.h"
#include "net/graph.h"

namespace net::cpu {

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
// The first `count` channels of the view, of the whole region or of a part of it, which may be empty.
void copy_channels(const MapView& in, int count, const Region& out);
void copy_part(const MapView& in, const Region& out, const Rect& part, int count);
// Of the channels of each cell: their mean, their norm, and their order turned from groups to members.
void mean_over_channels(const MapView& in, int channels, const Region& out);
void normalize_channels(const LayerNorm& norm, std::span<const float> scale, std::span<const float> shift,
                        const MapView& in, const Region& out);
void shuffle_channels(int groups, const MapView& in, const Region& out);
// Operators that see everything. `in` holds the whole map.
void average_everything(const MapView& in, const Shape& shape, float* out);
void largest_of_everything(const MapView& in, const Shape& shape, float* out);
// Channel by channel, as most files mean it, or place by place.
void flatten(const MapView& in, const Shape& shape, bool channels_last, float* out);
// weights [out, in], bias [out] or empty.
void linear(std::span<const float> x, std::span<const float> weights, std::span<const float> bias, float* out);
void softmax(std::span<const float> x, float* out);  // in place, too

}  // namespace net::cpu

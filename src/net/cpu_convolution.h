// Convolutions on the CPU: weights laid out for the loops (cpu_kernels.h), and the four ways to run them. Which way is
// taken depends on the layer alone, never on the region, so a cell is always computed alike. Torch-free; what is
// prepared is immutable, a Scratch belongs to one thread at a time.
#pragma once
#include <memory>
#include <vector>

#include "net/cpu_map.h"
#include "net/graph.h"

namespace net::cpu {

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

// `window` has its pads worked out. The view holds seen_by(window, …) of the region (for Winograd's tiles: of
// whole_tiles), zeros where there is padding.
void convolve(const PreparedConvolution& convolution, const Window& window, bool relu, const MapView& in,
              const Region& out, Scratch& scratch);
// What a convolution of this way computes together: the region itself, or the 2×2 tiles that cover it.
Rect whole_tiles(const Rect& rect);
// The tiles that lie inside.
Rect inner_tiles(const Rect& rect);

}  // namespace net::cpu

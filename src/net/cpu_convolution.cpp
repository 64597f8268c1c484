#include "net/cpu_convolution.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "base/check.h"
#include "net/cpu_kernels.h"
#include "net/parallel.h"

namespace net::cpu {
namespace {

constexpr std::int64_t kPixelsWorthAThread = 24;
constexpr int kTilesAtATime = 24;  // of Winograd's: what they need stays in the caches beside the weights

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// The weights of one group as runs over the window: [channels, k] with k in rows, columns, channels of the window.
std::vector<float> in_order_of_runs(const Buffer& weight, const std::vector<int>& channels, const Window& window) {
  const std::size_t inputs = at(static_cast<int>(weight.shape[1])), cells = at(window.kernel[0]) * at(window.kernel[1]);
  std::vector<float> ordered;
  ordered.reserve(channels.size() * inputs * cells);
  for (const int channel : channels)
    for (std::size_t cell = 0; cell < cells; ++cell)
      for (std::size_t input = 0; input < inputs; ++input)
        ordered.push_back(weight.values[(at(channel) * inputs + input) * cells + cell]);
  return ordered;
}

// G g Gᵀ of each 3×3 kernel: 16 matrices [channels, inputs], in double because it is done once.
std::vector<float> transformed_kernels(const std::vector<float>& ordered, std::size_t channels, std::size_t inputs) {
  constexpr double kG[4][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
  std::vector<float> matrices(16 * channels * inputs);
  for (std::size_t channel = 0; channel < channels; ++channel)
    for (std::size_t input = 0; input < inputs; ++input)
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
          double sum = 0.0;
          for (std::size_t a = 0; a < 3; ++a)
            for (std::size_t b = 0; b < 3; ++b)
              sum += kG[i][a] * kG[j][b] * static_cast<double>(ordered[(channel * 9 + 3 * a + b) * inputs + input]);
          matrices[((4 * i + j) * channels + channel) * inputs + input] = static_cast<float>(sum);
        }
  return matrices;
}

// A 3×3 kernel of stride 1 has less than half the products in Winograd's form; its sums need some channels to pay.
bool suits_winograd(const Convolution& attributes, std::size_t inputs, std::size_t channels) {
  const Window& w = attributes.window;
  constexpr std::size_t kFewest = 8;
  return attributes.groups == 1 && w.kernel[0] == 3 && w.kernel[1] == 3 && w.stride[0] == 1 && w.stride[1] == 1 &&
         w.dilation[0] == 1 && w.dilation[1] == 1 && inputs >= kFewest && channels >= kFewest;
}

void prepare_group(PreparedConvolution& prepared, const Buffer& weight, const std::vector<int>& channels, float* to) {
  const std::vector<float> ordered = in_order_of_runs(weight, channels, prepared.window);
  const std::size_t k = ordered.size() / channels.size();
  switch (prepared.way) {
    case PreparedConvolution::Way::to_one:
      std::ranges::copy(ordered, to);
      break;
    case PreparedConvolution::Way::depthwise:
      for (std::size_t i = 0; i < k; ++i) to[i * static_cast<std::size_t>(prepared.groups)] = ordered[i];
      break;
    case PreparedConvolution::Way::direct:
      pack_weights(kernels(), ordered.data(), prepared.out_channels, k, to);
      break;
    case PreparedConvolution::Way::winograd: {
      const std::size_t inputs = at(prepared.in_channels);
      const std::vector<float> matrices = transformed_kernels(ordered, channels.size(), inputs);
      const std::size_t size = packed_size(kernels(), prepared.out_channels, inputs);
      for (std::size_t i = 0; i < 16; ++i)
        pack_weights(kernels(), matrices.data() + i * channels.size() * inputs, prepared.out_channels, inputs,
                     to + i * size);
      break;
    }
  }
}

void convolve_runs(const PreparedConvolution& convolution, ConvolutionTask task) {
  const Kernels& loops = kernels();
  const auto run = convolution.way == PreparedConvolution::Way::to_one      ? loops.convolve_to_one
                   : convolution.way == PreparedConvolution::Way::depthwise ? loops.convolve_depthwise
                                                                            : loops.convolve;
  parallel_for(static_cast<std::int64_t>(task.pixels), kPixelsWorthAThread, [&](std::int64_t first, std::int64_t end) {
    ConvolutionTask piece = task;
    piece.in += first;
    piece.out += first;
    piece.pixels = static_cast<std::size_t>(end - first);
    run(piece);
  });
}

void convolve_directly(const PreparedConvolution& convolution, const Window& window, bool relu, const MapView& in,
                       const Region& out, Scratch& scratch) {
  using Way = PreparedConvolution::Way;
  scratch.offsets.clear();
  // Neighbouring columns lie side by side unless there are channels or cells in between to skip.
  const bool whole_rows = window.dilation[1] == 1 && in.pixel_pitch == convolution.in_channels;
  for (int i = 0; i < window.kernel[0]; ++i)
    for (int j = 0; j < (whole_rows ? 1 : window.kernel[1]); ++j)
      scratch.offsets.push_back(i * window.dilation[0] * in.row_pitch + j * window.dilation[1] * in.pixel_pitch);
  ConvolutionTask task;
  task.offsets = scratch.offsets.data();
  task.runs = scratch.offsets.size();
  task.run_length = convolution.in_channels * (whole_rows ? window.kernel[1] : 1);
  task.relu = relu;
  const bool each_apart = convolution.way == Way::depthwise;
  task.channels = each_apart ? convolution.groups : convolution.out_channels;
  for (int group = 0; group < (each_apart ? 1 : convolution.groups); ++group) {
    scratch.in.clear();
    scratch.out.clear();
    each_cell(out, [&](int row, int col) {
      scratch.in.push_back(
          in.at(row * window.stride[0] - window.pad_begin[0], col * window.stride[1] - window.pad_begin[1]) +
          group * convolution.in_channels);
      scratch.out.push_back(out.at(row, col) + group * convolution.out_channels);
    });
    task.in = scratch.in.data();
    task.out = scratch.out.data();
    task.pixels = scratch.in.size();
    task.weights = convolution.weights.data() + at(group) * convolution.weights_of_group;
    task.bias =
        convolution.bias.capacity() > 0 ? convolution.bias.data() + at(group) * convolution.bias_of_group : nullptr;
    convolve_runs(convolution, task);
  }
}

// Where each tile's cells go; null: outside the region, or computed elsewhere.
struct Tile {
  const float* in;
  float* out[4];
};

std::vector<Tile> tiles_of(const Window& window, const MapView& in, const Region& out) {
  const Rect covered = whole_tiles(out.rect);
  const Rect repeated = out.flat;
  std::vector<Tile> tiles;
  for (int row = covered.row; row < covered.end_row(); row += 2)
    for (int col = covered.col; col < covered.end_col(); col += 2) {
      const bool repeats =
          !repeated.empty() && repeated.contains({row, col, 2, 2}) && !(row == repeated.row && col == repeated.col);
      if (repeats) continue;
      Tile tile{in.at(row - window.pad_begin[0], col - window.pad_begin[1]), {}};
      for (int cell = 0; cell < 4; ++cell)
        if (const Rect place{row + cell / 2, col + cell % 2, 1, 1}; out.rect.contains(place))
          tile.out[cell] = out.at(place.row, place.col);
      tiles.push_back(tile);
    }
  return tiles;
}

// Distances between planes that are read together: not a power of two, so that they do not share the sets of a cache.
std::size_t spread(std::size_t floats) {
  constexpr std::size_t kLine = 16;
  return (floats + kLine - 1) / kLine * kLine | kLine;
}

void convolve_tiles(const PreparedConvolution& convolution, bool relu, const MapView& in, std::span<const Tile> tiles,
                    Scratch& scratch) {
  const Kernels& loops = kernels();
  const std::size_t count = tiles.size(), inputs = at(convolution.in_channels), channels = at(convolution.out_channels);
  const std::size_t in_plane = spread(count * inputs), out_plane = spread(count * channels);
  float* transformed = scratch.transformed.of(16 * in_plane);
  float* products = scratch.products.of(16 * out_plane);
  for (std::size_t i = 0; i < count; ++i)
    loops.winograd_in(tiles[i].in, in.row_pitch, in.pixel_pitch, convolution.in_channels, transformed + i * inputs,
                      static_cast<std::ptrdiff_t>(in_plane));
  scratch.in.resize(count);
  scratch.out.resize(count);
  const std::size_t size = packed_size(loops, convolution.out_channels, inputs);
  constexpr std::ptrdiff_t kAtThePixel = 0;
  ConvolutionTask task;
  task.offsets = &kAtThePixel;
  task.runs = 1;
  task.run_length = convolution.in_channels;
  task.channels = convolution.out_channels;
  for (std::size_t plane = 0; plane < 16; ++plane) {
    for (std::size_t i = 0; i < count; ++i) {
      scratch.in[i] = transformed + plane * in_plane + i * inputs;
      scratch.out[i] = products + plane * out_plane + i * channels;
    }
    task.in = scratch.in.data();
    task.out = scratch.out.data();
    task.pixels = scratch.in.size();
    task.weights = convolution.weights.data() + plane * size;
    loops.convolve(task);
  }
  const float* bias = convolution.bias.capacity() > 0 ? convolution.bias.data() : nullptr;
  for (std::size_t i = 0; i < count; ++i)
    loops.winograd_out(products + i * channels, static_cast<std::ptrdiff_t>(out_plane), bias, convolution.out_channels,
                       relu, tiles[i].out);
}

void convolve_by_winograd(const PreparedConvolution& convolution, const Window& window, bool relu, const MapView& in,
                          const Region& out, Scratch& scratch) {
  const std::vector<Tile> tiles = tiles_of(window, in, out);
  const std::size_t pieces = (tiles.size() + kTilesAtATime - 1) / kTilesAtATime;
  parallel_for(static_cast<std::int64_t>(pieces), 1, [&](std::int64_t first, std::int64_t end) {
    Scratch own;  // of this thread
    Scratch& used = static_cast<std::size_t>(end - first) == pieces ? scratch : own;
    for (std::int64_t piece = first; piece < end; ++piece) {
      const std::size_t from = tiles.size() * static_cast<std::size_t>(piece) / pieces;
      const std::size_t to = tiles.size() * static_cast<std::size_t>(piece + 1) / pieces;
      convolve_tiles(convolution, relu, in, std::span(tiles).subspan(from, to - from), used);
    }
  });
}

}  // namespace

std::shared_ptr<const PreparedConvolution> prepare(const Node& node, const std::vector<int>& channels) {
  using Way = PreparedConvolution::Way;
  const auto& attributes = std::get<Convolution>(node.attributes);
  const Buffer& weight = node.buffers[0];
  CHECK(weight.shape[2] == attributes.window.kernel[0] && weight.shape[3] == attributes.window.kernel[1],
        "a kernel of the size of its window");
  std::vector<int> wanted = channels;
  if (wanted.empty()) {
    wanted.resize(static_cast<std::size_t>(weight.shape[0]));
    std::iota(wanted.begin(), wanted.end(), 0);
  }
  auto prepared = std::make_shared<PreparedConvolution>();
  prepared->window = attributes.window;
  prepared->groups = attributes.groups;
  prepared->in_channels = static_cast<int>(weight.shape[1]);
  prepared->out_channels = static_cast<int>(wanted.size()) / attributes.groups;
  const bool one = prepared->out_channels == 1;
  if (suits_winograd(attributes, at(prepared->in_channels), wanted.size()))
    prepared->way = Way::winograd;
  else if (one && prepared->in_channels == 1 && attributes.groups > 1)
    prepared->way = Way::depthwise;
  else if (one)
    prepared->way = Way::to_one;

  const std::size_t k = at(prepared->in_channels) * at(attributes.window.kernel[0]) * at(attributes.window.kernel[1]);
  const auto groups = at(attributes.groups);
  const std::size_t padded = packed_size(kernels(), prepared->out_channels, 1);  // with the last vector filled up
  switch (prepared->way) {
    case Way::depthwise:
    case Way::to_one:
      prepared->weights_of_group = prepared->way == Way::depthwise ? 1 : k;
      prepared->bias_of_group = 1;
      prepared->weights.of(groups * k);
      break;
    case Way::direct:
      prepared->weights_of_group = padded * k;
      prepared->bias_of_group = padded;
      prepared->weights.of(groups * prepared->weights_of_group);
      break;
    case Way::winograd:
      prepared->bias_of_group = padded;
      prepared->weights.of(16 * padded * at(prepared->in_channels));
      break;
  }
  for (std::size_t group = 0; group < groups; ++group) {
    const auto first = wanted.begin() + static_cast<std::ptrdiff_t>(group) * prepared->out_channels;
    prepare_group(*prepared, weight, {first, first + prepared->out_channels},
                  prepared->weights.data() + group * prepared->weights_of_group);
  }
  if (node.buffers.size() > 1) {
    float* bias = prepared->bias.of(groups * prepared->bias_of_group);
    std::fill_n(bias, groups * prepared->bias_of_group, 0.0F);
    for (std::size_t i = 0; i < wanted.size(); ++i)
      bias[i / at(prepared->out_channels) * prepared->bias_of_group + i % at(prepared->out_channels)] =
          node.buffers[1].values[at(wanted[i])];
  }
  return prepared;
}

Rect whole_tiles(const Rect& rect) {
  const int row = rect.row / 2 * 2, col = rect.col / 2 * 2;
  return {row, col, (rect.end_row() - row + 1) / 2 * 2, (rect.end_col() - col + 1) / 2 * 2};
}

Rect inner_tiles(const Rect& rect) {
  const int row = (rect.row + 1) / 2 * 2, col = (rect.col + 1) / 2 * 2;
  const Rect inner{row, col, rect.end_row() / 2 * 2 - row, rect.end_col() / 2 * 2 - col};
  return inner.empty() ? Rect{} : inner;
}

void convolve(const PreparedConvolution& convolution, const Window& window, bool relu, const MapView& in,
              const Region& out, Scratch& scratch) {
  if (convolution.way == PreparedConvolution::Way::winograd)
    convolve_by_winograd(convolution, window, relu, in, out, scratch);
  else
    convolve_directly(convolution, window, relu, in, out, scratch);
  repeat_flat(out);
}

}  // namespace net::cpu

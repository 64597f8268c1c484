#include "net/cpu_operators.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "net/parallel.h"

namespace net::cpu {
namespace {

constexpr std::int64_t kPixelsWorthAThread = 24;
constexpr int kTilesAtATime = 64;  // of Winograd's: what they need stays in the second-level cache

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// The cells to compute, as stretches of a row: all but those that repeat the first cell of `flat`.
template <class Work>
void each_stretch(const Region& region, const Work& work) {
  const Rect& rect = region.rect;
  const Rect& flat = region.flat;
  for (int row = rect.row; row < rect.end_row(); ++row) {
    if (flat.empty() || row < flat.row || row >= flat.end_row()) {
      work(row, rect.col, rect.cols);
      continue;
    }
    const int before = flat.col - rect.col + (row == flat.row ? 1 : 0), after = rect.end_col() - flat.end_col();
    if (before > 0) work(row, rect.col, before);
    if (after > 0) work(row, flat.end_col(), after);
  }
}

template <class Work>
void each_cell(const Region& region, const Work& work) {
  each_stretch(region, [&](int row, int col, int count) {
    for (int c = col; c < col + count; ++c) work(row, c);
  });
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
  parallel_for(static_cast<std::int64_t>(task.in.size()), kPixelsWorthAThread,
               [&](std::int64_t first, std::int64_t end) {
                 const auto from = static_cast<std::size_t>(first), count = static_cast<std::size_t>(end - first);
                 ConvolutionTask piece = task;
                 piece.in = task.in.subspan(from, count);
                 piece.out = task.out.subspan(from, count);
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
  task.offsets = scratch.offsets;
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
    task.in = scratch.in;
    task.out = scratch.out;
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

void convolve_tiles(const PreparedConvolution& convolution, bool relu, const MapView& in, std::span<const Tile> tiles,
                    Scratch& scratch) {
  const Kernels& loops = kernels();
  const std::size_t count = tiles.size(), inputs = at(convolution.in_channels), channels = at(convolution.out_channels);
  const std::size_t in_plane = count * inputs, out_plane = count * channels;
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
  task.offsets = std::span(&kAtThePixel, 1);
  task.run_length = convolution.in_channels;
  task.channels = convolution.out_channels;
  for (std::size_t plane = 0; plane < 16; ++plane) {
    for (std::size_t i = 0; i < count; ++i) {
      scratch.in[i] = transformed + plane * in_plane + i * inputs;
      scratch.out[i] = products + plane * out_plane + i * channels;
    }
    task.in = scratch.in;
    task.out = scratch.out;
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

template <class Function>
void map_values(const MapView& in, const Region& out, const Function& function) {
  each_stretch(out, [&](int row, int col, int count) {
    for (int c = col; c < col + count; ++c) {
      const float* x = in.at(row, c);
      float* y = out.at(row, c);
      for (int k = 0; k < out.channels; ++k) y[k] = function(x[k]);
    }
  });
}

// The powers that files have, without the general one.
void raise(float exponent, const MapView& in, const Region& out) {
  if (exponent == 2.0F)
    map_values(in, out, [](float x) { return x * x; });
  else if (exponent == 0.5F)
    map_values(in, out, [](float x) { return std::sqrt(x); });
  else if (exponent == -1.0F)
    map_values(in, out, [](float x) { return 1.0F / x; });
  else
    map_values(in, out, [exponent](float x) { return std::pow(x, exponent); });
}

float combined(Op op, float left, float right) {
  switch (op) {
    case Op::add:
      return left + right;
    case Op::subtract:
      return left - right;
    case Op::divide:
      return left / right;
    default:
      return left * right;
  }
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

void pool(Op op, const Pool& attributes, const Window& window, const Shape& in_shape, const MapView& in,
          const Region& out, Scratch& scratch) {
  const Kernels& loops = kernels();
  // An average may count the declared padding, but never what a window overhangs beyond it in ceil mode.
  const bool counts_padding = op == Op::average_pool && attributes.count_include_pad;
  const Rect counted = counts_padding ? Rect{-window.pad_begin[0], -window.pad_begin[1],
                                             in_shape.rows + window.pad_begin[0] + window.pad_end[0],
                                             in_shape.cols + window.pad_begin[1] + window.pad_end[1]}
                                      : whole(in_shape);
  each_cell(out, [&](int row, int col) {
    scratch.cells.clear();
    int count = 0;
    for (int i = 0; i < window.kernel[0]; ++i)
      for (int j = 0; j < window.kernel[1]; ++j) {
        const Rect cell{row * window.stride[0] - window.pad_begin[0] + i * window.dilation[0],
                        col * window.stride[1] - window.pad_begin[1] + j * window.dilation[1], 1, 1};
        count += counted.contains(cell) ? 1 : 0;
        if (whole(in_shape).contains(cell)) scratch.cells.push_back(in.at(cell.row, cell.col));
      }
    const PoolTask task{scratch.cells, out.channels, static_cast<float>(count), out.at(row, col)};
    op == Op::max_pool ? loops.max_pool(task) : loops.average_pool(task);
  });
  repeat_flat(out);
}

// ONNX: the window of an even size has its extra channel after the centre.
void normalize(const Lrn& lrn, const MapView& in, const Region& out, Scratch& scratch) {
  const Kernels& loops = kernels();
  LrnTask task;
  task.channels = out.channels;
  task.before = (lrn.size - 1) / 2;
  task.after = lrn.size - 1 - task.before;
  task.factor = lrn.alpha / static_cast<float>(lrn.size);
  task.bias = lrn.bias;
  task.beta = lrn.beta;
  float* line = scratch.line.of(at(out.channels + lrn.size + 2 * loops.lanes));
  each_cell(out, [&](int row, int col) { loops.normalize(task, in.at(row, col), out.at(row, col), line); });
  repeat_flat(out);
}

void apply_pointwise(const Node& node, const MapView& in, const Region& out) {
  switch (node.op) {
    case Op::relu:
      map_values(in, out, [](float x) { return x < 0.0F ? 0.0F : x; });
      break;
    case Op::clip: {
      const auto [low, high] = std::get<Clip>(node.attributes);
      map_values(in, out, [low, high](float x) { return x < low ? low : x > high ? high : x; });
      break;
    }
    case Op::sigmoid:
      map_values(in, out, [](float x) { return 1.0F / (1.0F + std::exp(-x)); });
      break;
    case Op::tanh:
      map_values(in, out, [](float x) { return std::tanh(x); });
      break;
    case Op::leaky_relu: {
      const float slope = std::get<LeakyRelu>(node.attributes).slope;
      map_values(in, out, [slope](float x) { return x < 0.0F ? slope * x : x; });
      break;
    }
    case Op::hard_sigmoid: {
      const auto [slope, offset] = std::get<HardSigmoid>(node.attributes);
      map_values(in, out, [=](float x) { return std::clamp(slope * x + offset, 0.0F, 1.0F); });
      break;
    }
    case Op::hard_swish: {
      const auto [slope, offset] = std::get<HardSigmoid>(node.attributes);
      map_values(in, out, [=](float x) { return x * std::clamp(slope * x + offset, 0.0F, 1.0F); });
      break;
    }
    case Op::gelu:
      if (std::get<Gelu>(node.attributes).by_tanh)
        map_values(in, out, [](float x) {
          return 0.5F * x * (1.0F + std::tanh(0.7978845608F * (x + 0.044715F * x * x * x)));  // √(2/π)
        });
      else
        map_values(in, out, [](float x) { return 0.5F * x * (1.0F + std::erf(x * 0.7071067812F)); });
      break;
    case Op::erf:
      map_values(in, out, [](float x) { return std::erf(x); });
      break;
    case Op::power:
      raise(std::get<Power>(node.attributes).exponent, in, out);
      break;
    default:
      map_values(in, out, [](float x) { return x; });
  }
  repeat_flat(out);
}

void scale_and_shift(std::span<const float> scale, std::span<const float> shift, const MapView& in, const Region& out) {
  each_cell(out, [&](int row, int col) {
    const float* x = in.at(row, col);
    float* y = out.at(row, col);
    for (std::size_t c = 0; c < at(out.channels); ++c)
      y[c] = x[c] * scale[scale.size() == 1 ? 0 : c] + shift[shift.size() == 1 ? 0 : c];
  });
  repeat_flat(out);
}

void combine(Op op, const MapView& a, int channels_a, const MapView& b, int channels_b, const Region& out) {
  each_cell(out, [&](int row, int col) {
    const float *x = a.at(row, col), *y = b.at(row, col);
    float* to = out.at(row, col);
    for (int c = 0; c < out.channels; ++c) {
      const float left = x[channels_a == 1 ? 0 : c], right = y[channels_b == 1 ? 0 : c];
      to[c] = combined(op, left, right);
    }
  });
  repeat_flat(out);
}

void copy_channels(const MapView& in, int count, const Region& out, int first_channel) {
  for (int row = out.rect.row; row < out.rect.end_row(); ++row)
    for (int col = out.rect.col; col < out.rect.end_col(); ++col)
      std::copy_n(in.at(row, col), count, out.at(row, col) + first_channel);
}

void mean_over_channels(const MapView& in, int channels, const Region& out) {
  each_cell(out, [&](int row, int col) {
    const float* x = in.at(row, col);
    *out.at(row, col) = static_cast<float>(std::accumulate(x, x + channels, 0.0) / channels);
  });
  repeat_flat(out);
}

void normalize_channels(const LayerNorm& norm, std::span<const float> scale, std::span<const float> shift,
                        const MapView& in, const Region& out) {
  const std::size_t channels = at(out.channels);
  each_cell(out, [&](int row, int col) {
    const float* x = in.at(row, col);
    float* y = out.at(row, col);
    const double mean = std::accumulate(x, x + channels, 0.0) / static_cast<double>(channels);
    double squares = 0.0;
    for (std::size_t c = 0; c < channels; ++c) squares += (x[c] - mean) * (x[c] - mean);
    const double factor = 1.0 / std::sqrt(squares / static_cast<double>(channels) + static_cast<double>(norm.epsilon));
    for (std::size_t c = 0; c < channels; ++c) y[c] = static_cast<float>((x[c] - mean) * factor) * scale[c] + shift[c];
  });
  repeat_flat(out);
}

void shuffle_channels(int groups, const MapView& in, const Region& out) {
  const int members = out.channels / groups;
  each_cell(out, [&](int row, int col) {
    const float* x = in.at(row, col);
    float* y = out.at(row, col);
    for (int member = 0; member < members; ++member)
      for (int group = 0; group < groups; ++group) *y++ = x[group * members + member];
  });
  repeat_flat(out);
}

void repeat_flat(const Region& region) {
  if (region.flat.empty()) return;
  const float* cell = region.at(region.flat.row, region.flat.col);
  for (int row = region.flat.row; row < region.flat.end_row(); ++row)
    for (int col = region.flat.col; col < region.flat.end_col(); ++col)
      if (float* to = region.at(row, col); to != cell) std::copy_n(cell, region.channels, to);
}

void average_everything(const MapView& in, const Shape& shape, float* out) {
  for (int c = 0; c < shape.channels; ++c) {
    double sum = 0.0;
    for (int row = 0; row < shape.rows; ++row)
      for (int col = 0; col < shape.cols; ++col) sum += static_cast<double>(in.at(row, col)[c]);
    out[c] = static_cast<float>(sum / (static_cast<double>(shape.rows) * shape.cols));
  }
}

void largest_of_everything(const MapView& in, const Shape& shape, float* out) {
  std::copy_n(in.at(0, 0), shape.channels, out);
  for (int row = 0; row < shape.rows; ++row)
    for (int col = 0; col < shape.cols; ++col)
      for (int c = 0; c < shape.channels; ++c) out[c] = std::max(out[c], in.at(row, col)[c]);
}

void flatten(const MapView& in, const Shape& shape, bool channels_last, float* out) {
  if (channels_last) {
    for (int row = 0; row < shape.rows; ++row)
      for (int col = 0; col < shape.cols; ++col) out = std::copy_n(in.at(row, col), shape.channels, out);
    return;
  }
  for (int c = 0; c < shape.channels; ++c)
    for (int row = 0; row < shape.rows; ++row)
      for (int col = 0; col < shape.cols; ++col) *out++ = in.at(row, col)[c];
}

void linear(std::span<const float> x, std::span<const float> weights, std::span<const float> bias, float* out) {
  const std::size_t outputs = weights.size() / x.size();
  parallel_for(static_cast<std::int64_t>(outputs), 64, [&](std::int64_t first, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(end); ++i)
      out[i] = kernels().dot(x.data(), weights.data() + i * x.size(), x.size()) + (bias.empty() ? 0.0F : bias[i]);
  });
}

void softmax(std::span<const float> x, float* out) {
  const float highest = *std::ranges::max_element(x);
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    out[i] = std::exp(x[i] - highest);
    sum += static_cast<double>(out[i]);
  }
  for (std::size_t i = 0; i < x.size(); ++i) out[i] = static_cast<float>(static_cast<double>(out[i]) / sum);
}

}  // namespace net::cpu

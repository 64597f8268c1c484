#include "net/cpu_operators.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "net/cpu_kernels.h"
#include "net/parallel.h"

namespace net::cpu {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
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

// The cells of an axis that a window sees, inside the map: first, first + dilation, … before end.
struct Seen {
  int first = 0, end = 0;
};

Seen seen_along(const Window& window, int axis, int place, int side) {
  const int dilation = window.dilation[axis], start = place * window.stride[axis] - window.pad_begin[axis];
  const int hidden = start < 0 ? (-start + dilation - 1) / dilation : 0;  // steps that lie before the map
  return {start + hidden * dilation, std::min(side, start + (window.kernel[axis] - 1) * dilation + 1)};
}

// First of the window's rows, then of its columns: for neighbouring cells the former is the same.
void pool_maximum(const Window& window, const Shape& in_shape, const MapView& in, const Region& out, Scratch& scratch) {
  const Kernels& loops = kernels();
  const std::size_t channels = at(out.channels);
  each_stretch(out, [&](int row, int col, int count) {
    const Seen rows = seen_along(window, 0, row, in_shape.rows);
    const int first_col = std::max(0, col * window.stride[1] - window.pad_begin[1]);
    const int end_col = seen_along(window, 1, col + count - 1, in_shape.cols).end;
    if (rows.first >= rows.end || first_col >= end_col) {  // nothing but padding
      for (int c = col; c < col + count; ++c)
        std::fill_n(out.at(row, c), channels, -std::numeric_limits<float>::infinity());
      return;
    }
    float* line = scratch.line.of(at(end_col - first_col) * channels);
    const bool together = in.pixel_pitch == out.channels;
    for (int c = first_col; c < end_col; c += together ? end_col - first_col : 1) {
      scratch.cells.clear();
      for (int r = rows.first; r < rows.end; r += window.dilation[0]) scratch.cells.push_back(in.at(r, c));
      loops.maximum(scratch.cells.data(), scratch.cells.size(),
                    together ? at(end_col - first_col) * channels : channels, line + at(c - first_col) * channels);
    }
    for (int c = col; c < col + count; ++c) {
      const Seen cols = seen_along(window, 1, c, in_shape.cols);
      scratch.cells.clear();
      for (int k = cols.first; k < cols.end; k += window.dilation[1])
        scratch.cells.push_back(line + at(k - first_col) * channels);
      if (scratch.cells.empty())
        std::fill_n(out.at(row, c), channels, -std::numeric_limits<float>::infinity());
      else
        loops.maximum(scratch.cells.data(), scratch.cells.size(), channels, out.at(row, c));
    }
  });
}

void pool_average(const Pool& attributes, const Window& window, const Shape& in_shape, const MapView& in,
                  const Region& out, Scratch& scratch) {
  // An average may count the declared padding, but never what a window overhangs beyond it in ceil mode.
  const auto counted_along = [&](int axis, int place, int side, Seen seen) {
    const int dilation = window.dilation[axis], start = place * window.stride[axis] - window.pad_begin[axis];
    const int end = attributes.count_include_pad ? side + window.pad_end[axis] : side;
    const int first = attributes.count_include_pad ? start : seen.first;
    const int last = std::min(end, start + (window.kernel[axis] - 1) * dilation + 1);
    return last <= first ? 0 : (last - first + dilation - 1) / dilation;
  };
  each_cell(out, [&](int row, int col) {
    const Seen rows = seen_along(window, 0, row, in_shape.rows), cols = seen_along(window, 1, col, in_shape.cols);
    const int count = counted_along(0, row, in_shape.rows, rows) * counted_along(1, col, in_shape.cols, cols);
    scratch.cells.clear();
    for (int r = rows.first; r < rows.end; r += window.dilation[0])
      for (int c = cols.first; c < cols.end; c += window.dilation[1]) scratch.cells.push_back(in.at(r, c));
    float* to = out.at(row, col);
    kernels().sum(scratch.cells.data(), scratch.cells.size(), at(out.channels), to);
    for (int c = 0; c < out.channels; ++c) to[c] /= static_cast<float>(count);
  });
}

}  // namespace

void pool(Op op, const Pool& attributes, const Window& window, const Shape& in_shape, const MapView& in,
          const Region& out, Scratch& scratch) {
  if (op == Op::max_pool)
    pool_maximum(window, in_shape, in, out, scratch);
  else
    pool_average(attributes, window, in_shape, in, out, scratch);
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

void copy_channels(const MapView& in, int count, const Region& out) {
  const bool whole_rows = in.pixel_pitch == count && out.pixel_pitch == count;
  for (int row = out.rect.row; row < out.rect.end_row(); ++row)
    for (int col = out.rect.col; col < out.rect.end_col(); col += whole_rows ? out.rect.cols : 1)
      std::copy_n(in.at(row, col), whole_rows ? out.rect.cols * count : count, out.at(row, col));
}

void copy_part(const MapView& in, const Region& out, const Rect& part, int count) {
  if (part.empty()) return;
  Region there = out;
  there.rect = part;
  there.first = out.at(part.row, part.col);
  copy_channels(in, count, there);
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

#include <limits>

#include "net/graphdef_ops.h"

namespace net::graphdef {
namespace {

constexpr std::int64_t kMaxKernel = 1024;
constexpr std::int64_t kMaxPad = 4096;

void require_channels_last(const Operator& op) {
  if (const std::string order = op.text("data_format", "NHWC"); order != "NHWC")
    op.refuse("the order " + order + " is not supported, only NHWC", "Freeze the graph of a CPU.");
}

// The rows and columns of [pictures, rows, columns, channels]; the other two must be 1.
void set_pair(const Operator& op, const char* name, int (&pair)[2]) {
  const std::vector<std::int64_t> values = op.integers(name);
  if (values.empty()) return;
  if (values.size() != 4 || values[0] != 1 || values[3] != 1)
    op.refuse(std::string(name) + " is not [1, rows, columns, 1]");
  for (std::size_t axis = 0; axis < 2; ++axis) {
    if (values[axis + 1] < 1 || values[axis + 1] > kMaxKernel)
      op.refuse(std::string(name) + " of " + std::to_string(values[axis + 1]) + " is outside 1 to " +
                std::to_string(kMaxKernel));
    pair[axis] = static_cast<int>(values[axis + 1]);
  }
}

void read_window(const Operator& op, Window& window) {
  require_channels_last(op);
  set_pair(op, "strides", window.stride);
  set_pair(op, "dilations", window.dilation);
  const std::string padding = op.text("padding", "");
  if (padding != "SAME" && padding != "VALID") op.refuse("its padding " + padding + " is neither SAME nor VALID");
  if (padding == "SAME") window.same = Same::upper;
}

// [rows, columns, in, out] → [out, in, rows, columns]; of a depthwise one [rows, columns, in, times] → [in · times, 1,
// rows, columns].
Buffer relaid(const Operator& op, const Buffer& stored, bool depthwise) {
  if (stored.shape.size() != 4 || stored.values.empty())
    op.refuse("its weights have " + std::to_string(stored.shape.size()) + " dimensions, not 4, or are empty");
  for (std::size_t axis = 0; axis < 2; ++axis)
    if (stored.shape[axis] > kMaxKernel) op.refuse("its kernel is larger than " + std::to_string(kMaxKernel));
  const auto cells = static_cast<std::size_t>(stored.shape[0] * stored.shape[1]);
  const auto filters = stored.values.size() / cells;
  const auto in = static_cast<std::size_t>(depthwise ? 1 : stored.shape[2]);
  const std::size_t out = filters / in;
  Buffer weight{{static_cast<std::int64_t>(out), static_cast<std::int64_t>(in), stored.shape[0], stored.shape[1]},
                std::vector<float>(stored.values.size())};
  for (std::size_t cell = 0; cell < cells; ++cell)
    for (std::size_t i = 0; i < in; ++i)
      for (std::size_t o = 0; o < out; ++o)
        weight.values[(o * in + i) * cells + cell] = stored.values[cell * filters + i * out + o];
  return weight;
}

void emit_convolution(Operator& op, bool depthwise) {
  const Flow from = op.map(0);
  const Buffer stored = op.weights(1);
  Buffer weight = relaid(op, stored, depthwise);
  Convolution convolution;
  if (depthwise) convolution.groups = static_cast<int>(stored.shape[2]);
  for (std::size_t axis = 0; axis < 2; ++axis) convolution.window.kernel[axis] = static_cast<int>(stored.shape[axis]);
  read_window(op, convolution.window);
  op.emit(Op::convolution, {from.node}, 4, convolution, {std::move(weight)});
}

void emit_pool(Operator& op, Op kind) {
  const Flow from = op.map(0);
  if (op.integers("ksize").empty()) op.refuse("it has no ksize");
  Pool pool;
  set_pair(op, "ksize", pool.window.kernel);
  read_window(op, pool.window);
  op.emit(kind, {from.node}, 4, pool);
}

}  // namespace

void read_convolution(Operator& op) {
  emit_convolution(op, false);
}

void read_depthwise_convolution(Operator& op) {
  emit_convolution(op, true);
}

void read_max_pool(Operator& op) {
  emit_pool(op, Op::max_pool);
}

void read_average_pool(Operator& op) {
  emit_pool(op, Op::average_pool);
}

void read_pad(Operator& op) {
  const Flow from = op.map(0);
  const std::vector<std::int64_t> pads = op.numbers(1);  // a begin and an end for each axis
  if (pads.size() != 8 || pads[0] != 0 || pads[1] != 0 || pads[6] != 0 || pads[7] != 0)
    op.refuse("only rows and columns can be padded");
  for (std::size_t i = 2; i < 6; ++i)
    if (pads[i] < 0 || pads[i] > kMaxPad)
      op.refuse("a pad of " + std::to_string(pads[i]) + " is outside 0 to " + std::to_string(kMaxPad));
  Pad pad;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    pad.begin[axis] = static_cast<int>(pads[2 + 2 * axis]);
    pad.end[axis] = static_cast<int>(pads[3 + 2 * axis]);
  }
  op.emit(Op::pad, {from.node}, 4, pad);
}

}  // namespace net::graphdef

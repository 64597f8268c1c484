#include <limits>

#include "net/onnx_ops.h"

namespace net::onnx {
namespace {

constexpr int kMaxKernel = 1024;
constexpr int kMaxPad = 4096;

void set_pair(Operator& op, const char* name, int most, int (&pair)[2]) {
  const std::vector<std::int64_t> values = op.integers(name);
  if (values.empty()) return;
  if (values.size() != 2) op.refuse(std::string(name) + " has " + std::to_string(values.size()) + " numbers, not 2");
  for (std::size_t axis = 0; axis < 2; ++axis) {
    if (values[axis] < 1 || values[axis] > most)
      op.refuse(std::string(name) + " of " + std::to_string(values[axis]) + " is outside 1 to " + std::to_string(most));
    pair[axis] = static_cast<int>(values[axis]);
  }
}

int checked_pad(Operator& op, std::int64_t value) {
  if (value < 0 || value > kMaxPad)
    op.refuse("a pad of " + std::to_string(value) + " is outside 0 to " + std::to_string(kMaxPad));
  return static_cast<int>(value);
}

// Strides, dilations and pads; `kernel` is already known.
void read_window(Operator& op, Window& window) {
  set_pair(op, "strides", kMaxKernel, window.stride);
  set_pair(op, "dilations", kMaxKernel, window.dilation);
  const std::string rule = op.text("auto_pad", "NOTSET");
  if (rule == "SAME_UPPER" || rule == "SAME_LOWER") {
    window.same = rule == "SAME_UPPER" ? Same::upper : Same::lower;
    return;
  }
  if (rule == "VALID") return;
  if (rule != "NOTSET" && !rule.empty()) op.refuse("auto_pad " + rule + " is unknown");
  const std::vector<std::int64_t> pads = op.integers("pads");
  if (pads.empty()) return;
  if (pads.size() != 4) op.refuse("pads has " + std::to_string(pads.size()) + " numbers, not 4");
  for (std::size_t axis = 0; axis < 2; ++axis) {
    window.pad_begin[axis] = checked_pad(op, pads[axis]);
    window.pad_end[axis] = checked_pad(op, pads[axis + 2]);
  }
}

Pool read_pool(Operator& op) {
  if (op.integers("kernel_shape").empty()) op.refuse("it has no kernel_shape");
  Pool pool;
  set_pair(op, "kernel_shape", kMaxKernel, pool.window.kernel);
  read_window(op, pool.window);
  pool.ceil_mode = op.integer("ceil_mode", 0, 0, 1) == 1;
  for (int axis = 0; axis < 2; ++axis) {
    const int reach = (pool.window.kernel[axis] - 1) * pool.window.dilation[axis] + 1;
    if (pool.window.pad_begin[axis] >= reach || pool.window.pad_end[axis] >= reach)
      op.refuse("its pads are as large as its kernel, so that a window could lie outside the picture");
  }
  return pool;
}

}  // namespace

void read_convolution(Operator& op) {
  const Flow from = op.map(0);
  std::vector<Buffer> buffers{op.weights(1)};
  const std::vector<std::int64_t> shape = buffers[0].shape;
  if (shape.size() != 4) op.refuse("its weights have " + std::to_string(shape.size()) + " dimensions, not 4");
  if (buffers[0].values.empty()) op.refuse("its weights are empty");
  Convolution convolution;
  convolution.groups = op.integer("group", 1, 1, std::numeric_limits<int>::max());
  if (shape[0] % convolution.groups != 0)
    op.refuse(std::to_string(convolution.groups) + " groups do not divide its " + std::to_string(shape[0]) +
              " channels");
  Window& window = convolution.window;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    if (shape[axis + 2] > kMaxKernel) op.refuse("its kernel is larger than " + std::to_string(kMaxKernel));
    window.kernel[axis] = static_cast<int>(shape[axis + 2]);
  }
  Window stated = window;
  set_pair(op, "kernel_shape", kMaxKernel, stated.kernel);
  if (stated.kernel[0] != window.kernel[0] || stated.kernel[1] != window.kernel[1])
    op.refuse("its kernel_shape is not that of its weights");
  read_window(op, window);
  if (op.has_input(2)) {
    buffers.push_back(op.weights(2));
    if (buffers[1].shape != std::vector<std::int64_t>{shape[0]})
      op.refuse("its bias does not have one value for each of its " + std::to_string(shape[0]) + " channels");
  }
  op.emit(Op::convolution, {from.node}, kMap, convolution, std::move(buffers));
}

void read_max_pool(Operator& op) {
  const Flow from = op.map(0);
  if (op.integer("storage_order", 0, 0, 1) != 0) op.refuse("storage_order 1 is not supported");
  op.emit(Op::max_pool, {from.node}, kMap, read_pool(op));
}

void read_average_pool(Operator& op) {
  const Flow from = op.map(0);
  Pool pool = read_pool(op);
  if (pool.window.dilation[0] != 1 || pool.window.dilation[1] != 1)
    op.refuse("dilated average pools are not supported");
  pool.count_include_pad = op.integer("count_include_pad", 0, 0, 1) == 1;
  op.emit(Op::average_pool, {from.node}, kMap, pool);
}

void read_pad(Operator& op) {
  const Flow from = op.map(0);
  const std::string mode = op.text("mode", "constant");
  if (mode != "constant") op.refuse("the mode " + mode + " is not supported, only constant");
  if (op.has_input(3)) op.refuse("padding of chosen axes is not supported, only of all four");
  const std::vector<std::int64_t> pads = op.numbers("pads", 1);
  if (pads.size() != 8) op.refuse("pads has " + std::to_string(pads.size()) + " numbers, not 8");
  if (pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0) op.refuse("only rows and columns can be padded");
  Pad pad;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    pad.begin[axis] = checked_pad(op, pads[axis + 2]);
    pad.end[axis] = checked_pad(op, pads[axis + 6]);
  }
  pad.value = op.scalar("value", 2, 0.0F);
  op.emit(Op::pad, {from.node}, kMap, pad);
}

}  // namespace net::onnx

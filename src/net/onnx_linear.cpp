// Products with a matrix: linear layers of vectors, and of every place of a map whose channels come last, which is a
// 1×1 convolution.
#include <cmath>

#include "net/importing.h"
#include "net/onnx_ops.h"

namespace net::onnx {
namespace {

void scale(const Operator& op, Buffer& buffer, float factor) {
  for (float& value : buffer.values) {
    value *= factor;
    if (!std::isfinite(value)) op.refuse("its scaled weights are not finite");
  }
}

// One value for each output, as [out], [1, out] or one for all.
Buffer bias_of(const Operator& op, std::size_t i, std::int64_t out) {
  Buffer bias = op.weights(i);
  if (bias.values.size() == 1) bias.values.resize(static_cast<std::size_t>(out), bias.values[0]);
  const bool in_a_row =
      bias.shape.empty() || (bias.shape.size() <= 2 && (bias.shape.back() == out || bias.shape.back() == 1));
  if (!in_a_row || static_cast<std::int64_t>(bias.values.size()) != out)
    op.refuse("its bias does not have " + std::to_string(out) + " values");
  return {{out}, std::move(bias.values)};
}

}  // namespace

void read_gemm(Operator& op) {
  const Flow from = op.vector(0);
  if (op.integer("transA", 0, 0, 1) != 0) op.refuse("transA is not supported");
  std::vector<Buffer> buffers{matrix_operand(op, 1, op.integer("transB", 0, 0, 1) == 1)};
  if (const float alpha = op.number("alpha", 1.0F); alpha != 1.0F) scale(op, buffers[0], alpha);
  if (op.has_input(2)) {
    Buffer bias = bias_of(op, 2, buffers[0].shape[0]);
    scale(op, bias, op.number("beta", 1.0F));
    buffers.push_back(std::move(bias));
  }
  op.emit(Op::linear, {from.node}, kVector, {}, std::move(buffers));
}

void read_mat_mul(Operator& op) {
  const Flow from = op.whole_channels(0);
  if (from.axes.back() != Axis::channels)
    op.refuse(from.axes == kMap ? "its input is a map, not a vector (a Flatten is missing)"
                                : "the last dimension of its input is not the channels");
  Buffer weight = matrix_operand(op, 1, false);
  if (from.axes == kVector) return op.emit(Op::linear, {from.node}, kVector, {}, {std::move(weight)});
  weight.shape = {weight.shape[0], weight.shape[1], 1, 1};
  op.emit(Op::convolution, {from.node}, from.axes, Convolution{}, {std::move(weight)});
}

}  // namespace net::onnx

// Sums, products and norms of an ONNX file: of two maps, or of a map and constants that are one number or one for each
// channel.
#include <algorithm>
#include <cmath>

#include "net/importing.h"
#include "net/onnx_ops.h"

namespace net::onnx {
namespace {

// A constant operand with one value a channel, or one for all: [C], [1, C, 1, 1], [C, 1, 1], [] … as broadcasting to
// the flow's axes allows.
Buffer per_channel(const Operator& op, std::size_t i, const Flow& flow) {
  Buffer buffer = op.weights(i);
  bool fits = buffer.shape.size() <= flow.axes.size() && !buffer.values.empty();
  for (std::size_t from_end = 1; fits && from_end <= buffer.shape.size(); ++from_end) {
    const bool is_channels = flow.axes[flow.axes.size() - from_end] == Axis::channels;
    fits = is_channels || buffer.shape[buffer.shape.size() - from_end] == 1;
  }
  if (!fits) op.refuse("its constant is neither one number nor one for each channel");
  buffer.shape = {static_cast<std::int64_t>(buffer.values.size())};
  return buffer;
}

template <class Change>
void change(const Operator& op, Buffer& buffer, const Change& changed) {
  for (float& value : buffer.values) {
    value = static_cast<float>(changed(static_cast<double>(value)));
    if (!std::isfinite(value)) op.refuse("its constant is not finite when it is worked in");
  }
}

struct Operands {
  Flow a;
  std::optional<Flow> b;           // or
  std::optional<Buffer> constant;  // in the place of the first operand where constant_first
  bool constant_first = false;
};

// Nothing where neither operand follows from the picture and the constant result is worked out.
std::optional<Operands> operands(Operator& op, char operation) {
  if (op.inputs() != 2) op.refuse("it has " + std::to_string(op.inputs()) + " inputs, not 2");
  if (read_constant_arithmetic(op, operation)) return std::nullopt;
  Operands both{op.whole_channels(op.is_flow(0) ? 0 : 1), {}, {}, !op.is_flow(0)};
  if (!op.is_flow(0) || !op.is_flow(1)) {
    both.constant = per_channel(op, op.is_flow(0) ? 1 : 0, both.a);
    return both;
  }
  both.b = op.whole_channels(1);
  if (both.b->axes.size() != both.a.axes.size()) op.refuse("its inputs have different numbers of dimensions");
  if (both.b->axes != both.a.axes) op.refuse("its inputs have their dimensions in different orders");
  return both;
}

template <Op kOp>
void emit_commutative(Operator& op, char operation) {
  std::optional<Operands> both = operands(op, operation);
  if (!both) return;
  if (both->b) return op.emit(kOp, {both->a.node, both->b->node}, both->a.axes);
  op.emit(kOp, {both->a.node}, both->a.axes, {}, {std::move(*both->constant)});
}

Buffer norm_weights(const Operator& op, std::size_t i, std::int64_t channels) {
  if (!op.has_input(i))
    return {{channels}, std::vector<float>(static_cast<std::size_t>(channels), i == 1 ? 1.0F : 0.0F)};
  Buffer buffer = op.weights(i);
  if (buffer.shape != std::vector<std::int64_t>{channels})
    op.refuse("its weights do not have one value for each of its " + std::to_string(channels) + " channels");
  return buffer;
}

}  // namespace

void read_add(Operator& op) {
  emit_commutative<Op::add>(op, '+');
}

void read_multiply(Operator& op) {
  emit_commutative<Op::multiply>(op, '*');
}

void read_subtract(Operator& op) {
  std::optional<Operands> both = operands(op, '-');
  if (!both) return;
  if (both->b) return op.emit(Op::subtract, {both->a.node, both->b->node}, both->a.axes);
  Buffer constant = std::move(*both->constant);
  if (both->constant_first)  // c − x = −1 · x + c
    return op.emit(Op::batch_norm, {both->a.node}, both->a.axes, {}, {{{1}, {-1.0F}}, std::move(constant)});
  change(op, constant, [](double value) { return -value; });
  op.emit(Op::add, {both->a.node}, both->a.axes, {}, {std::move(constant)});
}

void read_divide(Operator& op) {
  std::optional<Operands> both = operands(op, '/');
  if (!both) return;
  if (both->b) return op.emit(Op::divide, {both->a.node, both->b->node}, both->a.axes);
  if (both->constant_first) op.refuse("a constant divided by a map is not supported");
  Buffer constant = std::move(*both->constant);
  change(op, constant, [](double value) { return 1.0 / value; });
  op.emit(Op::multiply, {both->a.node}, both->a.axes, {}, {std::move(constant)});
}

void read_power(Operator& op) {
  const Flow from = op.whole_channels(0);
  op.emit(Op::power, {from.node}, from.axes, Power{op.scalar(1)});
}

void read_square_root(Operator& op) {
  const Flow from = op.whole_channels(0);
  op.emit(Op::power, {from.node}, from.axes, Power{0.5F});
}

void read_reciprocal(Operator& op) {
  const Flow from = op.whole_channels(0);
  op.emit(Op::power, {from.node}, from.axes, Power{-1.0F});
}

void read_negative(Operator& op) {
  const Flow from = op.whole_channels(0);
  op.emit(Op::multiply, {from.node}, from.axes, {}, {{{1}, {-1.0F}}});
}

void read_batch_normalization(Operator& op) {
  const Flow from = op.flow(0);
  if (from.axes.size() < 2 || from.axes[1] != Axis::channels) op.refuse("its second dimension is not the channels");
  if (op.integer("training_mode", 0, 0, 1) != 0)
    op.refuse("the model was exported in training mode", "Export it in evaluation mode.");
  op.emit(Op::batch_norm, {from.node}, from.axes, {}, batch_norm_operands(op, op.number("epsilon", 1e-5F)));
}

void read_layer_normalization(Operator& op) {
  const Flow from = op.whole_channels(0);
  const std::size_t first = op.place(from, op.integer("axis", -1, -8, 8));
  if (first + 1 != from.axes.size() || from.axes[first] != Axis::channels)
    op.refuse("only a norm over the channels of each place is supported");
  const auto channels = op.weights(1).values.size();
  LayerNorm norm{op.number("epsilon", 1e-5F)};
  if (!(norm.epsilon > 0)) op.refuse("its epsilon is not positive");
  Buffer scale = norm_weights(op, 1, static_cast<std::int64_t>(channels));
  Buffer shift = norm_weights(op, 2, static_cast<std::int64_t>(channels));
  if (op.extent(from, Axis::channels) != Extent::number(static_cast<std::int64_t>(channels)))
    op.refuse("its weights are for " + std::to_string(channels) + " channels, which its input does not have");
  op.emit(Op::layer_norm, {from.node}, from.axes, norm, {std::move(scale), std::move(shift)});
}

}  // namespace net::onnx

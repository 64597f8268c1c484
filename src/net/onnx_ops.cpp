// Activations, pools of whole maps, and the table of all operators.
#include "net/onnx_ops.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace net::onnx {
namespace {

using Read = void (*)(Operator&);

template <Op kOp>
void read_pointwise(Operator& op) {
  const Flow from = op.whole_channels(0);
  op.emit(kOp, {from.node}, from.axes);
}

void read_leaky_relu(Operator& op) {
  const Flow from = op.whole_channels(0);
  op.emit(Op::leaky_relu, {from.node}, from.axes, LeakyRelu{op.number("alpha", 0.01F)});
}

void read_hard_sigmoid(Operator& op) {
  const Flow from = op.whole_channels(0);
  op.emit(Op::hard_sigmoid, {from.node}, from.axes, HardSigmoid{op.number("alpha", 0.2F), op.number("beta", 0.5F)});
}

void read_hard_swish(Operator& op) {
  const Flow from = op.whole_channels(0);
  op.emit(Op::hard_swish, {from.node}, from.axes, HardSigmoid{1.0F / 6.0F, 0.5F});
}

void read_gelu(Operator& op) {
  const Flow from = op.whole_channels(0);
  const std::string form = op.text("approximate", "none");
  if (form != "none" && form != "tanh") op.refuse("the approximation " + form + " is unknown");
  op.emit(Op::gelu, {from.node}, from.axes, Gelu{form == "tanh"});
}

void read_clip(Operator& op) {
  const Flow from = op.whole_channels(0);
  const float most = std::numeric_limits<float>::max();
  const Clip clip{op.scalar("min", 1, -most), op.scalar("max", 2, most)};
  if (clip.low > clip.high) op.refuse("its lower bound is above its upper bound");
  op.emit(Op::clip, {from.node}, from.axes, clip);
}

void read_lrn(Operator& op) {
  const Flow from = op.map(0);
  Lrn lrn;
  lrn.size = op.integer("size", 0, 1, 1 << 16);
  if (lrn.size % 2 == 0) op.refuse("its size of " + std::to_string(lrn.size) + " channels is even");
  lrn.alpha = op.number("alpha", 1e-4F);
  lrn.beta = op.number("beta", 0.75F);
  lrn.bias = op.number("bias", 1.0F);
  op.emit(Op::lrn, {from.node}, kMap, lrn);
}

template <Op kOp>
void read_global_pool(Operator& op) {
  op.emit(kOp, {op.map(0).node}, kMap);
}

bool is_over(const Axes& reduced, std::initializer_list<Axis> axes) {
  return std::ranges::is_permutation(reduced, axes);
}

// Over rows and columns it is a global pool; over the channels a mean of each place.
template <Op kGlobal>
void read_reduction(Operator& op) {
  const Flow from = op.whole_channels(0);
  Axes reduced, left = from.axes;
  for (const std::int64_t number : op.numbers("axes", 1)) reduced.push_back(op.axis(from, number));
  const bool whole = is_over(reduced, {Axis::rows, Axis::cols});
  const bool over_channels = kGlobal == Op::global_average_pool && is_over(reduced, {Axis::channels});
  if (!whole && !over_channels)
    op.refuse(kGlobal == Op::global_average_pool ? "only the mean over rows and columns, or over channels, is supported"
                                                 : "only the maximum over rows and columns is supported");
  if (op.integer("keepdims", 1, 0, 1) == 0)
    std::erase_if(left, [&](Axis axis) { return std::ranges::count(reduced, axis) > 0; });
  op.emit(whole ? kGlobal : Op::mean_over_channels, {from.node}, left);
}

void read_softmax(Operator& op) {
  const Flow from = op.whole_channels(0);
  const int axis = op.integer("axis", op.import().opset >= 13 ? -1 : 1, -8, 8);
  const bool known = axis >= -static_cast<int>(from.axes.size()) && axis < static_cast<int>(from.axes.size());
  if (!known || op.axis(from, axis) != Axis::channels)
    op.refuse("axis " + std::to_string(axis) + " is not that of the channels");
  op.emit(Op::softmax, {from.node}, from.axes);
}

void read_identity(Operator& op) {
  op.means(op.input(0));
}

void read_dropout(Operator& op) {
  if (op.has_input(2) && op.scalar(2) != 0.0F)
    op.refuse("the model was exported in training mode", "Export it in evaluation mode.");
  op.means(op.input(0));
}

// Integers about shapes are divided without a rest already.
void read_floor(Operator& op) {
  if (!std::holds_alternative<Extents>(op.input(0))) op.refuse("only numbers about shapes can be rounded down");
  op.means(op.input(0));
}

const std::map<std::string, Read>& operators() {
  static const std::map<std::string, Read> kOperators{
      {"Add", read_add},
      {"AveragePool", read_average_pool},
      {"BatchNormalization", read_batch_normalization},
      {"Cast", read_cast},
      {"Clip", read_clip},
      {"Concat", read_concat},
      {"Constant", read_constant},
      {"ConstantOfShape", read_constant_of_shape},
      {"Conv", read_convolution},
      {"Div", read_divide},
      {"Dropout", read_dropout},
      {"Erf", read_pointwise<Op::erf>},
      {"Flatten", read_flatten},
      {"Floor", read_floor},
      {"Gather", read_gather},
      {"Gelu", read_gelu},
      {"Gemm", read_gemm},
      {"GlobalAveragePool", read_global_pool<Op::global_average_pool>},
      {"GlobalMaxPool", read_global_pool<Op::global_max_pool>},
      {"HardSigmoid", read_hard_sigmoid},
      {"HardSwish", read_hard_swish},
      {"Identity", read_identity},
      {"LRN", read_lrn},
      {"LayerNormalization", read_layer_normalization},
      {"LeakyRelu", read_leaky_relu},
      {"MatMul", read_mat_mul},
      {"MaxPool", read_max_pool},
      {"Mul", read_multiply},
      {"Neg", read_negative},
      {"Pad", read_pad},
      {"Pow", read_power},
      {"Range", read_range},
      {"Reciprocal", read_reciprocal},
      {"ReduceMax", read_reduction<Op::global_max_pool>},
      {"ReduceMean", read_reduction<Op::global_average_pool>},
      {"Relu", read_pointwise<Op::relu>},
      {"Reshape", read_reshape},
      {"Shape", read_shape},
      {"Sigmoid", read_pointwise<Op::sigmoid>},
      {"Slice", read_slice},
      {"Softmax", read_softmax},
      {"Split", read_split},
      {"Sqrt", read_square_root},
      {"Squeeze", read_squeeze},
      {"Sub", read_subtract},
      {"Sum", read_add},
      {"Tanh", read_pointwise<Op::tanh>},
      {"Transpose", read_transpose},
      {"Unsqueeze", read_unsqueeze},
  };
  return kOperators;
}

}  // namespace

std::string supported_operators() {
  std::string list;
  for (const auto& [name, read] : operators()) list += (list.empty() ? "" : ", ") + name;
  return list;
}

void convert(const Node& node, Import& import) {
  Operator op(node, import);
  const auto found = operators().find(node.op_type);
  if (found == operators().end() || !(node.domain.empty() || node.domain == "ai.onnx"))
    op.refuse("this operator is not supported", "Supported are " + supported_operators() + '.');
  found->second(op);
}

}  // namespace net::onnx

#include "net/graphdef_ops.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "net/importing.h"
#include "net/refusal.h"

namespace net::graphdef {
namespace {

using Read = void (*)(Operator&);

template <Op kOp>
void read_pointwise(Operator& op) {
  const Flow from = op.flow(0);
  op.emit(kOp, {from.node}, from.rank);
}

void read_relu6(Operator& op) {
  const Flow from = op.flow(0);
  op.emit(Op::clip, {from.node}, from.rank, Clip{0.0F, 6.0F});
}

void read_leaky_relu(Operator& op) {
  const Flow from = op.flow(0);
  op.emit(Op::leaky_relu, {from.node}, from.rank, LeakyRelu{op.number("alpha", 0.2F)});
}

// TensorFlow: x / (bias + alpha · sum over 2 · depth_radius + 1 channels of x²)^beta. Ours divides alpha by the window.
void read_lrn(Operator& op) {
  const Flow from = op.map(0);
  const Attribute* radius = op.attribute("depth_radius");
  const std::int64_t channels = radius != nullptr ? radius->integer.value_or(0) : 5;
  if (channels < 0 || channels > 1 << 15)
    op.refuse("a depth_radius of " + std::to_string(channels) + " is not possible");
  Lrn lrn;
  lrn.size = 2 * static_cast<int>(channels) + 1;
  lrn.alpha = op.number("alpha", 1.0F) * static_cast<float>(lrn.size);
  lrn.beta = op.number("beta", 0.5F);
  lrn.bias = op.number("bias", 1.0F);
  if (!std::isfinite(lrn.alpha)) op.refuse("its alpha is not finite");
  op.emit(Op::lrn, {from.node}, 4, lrn);
}

// One number, or one for each channel: in TensorFlow's order the channels are the last dimension.
Buffer per_channel(const Operator& op, std::size_t i) {
  Buffer buffer = op.weights(i);
  const bool one_axis =
      !buffer.values.empty() &&
      (buffer.values.size() == 1 ||
       (!buffer.shape.empty() && buffer.shape.back() == static_cast<std::int64_t>(buffer.values.size())));
  if (!one_axis) op.refuse("its constant is neither one number nor one for each channel");
  buffer.shape = {static_cast<std::int64_t>(buffer.values.size())};
  return buffer;
}

template <Op kOp>
void read_arithmetic(Operator& op) {
  if (op.inputs() != 2) op.refuse("it has " + std::to_string(op.inputs()) + " inputs, not 2");
  if (!op.is_flow(0) && !op.is_flow(1)) op.refuse("neither of its inputs follows from the picture");
  const Flow a = op.flow(op.is_flow(0) ? 0 : 1);
  if (op.is_flow(0) && op.is_flow(1)) {
    if (op.flow(1).rank != a.rank) op.refuse("its inputs have different numbers of dimensions");
    return op.emit(kOp, {a.node, op.flow(1).node}, a.rank);
  }
  op.emit(kOp, {a.node}, a.rank, {}, {per_channel(op, op.is_flow(0) ? 1 : 0)});
}

void read_subtract(Operator& op) {
  if (op.inputs() != 2 || !op.is_flow(0)) op.refuse("only a difference from the picture's side is supported");
  if (op.is_flow(1)) return read_arithmetic<Op::subtract>(op);
  Buffer constant = per_channel(op, 1);
  for (float& value : constant.values) value = -value;
  op.emit(Op::add, {op.flow(0).node}, op.flow(0).rank, {}, {std::move(constant)});
}

void read_batch_norm(Operator& op) {
  const Flow from = op.map(0);
  if (op.flag("is_training", true)) op.refuse("the graph was frozen in training mode", "Freeze it for inference.");
  op.emit(Op::batch_norm, {from.node}, 4, {}, batch_norm_operands(op, op.number("epsilon", 1e-4F)));
}

void emit_concat(Operator& op, std::size_t first, std::size_t axis_at) {
  const std::vector<std::int64_t> axis = op.numbers(axis_at);
  std::vector<int> inputs;
  const int rank = op.flow(first).rank;
  if (axis != std::vector<std::int64_t>{rank - 1} && axis != std::vector<std::int64_t>{-1})
    op.refuse("it does not join channels");
  for (std::size_t i = first; i < op.inputs(); ++i) {
    if (i == axis_at) continue;
    if (op.flow(i).rank != rank) op.refuse("its inputs have different numbers of dimensions");
    inputs.push_back(op.flow(i).node);
  }
  op.emit(Op::concat, std::move(inputs), rank);
}

void read_concat(Operator& op) {  // the axis is the first input
  if (op.inputs() < 2) op.refuse("it joins nothing");
  emit_concat(op, 1, 0);
}

void read_concat_v2(Operator& op) {  // the axis is the last input
  if (op.inputs() < 2) op.refuse("it joins nothing");
  emit_concat(op, 0, op.inputs() - 1);
}

void read_mean(Operator& op) {
  const Flow from = op.map(0);
  std::vector<std::int64_t> axes = op.numbers(1);
  for (std::int64_t& axis : axes) axis = axis < 0 ? axis + 4 : axis;
  std::ranges::sort(axes);
  if (axes != std::vector<std::int64_t>{1, 2}) op.refuse("only the mean over rows and columns is supported");
  op.emit(Op::global_average_pool, {from.node}, op.flag("keep_dims", false) ? 4 : 2);
}

// To [pictures, values], in TensorFlow's order: the channels of a place side by side.
void read_reshape(Operator& op) {
  const Flow from = op.flow(0);
  const std::vector<std::int64_t> target = op.numbers(1);
  const bool adds_ones = from.rank == 2 && target.size() == 4 && target[1] == 1 && target[2] == 1;
  if (target.size() != 2 && !adds_ones) op.refuse("only reshaping to one vector a picture is supported");
  const std::int64_t pictures = target.front(), values = target.back();
  const bool states_values = values > 0 && values <= std::numeric_limits<int>::max();
  if (!(pictures == -1 && states_values) && !(pictures == 1 && (states_values || values == -1)))
    op.refuse("its target [" + std::to_string(pictures) + ", …, " + std::to_string(values) +
              "] does not keep pictures apart");
  op.emit(Op::flatten, {from.node}, adds_ones ? 4 : 2, Flatten{states_values ? static_cast<int>(values) : 0, true});
}

// Only of what is one place: a vector that a global pool or a flatten left as a map.
void read_squeeze(Operator& op) {
  const Flow from = op.flow(0);
  std::vector<std::int64_t> axes = op.integers("squeeze_dims");
  for (std::int64_t& axis : axes) axis = axis < 0 ? axis + 4 : axis;
  std::ranges::sort(axes);
  if (from.rank == 2 || axes != std::vector<std::int64_t>{1, 2})
    op.refuse("only the rows and columns of a map of one place can be removed");
  const Graph& graph = op.graph();
  int channels = 0;
  for (int at = from.node; channels == 0;) {  // as many as the layer that made them
    const net::Node& node = graph.nodes[static_cast<std::size_t>(at)];
    if (node.op == Op::convolution || node.op == Op::linear) channels = static_cast<int>(node.buffers[0].shape[0]);
    if (channels != 0) break;
    if (node.inputs.size() != 1) op.refuse("the number of its input's channels is not known");
    at = node.inputs.front();
  }
  op.emit(Op::flatten, {from.node}, 2, Flatten{channels, true});
}

void read_mat_mul(Operator& op) {
  const Flow from = op.vector(0);
  if (op.flag("transpose_a", false)) op.refuse("transpose_a is not supported");
  op.emit(Op::linear, {from.node}, 2, {}, {matrix_operand(op, 1, op.flag("transpose_b", false))});
}

void read_identity(Operator& op) {
  op.means(op.input(0));
}

void read_constant(Operator& op) {
  op.means_constant();
}

const std::map<std::string, Read>& operators() {
  static const std::map<std::string, Read> kOperators{
      {"Add", read_arithmetic<Op::add>},
      {"AddV2", read_arithmetic<Op::add>},
      {"AvgPool", read_average_pool},
      {"BiasAdd", read_arithmetic<Op::add>},
      {"CheckNumerics", read_identity},
      {"Concat", read_concat},
      {"ConcatV2", read_concat_v2},
      {"Const", read_constant},
      {"Conv2D", read_convolution},
      {"DepthwiseConv2dNative", read_depthwise_convolution},
      {"FusedBatchNorm", read_batch_norm},
      {"FusedBatchNormV3", read_batch_norm},
      {"Identity", read_identity},
      {"LRN", read_lrn},
      {"LeakyRelu", read_leaky_relu},
      {"MatMul", read_mat_mul},
      {"MaxPool", read_max_pool},
      {"Mean", read_mean},
      {"Mul", read_arithmetic<Op::multiply>},
      {"Pad", read_pad},
      {"Relu", read_pointwise<Op::relu>},
      {"Relu6", read_relu6},
      {"Reshape", read_reshape},
      {"Sigmoid", read_pointwise<Op::sigmoid>},
      {"Softmax", read_pointwise<Op::softmax>},
      {"Squeeze", read_squeeze},
      {"StopGradient", read_identity},
      {"Sub", read_subtract},
      {"Tanh", read_pointwise<Op::tanh>},
  };
  return kOperators;
}

}  // namespace

void Operator::refuse(const std::string& why, const std::string& what_to_do) const {
  throw Refusal{"the node " + node_.name + " (" + node_.op + "): " + why, what_to_do};
}

const Attribute* Operator::attribute(const char* name) const {
  for (const Attribute& attribute : node_.attributes)
    if (attribute.name == name) return &attribute;
  return nullptr;
}

std::string Operator::text(const char* name, const char* otherwise) const {
  const Attribute* found = attribute(name);
  return found != nullptr ? checked_name(found->text.value_or("")) : otherwise;
}

float Operator::number(const char* name, float otherwise) const {
  const Attribute* found = attribute(name);
  const float value = found != nullptr ? found->number.value_or(0.0F) : otherwise;
  if (!std::isfinite(value)) refuse(std::string(name) + " is not finite");
  return value;
}

bool Operator::flag(const char* name, bool otherwise) const {
  const Attribute* found = attribute(name);
  return found != nullptr ? found->flag.value_or(false) : otherwise;
}

std::vector<std::int64_t> Operator::integers(const char* name) const {
  const Attribute* found = attribute(name);
  return found != nullptr ? found->integers : std::vector<std::int64_t>{};
}

std::size_t Operator::inputs() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(node_.inputs, [](const std::string& input) { return !input.starts_with('^'); }));
}

const Meaning& Operator::input(std::size_t i) const {
  if (i >= inputs()) refuse("its input " + std::to_string(i + 1) + " is missing");
  const std::string& written = node_.inputs[i];
  if (const std::size_t colon = written.rfind(':'); colon != std::string::npos && written.substr(colon) != ":0")
    refuse("it reads " + written + ", and only the first output of a node is supported");
  const auto found = import_.meanings.find(node_named_by(written));
  if (found == import_.meanings.end()) refuse("its input " + written + " is no node of the graph");
  return found->second;
}

Flow Operator::flow(std::size_t i) const {
  const Flow* found = std::get_if<Flow>(&input(i));
  if (found == nullptr) refuse("its input " + node_.inputs[i] + " is a constant and does not follow from the picture");
  return *found;
}

Flow Operator::map(std::size_t i) const {
  if (flow(i).rank != 4) refuse("its input " + node_.inputs[i] + " is a vector, not a map");
  return flow(i);
}

Flow Operator::vector(std::size_t i) const {
  if (flow(i).rank != 2) refuse("its input " + node_.inputs[i] + " is a map, not a vector (a Reshape is missing)");
  return flow(i);
}

Buffer Operator::weights(std::size_t i) const {
  const Constant* constant = std::get_if<Constant>(&input(i));
  if (constant == nullptr) refuse("its input " + node_.inputs[i] + " is not stored in the file as weights");
  import_.weights_read += constant->tensor->count;  // many nodes may read one tensor
  if (import_.weights_read > kMaxFileWeights) refuse("the model has too many weights");
  return {constant->tensor->dims, floats_of(*constant->tensor, constant->name)};
}

std::vector<std::int64_t> Operator::numbers(std::size_t i) const {
  const Constant* constant = std::get_if<Constant>(&input(i));
  if (constant == nullptr) refuse("its input " + node_.inputs[i] + " must be known when the file is read");
  return integers_of(*constant->tensor, constant->name);
}

void Operator::emit(Op op, std::vector<int> inputs, int rank, Attributes attributes, std::vector<Buffer> buffers) {
  const int index = static_cast<int>(import_.graph.nodes.size());
  import_.graph.nodes.push_back({node_.name, op, attributes, std::move(inputs), std::move(buffers), false});
  import_.graph.index_of.emplace(node_.name, index);
  means(Flow{index, rank});
}

void Operator::means(Meaning meaning) {
  if (const Flow* flow = std::get_if<Flow>(&meaning)) {
    if (!import_.graph.index_of.contains(node_.name)) import_.graph.aliases.emplace(node_.name, flow->node);
    import_.graph.aliases.emplace(node_.name + ":0", flow->node);
  }
  import_.meanings.emplace(node_.name, std::move(meaning));
}

void Operator::means_constant() {
  const Attribute* value = attribute("value");
  if (value == nullptr || !value->tensor) refuse("it has no value");
  means(Constant{&*value->tensor, node_.name});
}

std::string node_named_by(const std::string& input) {
  const std::size_t begin = input.starts_with('^') ? 1 : 0;
  const std::size_t colon = input.rfind(':');
  return input.substr(begin, colon == std::string::npos ? colon : colon - begin);
}

std::string supported_operators() {
  std::string list = "Placeholder";
  for (const auto& [name, read] : operators()) list += ", " + name;
  return list;
}

void convert(const Node& node, Import& import) {
  Operator op(node, import);
  const auto found = operators().find(node.op);
  if (found == operators().end())
    op.refuse("this operator is not supported", "Supported are " + supported_operators() + '.');
  found->second(op);
}

}  // namespace net::graphdef

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
  const Flow from = op.flow(0);
  op.emit(kOp, {from.node}, from.rank);
}

void read_leaky_relu(Operator& op) {
  const Flow from = op.flow(0);
  op.emit(Op::leaky_relu, {from.node}, from.rank, LeakyRelu{op.number("alpha", 0.01F)});
}

void read_clip(Operator& op) {
  const Flow from = op.flow(0);
  const float most = std::numeric_limits<float>::max();
  const Clip clip{op.scalar("min", 1, -most), op.scalar("max", 2, most)};
  if (clip.low > clip.high) op.refuse("its lower bound is above its upper bound");
  op.emit(Op::clip, {from.node}, from.rank, clip);
}

void read_lrn(Operator& op) {
  const Flow from = op.map(0);
  Lrn lrn;
  lrn.size = op.integer("size", 0, 1, 1 << 16);
  if (lrn.size % 2 == 0) op.refuse("its size of " + std::to_string(lrn.size) + " channels is even");
  lrn.alpha = op.number("alpha", 1e-4F);
  lrn.beta = op.number("beta", 0.75F);
  lrn.bias = op.number("bias", 1.0F);
  op.emit(Op::lrn, {from.node}, 4, lrn);
}

// y = scale · x + shift, with scale = gamma / sqrt(variance + epsilon); folding into a convolution is a later pass.
void read_batch_normalization(Operator& op) {
  const Flow from = op.flow(0);
  if (op.integer("training_mode", 0, 0, 1) != 0)
    op.refuse("the model was exported in training mode", "Export it in evaluation mode.");
  const Buffer gamma = op.weights(1), beta = op.weights(2), mean = op.weights(3), variance = op.weights(4);
  const std::size_t channels = gamma.values.size();
  for (const Buffer* buffer : {&gamma, &beta, &mean, &variance})
    if (buffer->shape.size() != 1 || buffer->values.size() != channels || channels == 0)
      op.refuse("its four weights are not vectors of one length");
  const double epsilon = op.number("epsilon", 1e-5F);
  Buffer scale = gamma, shift = beta;
  for (std::size_t c = 0; c < channels; ++c) {
    const double spread = variance.values[c] + epsilon;
    if (!(spread > 0)) op.refuse("the variance of channel " + std::to_string(c) + " is not positive");
    const double factor = gamma.values[c] / std::sqrt(spread);
    scale.values[c] = static_cast<float>(factor);
    shift.values[c] = static_cast<float>(beta.values[c] - mean.values[c] * factor);
    if (!std::isfinite(scale.values[c]) || !std::isfinite(shift.values[c]))
      op.refuse("the scale of channel " + std::to_string(c) + " is not finite");
  }
  op.emit(Op::batch_norm, {from.node}, from.rank, {}, {std::move(scale), std::move(shift)});
}

void read_global_average_pool(Operator& op) {
  op.emit(Op::global_average_pool, {op.map(0).node}, 4);
}

void read_reduce_mean(Operator& op) {
  const Flow from = op.map(0);
  std::vector<std::int64_t> axes = op.numbers("axes", 1);
  for (std::int64_t& axis : axes) axis = axis < 0 ? axis + 4 : axis;
  std::sort(axes.begin(), axes.end());
  if (axes != std::vector<std::int64_t>{2, 3}) op.refuse("only the mean over rows and columns is supported");
  const bool keeps_rank = op.integer("keepdims", 1, 0, 1) == 1;
  op.emit(Op::global_average_pool, {from.node}, keeps_rank ? 4 : 2);
}

void require_channel_axis(const Operator& op, int otherwise, int rank) {
  const int axis = op.integer("axis", otherwise, -8, 8);
  if (axis != 1 && axis != 1 - rank) op.refuse("axis " + std::to_string(axis) + " is not that of the channels");
}

void read_concat(Operator& op) {
  if (op.inputs() == 0) op.refuse("it has no input");
  if (std::holds_alternative<Flow>(op.input(0))) {
    const int rank = op.flow(0).rank;
    require_channel_axis(op, 1, rank);
    std::vector<int> inputs;
    for (std::size_t i = 0; i < op.inputs(); ++i) {
      if (op.flow(i).rank != rank) op.refuse("its inputs have different numbers of dimensions");
      inputs.push_back(op.flow(i).node);
    }
    return op.emit(Op::concat, std::move(inputs), rank);
  }
  ShapeNumbers joined;
  for (std::size_t i = 0; i < op.inputs(); ++i)
    for (const std::int64_t value : op.numbers(i)) joined.values.push_back(value);
  if (joined.values.size() > 64) op.refuse("it joins more numbers than a shape has");
  op.means(joined);
}

// A constant operand with one value a channel, or one for all: [C], [1, C, 1, 1], [C, 1, 1], [] … as broadcasting to
// the flow's rank allows.
Buffer per_channel(const Operator& op, std::size_t i, int rank) {
  Buffer buffer = op.weights(i);
  std::vector<std::int64_t> shape = buffer.shape;
  while (static_cast<int>(shape.size()) < rank) shape.insert(shape.begin(), 1);
  const bool one_axis = static_cast<int>(shape.size()) == rank &&
                        static_cast<std::int64_t>(buffer.values.size()) == shape[1] && !buffer.values.empty();
  if (!one_axis) op.refuse("its constant is neither one number nor one for each channel");
  buffer.shape = {shape[1]};
  return buffer;
}

template <Op kOp>
void read_arithmetic(Operator& op) {
  if (op.inputs() != 2) op.refuse("it has " + std::to_string(op.inputs()) + " inputs, not 2");
  if (!op.is_flow(0) && !op.is_flow(1)) op.refuse("neither of its inputs follows from the picture");
  const Flow a = op.flow(op.is_flow(0) ? 0 : 1);
  if (!op.is_flow(0) || !op.is_flow(1))
    return op.emit(kOp, {a.node}, a.rank, {}, {per_channel(op, op.is_flow(0) ? 1 : 0, a.rank)});
  const Flow b = op.flow(1);
  if (a.rank != b.rank) op.refuse("its inputs have different numbers of dimensions");
  op.emit(kOp, {a.node, b.node}, a.rank);
}

Buffer matrix(const Operator& op, std::size_t i, bool transposed) {
  Buffer stored = op.weights(i);
  if (stored.shape.size() != 2 || stored.values.empty()) op.refuse("its weights are not a matrix");
  if (transposed) return stored;
  const auto in = static_cast<std::size_t>(stored.shape[0]), out = static_cast<std::size_t>(stored.shape[1]);
  Buffer weight{{stored.shape[1], stored.shape[0]}, std::vector<float>(stored.values.size())};
  for (std::size_t row = 0; row < in; ++row)
    for (std::size_t col = 0; col < out; ++col) weight.values[col * in + row] = stored.values[row * out + col];
  return weight;
}

void scale(const Operator& op, Buffer& buffer, float factor) {
  for (float& value : buffer.values) {
    value *= factor;
    if (!std::isfinite(value)) op.refuse("its scaled weights are not finite");
  }
}

void read_gemm(Operator& op) {
  const Flow from = op.vector(0);
  if (op.integer("transA", 0, 0, 1) != 0) op.refuse("transA is not supported");
  std::vector<Buffer> buffers{matrix(op, 1, op.integer("transB", 0, 0, 1) == 1)};
  scale(op, buffers[0], op.number("alpha", 1.0F));
  if (op.has_input(2)) {
    Buffer bias = per_channel(op, 2, 2);
    const std::int64_t out = buffers[0].shape[0];
    if (bias.values.size() == 1) bias = {{out}, std::vector<float>(static_cast<std::size_t>(out), bias.values[0])};
    if (bias.shape[0] != out) op.refuse("its bias does not have " + std::to_string(out) + " values");
    scale(op, bias, op.number("beta", 1.0F));
    buffers.push_back(std::move(bias));
  }
  op.emit(Op::linear, {from.node}, 2, {}, std::move(buffers));
}

void read_mat_mul(Operator& op) {
  const Flow from = op.vector(0);
  op.emit(Op::linear, {from.node}, 2, {}, {matrix(op, 1, false)});
}

void read_flatten(Operator& op) {
  const Flow from = op.flow(0);
  require_channel_axis(op, 1, from.rank);
  if (from.rank == 2) return op.means(from);
  op.emit(Op::flatten, {from.node}, 2, Flatten{});
}

// Weights seen with other dimensions; at most one of the target is −1, and 0 keeps one.
Stored reshaped(const Operator& op, Stored stored, std::vector<std::int64_t> target) {
  std::int64_t product = 1;
  std::int64_t* open = nullptr;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] == 0 && i < stored.dims.size()) target[i] = stored.dims[i];
    if (target[i] == -1 && open == nullptr) {
      open = &target[i];
      continue;
    }
    if (target[i] < 1 || target[i] > stored.tensor->count) op.refuse("its target does not fit its weights");
    product *= target[i];
    if (product > stored.tensor->count) op.refuse("its target does not fit its weights");
  }
  if (open != nullptr) product *= (*open = stored.tensor->count / product);
  if (product != stored.tensor->count) op.refuse("its target does not fit its weights");
  stored.dims = std::move(target);
  return stored;
}

// Only to [pictures, values]: every other shape would mix pictures or is none that a layer here has.
void read_reshape(Operator& op) {
  const std::vector<std::int64_t> target = op.numbers("shape", 1);
  if (op.is_stored(0)) return op.means(reshaped(op, std::get<Stored>(op.input(0)), target));
  const Flow from = op.flow(0);
  if (target.size() != 2) op.refuse("only reshaping to one vector a picture is supported");
  const std::int64_t pictures = target[0], values = target[1];
  const bool keeps_pictures = pictures == ShapeNumbers::kPictures ||
                              (pictures == 0 && !op.integer("allowzero", 0, 0, 1)) || (pictures == -1 && values > 0) ||
                              (pictures > 0 && pictures == op.import().declared_pictures);
  const bool states_values = values > 0 && values <= std::numeric_limits<int>::max();
  if (!keeps_pictures || (values != -1 && values != ShapeNumbers::kUnknown && !states_values))
    op.refuse("its target [" + std::to_string(pictures) + ", " + std::to_string(values) +
              "] does not keep pictures apart");
  op.emit(Op::flatten, {from.node}, 2, Flatten{states_values ? static_cast<int>(values) : 0});
}

void read_softmax(Operator& op) {
  const Flow from = op.flow(0);
  require_channel_axis(op, op.import().opset >= 13 ? -1 : 1, from.rank);
  op.emit(Op::softmax, {from.node}, from.rank);
}

void read_identity(Operator& op) {
  op.means(op.input(0));
}

void read_constant(Operator& op) {
  if (const Attribute* value = op.attribute("value"); value != nullptr && value->tensor)
    return op.means(Stored{&*value->tensor, value->tensor->dims});
  if (op.attribute("value_float") != nullptr) return op.means(op.number("value_float", 0.0F));
  if (const Attribute* value = op.attribute("value_int"); value != nullptr && value->integer)
    return op.means(ShapeNumbers{{*value->integer}});
  if (op.attribute("value_ints") != nullptr) return op.means(ShapeNumbers{op.integers("value_ints")});
  op.refuse("its value has a form that is not supported");
}

void read_shape(Operator& op) {
  if (op.attribute("start") != nullptr || op.attribute("end") != nullptr) op.refuse("start and end are not supported");
  ShapeNumbers shape;
  shape.values.assign(static_cast<std::size_t>(op.flow(0).rank), ShapeNumbers::kUnknown);
  shape.values[0] = ShapeNumbers::kPictures;
  op.means(shape);
}

void read_gather(Operator& op) {
  const std::vector<std::int64_t> from = op.numbers(0), indices = op.numbers(1);
  ShapeNumbers taken;
  for (const std::int64_t index : indices) {
    const std::int64_t at = index < 0 ? index + static_cast<std::int64_t>(from.size()) : index;
    if (at < 0 || at >= static_cast<std::int64_t>(from.size())) op.refuse("it gathers beyond the end");
    taken.values.push_back(from[static_cast<std::size_t>(at)]);
  }
  op.means(taken);
}

// Of numbers about shapes it makes a list of one, which they are already; of weights, dimensions of 1.
void read_unsqueeze(Operator& op) {
  if (!op.is_stored(0)) return op.means(ShapeNumbers{op.numbers(0)});
  Stored stored = std::get<Stored>(op.input(0));
  std::vector<std::int64_t> axes = op.numbers("axes", 1);
  const auto rank = static_cast<std::int64_t>(stored.dims.size() + axes.size());
  if (rank > 8) op.refuse("it makes too many dimensions");
  for (std::int64_t& axis : axes) axis = axis < 0 ? axis + rank : axis;
  std::sort(axes.begin(), axes.end());
  for (const std::int64_t axis : axes) {
    if (axis < 0 || axis > static_cast<std::int64_t>(stored.dims.size())) op.refuse("its axes are not possible");
    stored.dims.insert(stored.dims.begin() + axis, 1);
  }
  op.means(stored);
}

const std::map<std::string, Read>& operators() {
  static const std::map<std::string, Read> kOperators{
      {"Add", read_arithmetic<Op::add>},
      {"AveragePool", read_average_pool},
      {"BatchNormalization", read_batch_normalization},
      {"Clip", read_clip},
      {"Concat", read_concat},
      {"Constant", read_constant},
      {"Conv", read_convolution},
      {"Dropout", read_identity},
      {"Flatten", read_flatten},
      {"Gather", read_gather},
      {"Gemm", read_gemm},
      {"GlobalAveragePool", read_global_average_pool},
      {"Identity", read_identity},
      {"LRN", read_lrn},
      {"LeakyRelu", read_leaky_relu},
      {"MatMul", read_mat_mul},
      {"MaxPool", read_max_pool},
      {"Mul", read_arithmetic<Op::multiply>},
      {"Pad", read_pad},
      {"ReduceMean", read_reduce_mean},
      {"Relu", read_pointwise<Op::relu>},
      {"Reshape", read_reshape},
      {"Shape", read_shape},
      {"Sigmoid", read_pointwise<Op::sigmoid>},
      {"Softmax", read_softmax},
      {"Sum", read_arithmetic<Op::add>},
      {"Tanh", read_pointwise<Op::tanh>},
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

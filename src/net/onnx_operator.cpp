// One operator of a file: its attributes and operands, checked.
#include <algorithm>
#include <cmath>
#include <string_view>

#include "net/onnx_ops.h"
#include "net/shapes.h"

namespace net::onnx {
std::int64_t Stored::count() const {
  return values ? static_cast<std::int64_t>(values->size()) : tensor->count;
}

std::string to_string(const Extents& extents) {
  std::string text;
  for (const Extent& extent : extents) {
    text += text.empty() ? "[" : ", ";
    switch (extent.of) {
      case Extent::Of::number:
        text += std::to_string(extent.value);
        break;
      case Extent::Of::pictures:
        text += "pictures";
        break;
      case Extent::Of::rows:
        text += "rows";
        break;
      case Extent::Of::cols:
        text += "columns";
        break;
      case Extent::Of::places:
      case Extent::Of::unknown:
        text += "?";
    }
  }
  return (text.empty() ? "[" : text) + ']';
}

std::string Operator::title() const {
  const bool has_output = !node_.outputs.empty() && !node_.outputs[0].empty();
  return "the node " + (has_output ? node_.outputs[0] : node_.name) + " (" + node_.op_type + ')';
}

void Operator::refuse(const std::string& why, const std::string& what_to_do) const {
  throw Refusal{title() + ": " + why, what_to_do};
}

const Shape& Operator::known(const Flow& flow) const {
  return import_.known[static_cast<std::size_t>(flow.node)];
}

Extent Operator::extent(const Flow& flow, Axis axis) const {
  const Shape& shape = known(flow);
  switch (axis) {
    case Axis::pictures:
      return {Extent::Of::pictures};
    case Axis::channels:
      return shape.channels > 0 ? Extent::number(shape.channels) : Extent::unknown();
    case Axis::group:
      return Extent::number(flow.groups);
    case Axis::member:
      return shape.channels > 0 ? Extent::number(shape.channels / flow.groups) : Extent::unknown();
    case Axis::rows:
      return shape.rows > 0 ? Extent::number(shape.rows) : Extent{Extent::Of::rows, 0, flow.node};
    case Axis::cols:
      return shape.cols > 0 ? Extent::number(shape.cols) : Extent{Extent::Of::cols, 0, flow.node};
    case Axis::list:
      break;
  }
  return Extent::unknown();
}

std::size_t Operator::place(const Flow& flow, std::int64_t number) const {
  const auto rank = static_cast<std::int64_t>(flow.axes.size());
  const std::int64_t from_start = number < 0 ? number + rank : number;
  if (from_start < 0 || from_start >= rank)
    refuse("its input has no axis " + std::to_string(number) + ", it has " + std::to_string(rank) + " dimensions");
  return static_cast<std::size_t>(from_start);
}

const Attribute* Operator::attribute(const char* name) const {
  for (const Attribute& attribute : node_.attributes)
    if (attribute.name == name) return &attribute;
  return nullptr;
}

int Operator::integer(const char* name, int otherwise, int low, int high) const {
  const Attribute* found = attribute(name);
  const std::int64_t value = found != nullptr ? found->integer.value_or(0) : otherwise;
  if (value < low || value > high) refuse(std::string(name) + " of " + std::to_string(value) + " is not possible");
  return static_cast<int>(value);
}

float Operator::number(const char* name, float otherwise) const {
  const Attribute* found = attribute(name);
  const float value = found != nullptr ? found->number.value_or(0.0F) : otherwise;
  if (!std::isfinite(value)) refuse(std::string(name) + " is not finite");
  return value;
}

std::string Operator::text(const char* name, const char* otherwise) const {
  const Attribute* found = attribute(name);
  return found != nullptr ? found->text.value_or("") : otherwise;
}

std::vector<std::int64_t> Operator::integers(const char* name) const {
  const Attribute* found = attribute(name);
  return found != nullptr ? found->integers : std::vector<std::int64_t>{};
}

std::string Operator::input_title(std::size_t i) const {
  return has_input(i) ? "its input " + node_.inputs[i] : "its input " + std::to_string(i + 1);
}

const Meaning& Operator::input(std::size_t i) const {
  if (!has_input(i)) refuse("its input " + std::to_string(i + 1) + " is missing");
  const auto found = import_.meanings.find(node_.inputs[i]);
  if (found == import_.meanings.end())
    refuse(input_title(i) + " is made by no node before it (it dangles, or nodes feed each other in a circle)");
  return found->second;
}

bool Operator::is_integers(std::size_t i) const {
  if (const auto* stored = std::get_if<Stored>(&input(i)))
    return stored->tensor != nullptr && holds_integers(*stored->tensor);
  return std::holds_alternative<Extents>(input(i));
}

Flow Operator::flow(std::size_t i) const {
  const Flow* found = std::get_if<Flow>(&input(i));
  if (found == nullptr) refuse(input_title(i) + " is a constant and does not follow from the picture");
  return *found;
}

Flow Operator::map(std::size_t i) const {
  const Flow found = flow(i);
  if (found.axes == kVector) refuse(input_title(i) + " is a vector, not a map");
  if (found.axes != kMap)
    refuse(input_title(i) +
           " is not seen as [pictures, channels, rows, columns], which is all that this operator does");
  return found;
}

Flow Operator::vector(std::size_t i) const {
  const Flow found = flow(i);
  if (found.axes != kVector) refuse(input_title(i) + " is a map, not a vector (a Flatten is missing)");
  return found;
}

Flow Operator::whole_channels(std::size_t i) const {
  const Flow found = flow(i);
  if (std::ranges::count(found.axes, Axis::member) > 0)
    refuse(input_title(i) + " has its channels split into groups, and this operator would mix them up");
  if (found.axes == Axes{Axis::list}) refuse(input_title(i) + " does not keep pictures apart");
  return found;
}

Buffer Operator::weights(std::size_t i) const {
  if (const auto* extents = std::get_if<Extents>(&input(i))) {
    Buffer buffer;
    for (const std::int64_t value : numbers(i)) buffer.values.push_back(static_cast<float>(value));
    if (extents->size() != 1) buffer.shape = {static_cast<std::int64_t>(extents->size())};
    return buffer;
  }
  const auto* stored = std::get_if<Stored>(&input(i));
  if (stored == nullptr) refuse(input_title(i) + " is not stored in the file as weights");
  import_.weights_read += stored->count();  // many nodes may read one tensor
  if (import_.weights_read > kMaxFileWeights) refuse("the model has too many weights");
  if (stored->values) return {stored->dims, *stored->values};
  return {stored->dims, floats_of(*stored->tensor, node_.inputs[i], import_.files)};
}

float Operator::scalar(std::size_t i) const {
  const Buffer buffer = weights(i);
  if (buffer.values.size() != 1) refuse(input_title(i) + " is not one number");
  return buffer.values[0];
}

Extents Operator::extents(std::size_t i) const {
  if (const auto* found = std::get_if<Extents>(&input(i))) return *found;
  const auto* stored = std::get_if<Stored>(&input(i));
  if (stored == nullptr || stored->tensor == nullptr) refuse(input_title(i) + " must be known when the file is read");
  Extents extents;
  for (const std::int64_t value : integers_of(*stored->tensor, node_.inputs[i], import_.files))
    extents.push_back(Extent::number(value));
  return extents;
}

std::vector<std::int64_t> Operator::numbers(std::size_t i) const {
  std::vector<std::int64_t> numbers;
  for (const Extent& extent : extents(i)) {
    if (extent.of != Extent::Of::number)
      refuse(input_title(i) + " depends on the size of the picture, which the file leaves open",
             "Export the model with a fixed input size.");
    numbers.push_back(extent.value);
  }
  return numbers;
}

std::vector<std::int64_t> Operator::numbers(const char* name, std::size_t i) const {
  return attribute(name) == nullptr && has_input(i) ? numbers(i) : integers(name);
}

float Operator::scalar(const char* name, std::size_t i, float otherwise) const {
  return attribute(name) == nullptr && has_input(i) ? scalar(i) : number(name, otherwise);
}

// Exact where all of the inputs' shapes are known; else what the operator alone decides.
Shape Operator::known_shape(const net::Node& node) const {
  std::vector<Shape> inputs;
  bool complete = true;
  for (const int input : node.inputs) {
    inputs.push_back(import_.known[static_cast<std::size_t>(input)]);
    complete = complete && inputs.back().channels > 0 && inputs.back().rows > 0 && inputs.back().cols > 0;
  }
  if (complete) {
    const base::Result<Shape> shape = infer_shape(node, inputs);
    if (!shape) throw Refusal{shape.error().what + ": " + shape.error().why, shape.error().what_to_do};
    return *shape;
  }
  Shape shape{inputs.front().channels, 0, 0};
  switch (node.op) {
    case Op::convolution:
      return {static_cast<int>(node.buffers[0].shape[0]), 0, 0};
    case Op::linear:
      return {static_cast<int>(node.buffers[0].shape[0]), 1, 1};
    case Op::flatten:
      return {std::get<Flatten>(node.attributes).channels, 1, 1};
    case Op::global_average_pool:
    case Op::global_max_pool:
      return {shape.channels, 1, 1};
    case Op::mean_over_channels:
      return {1, inputs.front().rows, inputs.front().cols};
    case Op::channel_slice:
      return {std::get<ChannelSlice>(node.attributes).count, inputs.front().rows, inputs.front().cols};
    case Op::concat:
      for (std::size_t i = 1; i < inputs.size(); ++i) {
        const bool known = shape.channels > 0 && inputs[i].channels > 0;
        const std::int64_t sum = std::int64_t{shape.channels} + inputs[i].channels;
        shape.channels = known && sum < 1 << 30 ? static_cast<int>(sum) : 0;
      }
      return shape;
    default:
      for (const Shape& in : inputs)
        shape.channels = in.channels == 0 || shape.channels == 0 ? 0 : std::max(shape.channels, in.channels);
      return shape;
  }
}

void Operator::emit(Op op, std::vector<int> inputs, const Axes& axes, Attributes attributes,
                    std::vector<Buffer> buffers, std::size_t output) {
  const int index = static_cast<int>(import_.graph.nodes.size());
  means(Flow{index, axes}, output);
  const std::string& name = node_.outputs[output];
  if (output == 0 && !node_.name.empty() && node_.name != name) import_.graph.aliases.emplace(node_.name, index);
  import_.graph.index_of.emplace(name, index);
  constexpr std::string_view kWeight = ".weight";
  if ((op == Op::convolution || op == Op::linear) && has_input(1) && node_.inputs[1].ends_with(kWeight)) {
    const std::string module = node_.inputs[1].substr(0, node_.inputs[1].size() - kWeight.size());
    if (const auto [known, is_new] = import_.by_module.emplace(module, index); !is_new) known->second.reset();
  }
  net::Node node{name, op, attributes, std::move(inputs), std::move(buffers), false};
  import_.known.push_back(known_shape(node));
  import_.graph.nodes.push_back(std::move(node));
}

void Operator::means(Meaning meaning, std::size_t output) {
  if (output >= node_.outputs.size() || node_.outputs[output].empty()) refuse("it has no output");
  const Flow* flow = std::get_if<Flow>(&meaning);
  if (flow != nullptr && flow->node < static_cast<int>(import_.graph.nodes.size()))
    import_.graph.aliases.emplace(node_.outputs[output], flow->node);
  if (!import_.meanings.emplace(node_.outputs[output], std::move(meaning)).second)
    refuse("its output has the name of another tensor");
}

}  // namespace net::onnx

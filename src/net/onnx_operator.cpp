// One operator of a file: its attributes and operands, checked.
#include <cmath>

#include "net/onnx_ops.h"

namespace net::onnx {
namespace {

constexpr std::int64_t kMaxWeights = 1 << 29;  // 2 GiB of float32

}  // namespace

std::string Operator::title() const {
  const bool has_output = !node_.outputs.empty() && !node_.outputs[0].empty();
  return "the node " + (has_output ? node_.outputs[0] : node_.name) + " (" + node_.op_type + ')';
}

void Operator::refuse(const std::string& why, const std::string& what_to_do) const {
  throw Refusal{title() + ": " + why, what_to_do};
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

Flow Operator::flow(std::size_t i) const {
  const Flow* found = std::get_if<Flow>(&input(i));
  if (found == nullptr) refuse(input_title(i) + " is a constant and does not follow from the picture");
  return *found;
}

Flow Operator::map(std::size_t i) const {
  if (flow(i).rank != 4) refuse(input_title(i) + " is a vector, not a map");
  return flow(i);
}

Flow Operator::vector(std::size_t i) const {
  if (flow(i).rank != 2) refuse(input_title(i) + " is a map, not a vector (a Flatten is missing)");
  return flow(i);
}

Buffer Operator::weights(std::size_t i) const {
  if (const float* value = std::get_if<float>(&input(i))) return {{}, {*value}};
  const auto* stored = std::get_if<Stored>(&input(i));
  if (stored == nullptr) refuse(input_title(i) + " is not stored in the file as weights");
  import_.weights_read += stored->tensor->count;  // many nodes may read one tensor
  if (import_.weights_read > kMaxWeights) refuse("the model has too many weights");
  return {stored->dims, floats_of(*stored->tensor, node_.inputs[i])};
}

float Operator::scalar(std::size_t i) const {
  const Buffer buffer = weights(i);
  if (buffer.values.size() != 1) refuse(input_title(i) + " is not one number");
  return buffer.values[0];
}

std::vector<std::int64_t> Operator::numbers(std::size_t i) const {
  if (const auto* shape = std::get_if<ShapeNumbers>(&input(i))) return shape->values;
  const auto* stored = std::get_if<Stored>(&input(i));
  if (stored == nullptr) refuse(input_title(i) + " must be known when the file is read");
  return integers_of(*stored->tensor, node_.inputs[i]);
}

std::vector<std::int64_t> Operator::numbers(const char* name, std::size_t i) const {
  return attribute(name) == nullptr && has_input(i) ? numbers(i) : integers(name);
}

float Operator::scalar(const char* name, std::size_t i, float otherwise) const {
  return attribute(name) == nullptr && has_input(i) ? scalar(i) : number(name, otherwise);
}

void Operator::emit(Op op, std::vector<int> inputs, int rank, Attributes attributes, std::vector<Buffer> buffers) {
  const int index = static_cast<int>(import_.graph.nodes.size());
  means(Flow{index, rank});
  const std::string& name = node_.outputs[0];
  if (!node_.name.empty() && node_.name != name) import_.graph.aliases.emplace(node_.name, index);
  import_.graph.index_of.emplace(name, index);
  import_.graph.nodes.push_back({name, op, attributes, std::move(inputs), std::move(buffers), false});
}

void Operator::means(Meaning meaning) {
  if (node_.outputs.empty() || node_.outputs[0].empty()) refuse("it has no output");
  if (!import_.meanings.emplace(node_.outputs[0], meaning).second) refuse("its output has the name of another tensor");
  if (const Flow* flow = std::get_if<Flow>(&meaning);
      flow != nullptr && flow->node < static_cast<int>(import_.graph.nodes.size()))
    import_.graph.aliases.emplace(node_.outputs[0], flow->node);
}

}  // namespace net::onnx

#include "net/graphdef_file.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <protozero/pbf_reader.hpp>

#include "net/float16.h"
#include "net/refusal.h"

// As in onnx_file.cpp, a field of an unexpected wire type is skipped, as an unknown field would be.

namespace net::graphdef {
namespace {

static_assert(std::endian::native == std::endian::little, "weights in GraphDef files are little-endian");

constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;
constexpr auto kVarint = protozero::pbf_wire_type::varint;
constexpr auto kFixed32 = protozero::pbf_wire_type::fixed32;
constexpr auto kFixed64 = protozero::pbf_wire_type::fixed64;

constexpr std::int64_t kMaxIntegers = 4096;
constexpr std::size_t kMaxRepeated = 1 << 16;  // values that a short message may stand for

enum DataType { kFloat = 1, kDouble = 2, kInt32 = 3, kInt64 = 9, kHalf = 19 };

constexpr std::uint32_t field(std::uint32_t tag, protozero::pbf_wire_type type) {
  return protozero::tag_and_type(tag, type);
}

std::string_view view(protozero::pbf_reader& reader) {
  const protozero::data_view data = reader.get_view();
  return {data.data(), data.size()};
}

std::vector<std::int64_t> read_shape(protozero::pbf_reader reader) {
  std::vector<std::int64_t> shape;
  while (reader.next()) {
    if (reader.tag_and_type() != field(2, kBytes)) {
      reader.skip();
      continue;
    }
    std::int64_t size = 0;  // protobuf leaves a 0 out
    protozero::pbf_reader dim = reader.get_message();
    while (dim.next()) {
      if (dim.tag_and_type() == field(1, kVarint))
        size = dim.get_int64();
      else
        dim.skip();
    }
    shape.push_back(size);
    at_most(shape.size(), kMaxFileDims, "dimensions in a tensor");
  }
  return shape;
}

Tensor read_tensor(std::string_view message, const std::string& who) {
  Tensor tensor;
  tensor.message = message;
  protozero::pbf_reader reader(message.data(), message.size());
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kVarint):
        tensor.data_type = reader.get_int32();
        break;
      case field(2, kBytes):
        tensor.dims = read_shape(reader.get_message());
        break;
      default:
        reader.skip();
    }
  }
  tensor.count = checked_count(tensor.dims, who);
  return tensor;
}

void read_list(protozero::pbf_reader reader, std::vector<std::int64_t>& integers) {
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(3, kVarint):
        integers.push_back(reader.get_int64());
        at_most(integers.size(), kMaxListed, "numbers in an attribute");
        break;
      case field(3, kBytes):
        for (const std::int64_t value : reader.get_packed_int64()) {
          at_most(integers.size() + 1, kMaxListed, "numbers in an attribute");
          integers.push_back(value);
        }
        break;
      default:
        reader.skip();
    }
  }
}

void read_value(protozero::pbf_reader reader, const std::string& node, Attribute& attribute) {
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kBytes):
        read_list(reader.get_message(), attribute.integers);
        break;
      case field(2, kBytes):
        attribute.text = std::string(view(reader).substr(0, 64));
        break;
      case field(3, kVarint):
        attribute.integer = reader.get_int64();
        break;
      case field(4, kFixed32):
        attribute.number = reader.get_float();
        break;
      case field(5, kVarint):
        attribute.flag = reader.get_int64() != 0;  // get_bool() reads on where the message ends
        break;
      case field(7, kBytes):
        attribute.shape = read_shape(reader.get_message());
        break;
      case field(8, kBytes):
        attribute.tensor = read_tensor(view(reader), node);
        break;
      default:
        reader.skip();
    }
  }
}

Node read_node(protozero::pbf_reader reader) {
  Node node;
  std::vector<protozero::pbf_reader> entries;  // the name, which refusals say, may come after them
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kBytes):
        node.name = checked_name(view(reader));
        break;
      case field(2, kBytes):
        node.op = checked_name(view(reader));
        break;
      case field(3, kBytes):
        node.inputs.push_back(checked_name(view(reader)));
        at_most(node.inputs.size(), kMaxListed, "inputs in a node");
        break;
      case field(5, kBytes):
        entries.push_back(reader.get_message());
        at_most(entries.size(), kMaxListed, "attributes in a node");
        break;
      default:
        reader.skip();
    }
  }
  for (protozero::pbf_reader& entry : entries) {
    Attribute& attribute = node.attributes.emplace_back();
    while (entry.next()) {
      switch (entry.tag_and_type()) {
        case field(1, kBytes):
          attribute.name = checked_name(view(entry));
          break;
        case field(2, kBytes):
          read_value(entry.get_message(), node.name, attribute);
          break;
        default:
          entry.skip();
      }
    }
  }
  return node;
}

[[noreturn]] void wrong_count(const Tensor& tensor, const std::string& who) {
  throw Refusal{"the data of " + who + " do not match its shape of " + std::to_string(tensor.count) + " values"};
}

// All numbers of a tensor: raw bytes of Stored, or listed in `list`, where TensorFlow leaves out the repetitions of the
// last one. Room for them is made once it is known that they are there, or that they are one number many times.
template <class Number, class Stored, class ReadListed>
std::vector<Number> numbers(const Tensor& tensor, const std::string& who, std::uint32_t list,
                            const ReadListed& read_listed) {
  const auto count = static_cast<std::size_t>(tensor.count);
  std::vector<Number> numbers;
  protozero::pbf_reader reader(tensor.message.data(), tensor.message.size());
  while (reader.next()) {
    if (reader.tag_and_type() == field(4, kBytes)) {
      const std::string_view raw = view(reader);
      if (raw.empty()) continue;
      if (raw.size() != count * sizeof(Stored) || !numbers.empty()) wrong_count(tensor, who);
      numbers.reserve(count);
      for (std::size_t at = 0; at < raw.size(); at += sizeof(Stored)) {
        Stored value;
        std::memcpy(&value, raw.data() + at, sizeof value);
        if constexpr (sizeof(Stored) == 2)
          numbers.push_back(static_cast<Number>(from_half(value)));
        else
          numbers.push_back(static_cast<Number>(value));
      }
    } else if (reader.tag() == list) {
      read_listed(reader, numbers);
      if (numbers.size() > count) wrong_count(tensor, who);
    } else {
      reader.skip();
    }
  }
  if (numbers.empty() && count > 0) wrong_count(tensor, who);
  if (numbers.size() < count && count > kMaxRepeated) wrong_count(tensor, who);
  if (numbers.size() < count) numbers.resize(count, numbers.back());
  return numbers;
}

template <class Number>
void append(std::vector<Number>& numbers, double value) {
  numbers.push_back(static_cast<Number>(value));
}

}  // namespace

std::vector<float> floats_of(const Tensor& tensor, const std::string& who) {
  const auto floats = [](protozero::pbf_reader& reader, std::vector<float>& to) {
    if (reader.has_wire_type(kFixed32)) return to.push_back(reader.get_float());
    if (!reader.has_wire_type(kBytes)) return reader.skip();
    for (const float value : reader.get_packed_float()) to.push_back(value);
  };
  const auto doubles = [](protozero::pbf_reader& reader, std::vector<float>& to) {
    if (reader.has_wire_type(kFixed64)) return append(to, reader.get_double());
    if (!reader.has_wire_type(kBytes)) return reader.skip();
    for (const double value : reader.get_packed_double()) append(to, value);
  };
  const auto halves = [](protozero::pbf_reader& reader, std::vector<float>& to) {
    const auto half = [&](std::int32_t bits) { to.push_back(from_half(static_cast<std::uint16_t>(bits))); };
    if (reader.has_wire_type(kVarint)) return half(reader.get_int32());
    if (!reader.has_wire_type(kBytes)) return reader.skip();
    for (const std::int32_t bits : reader.get_packed_int32()) half(bits);
  };
  std::vector<float> values;
  switch (tensor.data_type) {
    case kFloat:
      values = numbers<float, float>(tensor, who, 5, floats);
      break;
    case kDouble:
      values = numbers<float, double>(tensor, who, 6, doubles);
      break;
    case kHalf:
      values = numbers<float, std::uint16_t>(tensor, who, 13, halves);
      break;
    default:
      throw Refusal{"the weights " + who + " have TensorFlow data type " + std::to_string(tensor.data_type) +
                        ", and only float (1), double (2) and half (19) are supported",
                    "Freeze the model in float32."};
  }
  for (const float value : values)
    if (!std::isfinite(value)) throw Refusal{"the weights " + who + " hold a value that is not finite"};
  return values;
}

std::vector<std::int64_t> integers_of(const Tensor& tensor, const std::string& who) {
  if (tensor.count > kMaxIntegers) throw Refusal{who + " holds more integers than any layer needs"};
  const auto listed = [](protozero::pbf_reader& reader, std::vector<std::int64_t>& to) {
    if (reader.has_wire_type(kVarint)) return to.push_back(reader.get_int64());
    if (!reader.has_wire_type(kBytes)) return reader.skip();
    for (const std::int64_t value : reader.get_packed_int64()) to.push_back(value);
  };
  if (tensor.data_type == kInt32) return numbers<std::int64_t, std::int32_t>(tensor, who, 7, listed);
  if (tensor.data_type == kInt64) return numbers<std::int64_t, std::int64_t>(tensor, who, 10, listed);
  throw Refusal{who + " should hold integers and has TensorFlow data type " + std::to_string(tensor.data_type)};
}

std::vector<Node> read_nodes(std::string_view bytes) {
  std::vector<Node> nodes;
  std::size_t connections = 0;
  protozero::pbf_reader reader(bytes.data(), bytes.size());
  while (reader.next()) {
    if (reader.tag_and_type() != field(1, kBytes)) {
      reader.skip();
      continue;
    }
    at_most(nodes.size() + 1, kMaxFileNodes, "nodes");
    nodes.push_back(read_node(reader.get_message()));
    connections += nodes.back().inputs.size();
    at_most(connections, kMaxFileConnections, "connections between nodes");
  }
  if (nodes.empty()) throw Refusal{"it holds no nodes and is no TensorFlow graph", "Choose a frozen graph (.pb)."};
  return nodes;
}

}  // namespace net::graphdef

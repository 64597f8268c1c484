#include "net/onnx_file.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <protozero/pbf_reader.hpp>

// A field of an unexpected wire type is skipped, as an unknown field would be: every case below names field and type
// together, because protozero leaves checking the type to its caller.

namespace net::onnx {
namespace {

static_assert(std::endian::native == std::endian::little, "weights in ONNX files are little-endian");

constexpr std::size_t kMaxNodes = 20000;
constexpr std::size_t kMaxTensors = 50000;
constexpr std::size_t kMaxListed = 4096;  // names, numbers or attributes in one node
constexpr std::size_t kMaxNameLength = 1024;
constexpr std::size_t kMaxDims = 8;
constexpr std::int64_t kMaxDim = 1 << 26;
constexpr std::int64_t kMaxCount = 1 << 29;  // 2 GiB of float32
constexpr std::int64_t kMaxIntegers = 4096;

enum DataType { kFloat = 1, kInt32 = 6, kInt64 = 7, kFloat16 = 10, kDouble = 11 };

constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;
constexpr auto kVarint = protozero::pbf_wire_type::varint;
constexpr auto kFixed32 = protozero::pbf_wire_type::fixed32;
constexpr auto kFixed64 = protozero::pbf_wire_type::fixed64;

constexpr std::uint32_t field(std::uint32_t tag, protozero::pbf_wire_type type) {
  return protozero::tag_and_type(tag, type);
}

std::string_view view(protozero::pbf_reader& reader) {
  const protozero::data_view data = reader.get_view();
  return {data.data(), data.size()};
}

std::string name(protozero::pbf_reader& reader) {
  const std::string_view text = view(reader);
  if (text.size() > kMaxNameLength)
    throw Refusal{"a name in it is " + std::to_string(text.size()) + " bytes long (" + std::string(text.substr(0, 32)) +
                  "…)"};
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20) throw Refusal{"a name in it holds control characters"};
  return std::string(text);
}

void at_most(std::size_t count, std::size_t most, const char* what) {
  if (count > most) throw Refusal{"it has more than " + std::to_string(most) + ' ' + what};
}

void append_packed(protozero::pbf_reader& reader, std::vector<std::int64_t>& to, std::size_t most, const char* what) {
  for (const std::int64_t value : reader.get_packed_int64()) {
    at_most(to.size() + 1, most, what);
    to.push_back(value);
  }
}

Tensor read_tensor(std::string_view message) {
  Tensor tensor;
  tensor.message = message;
  protozero::pbf_reader reader(message.data(), message.size());
  bool external = false;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kVarint):
        tensor.dims.push_back(reader.get_int64());
        at_most(tensor.dims.size(), kMaxDims, "dimensions in a tensor");
        break;
      case field(1, kBytes):
        append_packed(reader, tensor.dims, kMaxDims, "dimensions in a tensor");
        break;
      case field(2, kVarint):
        tensor.data_type = reader.get_int32();
        break;
      case field(8, kBytes):
        tensor.name = name(reader);
        break;
      case field(13, kBytes):
        external = true;
        reader.skip();
        break;
      case field(14, kVarint):
        external = reader.get_int32() == 1 || external;
        break;
      default:
        reader.skip();
    }
  }
  if (external)
    throw Refusal{"the weights of " + tensor.name + " lie in another file, which this version does not read",
                  "Save the model with its weights inside one file."};
  for (const std::int64_t dim : tensor.dims) {
    if (dim < 0 || dim > kMaxDim || (dim > 0 && tensor.count > kMaxCount / dim))
      throw Refusal{"the tensor " + tensor.name + " has an impossible shape"};
    tensor.count *= dim;
  }
  return tensor;
}

Attribute read_attribute(protozero::pbf_reader reader) {
  Attribute attribute;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kBytes):
        attribute.name = name(reader);
        break;
      case field(2, kFixed32):
        attribute.number = reader.get_float();
        break;
      case field(3, kVarint):
        attribute.integer = reader.get_int64();
        break;
      case field(4, kBytes):
        attribute.text = name(reader);
        break;
      case field(5, kBytes):
        attribute.tensor = read_tensor(view(reader));
        break;
      case field(7, kFixed32):
        attribute.numbers.push_back(reader.get_float());
        at_most(attribute.numbers.size(), kMaxListed, "numbers in an attribute");
        break;
      case field(7, kBytes):
        for (const float value : reader.get_packed_float()) {
          at_most(attribute.numbers.size() + 1, kMaxListed, "numbers in an attribute");
          attribute.numbers.push_back(value);
        }
        break;
      case field(8, kVarint):
        attribute.integers.push_back(reader.get_int64());
        at_most(attribute.integers.size(), kMaxListed, "numbers in an attribute");
        break;
      case field(8, kBytes):
        append_packed(reader, attribute.integers, kMaxListed, "numbers in an attribute");
        break;
      default:
        reader.skip();
    }
  }
  return attribute;
}

Node read_node(protozero::pbf_reader reader) {
  Node node;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kBytes):
        node.inputs.push_back(name(reader));
        at_most(node.inputs.size(), kMaxListed, "inputs in a node");
        break;
      case field(2, kBytes):
        node.outputs.push_back(name(reader));
        at_most(node.outputs.size(), kMaxListed, "outputs in a node");
        break;
      case field(3, kBytes):
        node.name = name(reader);
        break;
      case field(4, kBytes):
        node.op_type = name(reader);
        break;
      case field(5, kBytes):
        node.attributes.push_back(read_attribute(reader.get_message()));
        at_most(node.attributes.size(), kMaxListed, "attributes in a node");
        break;
      case field(7, kBytes):
        node.domain = name(reader);
        break;
      default:
        reader.skip();
    }
  }
  return node;
}

// The message in field `tag`, empty where there is none: TypeProto → Tensor → TensorShapeProto are one inside the
// other.
protozero::pbf_reader inner(protozero::pbf_reader reader, std::uint32_t tag) {
  protozero::pbf_reader found;
  while (reader.next()) {
    if (reader.tag_and_type() == field(tag, kBytes))
      found = reader.get_message();
    else
      reader.skip();
  }
  return found;
}

Value read_value(protozero::pbf_reader reader) {
  Value value;
  protozero::pbf_reader shape;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kBytes):
        value.name = name(reader);
        break;
      case field(2, kBytes):
        shape = inner(inner(reader.get_message(), 1), 2);
        break;
      default:
        reader.skip();
    }
  }
  while (shape.next()) {
    if (shape.tag_and_type() != field(1, kBytes)) {
      shape.skip();
      continue;
    }
    std::int64_t size = 0;
    protozero::pbf_reader dim = shape.get_message();
    while (dim.next()) {
      if (dim.tag_and_type() == field(1, kVarint))
        size = dim.get_int64();
      else
        dim.skip();
    }
    if (size < 0 || size > kMaxDim) throw Refusal{"the shape of " + value.name + " is impossible"};
    value.dims.push_back(size);
    at_most(value.dims.size(), kMaxDims, "dimensions in a tensor");
  }
  return value;
}

void read_graph(protozero::pbf_reader reader, File& file) {
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kBytes):
        at_most(file.nodes.size() + 1, kMaxNodes, "nodes");
        file.nodes.push_back(read_node(reader.get_message()));
        break;
      case field(5, kBytes):
        at_most(file.initializers.size() + 1, kMaxTensors, "tensors");
        file.initializers.push_back(read_tensor(view(reader)));
        break;
      case field(11, kBytes):
        at_most(file.inputs.size() + 1, kMaxTensors, "inputs");
        file.inputs.push_back(read_value(reader.get_message()));
        break;
      case field(12, kBytes):
        at_most(file.outputs.size() + 1, kMaxTensors, "outputs");
        file.outputs.push_back(read_value(reader.get_message()));
        break;
      case field(15, kBytes):
        throw Refusal{"it holds sparse weights, which are not supported"};
      default:
        reader.skip();
    }
  }
}

void read_opset(protozero::pbf_reader reader, File& file) {
  std::string domain;
  std::int64_t version = 0;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kBytes):
        domain = name(reader);
        break;
      case field(2, kVarint):
        version = reader.get_int64();
        break;
      default:
        reader.skip();
    }
  }
  if (!domain.empty() && domain != "ai.onnx") return;
  if (version < 0 || version > 1000) throw Refusal{"its operator set has an impossible version"};
  file.opset = static_cast<int>(version);
}

float from_half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1F;
  const int fraction = bits & 0x3FF;
  const float sign = (bits & 0x8000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  if (exponent == 31) return fraction == 0 ? sign * HUGE_VALF : NAN;
  return sign * std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
}

// What the payload of a tensor says, in the order of the file. Append is told each number, however it is stored.
template <class Stored, class Append>
void read_raw(std::string_view raw, Append append) {
  Stored value;
  for (std::size_t at = 0; at + sizeof value <= raw.size(); at += sizeof value) {
    std::memcpy(&value, raw.data() + at, sizeof value);
    append(value);
  }
}

[[noreturn]] void wrong_count(const Tensor& tensor, const std::string& who) {
  throw Refusal{"the data of " + who + " do not match its shape of " + std::to_string(tensor.count) + " values"};
}

std::size_t stored_bytes(int data_type) {
  switch (data_type) {
    case kFloat16:
      return 2;
    case kFloat:
    case kInt32:
      return 4;
    case kDouble:
    case kInt64:
      return 8;
    default:
      return 0;
  }
}

// Room for the numbers, once the message is known to be long enough to hold them: a varint takes at least a byte.
template <class Number>
std::vector<Number> room_for(const Tensor& tensor, const std::string& who) {
  std::vector<Number> numbers;
  if (tensor.count > static_cast<std::int64_t>(tensor.message.size())) wrong_count(tensor, who);
  numbers.reserve(static_cast<std::size_t>(tensor.count));
  return numbers;
}

std::string_view checked_raw(protozero::pbf_reader& reader, const Tensor& tensor, const std::string& who) {
  const std::string_view raw = view(reader);
  if (raw.size() != static_cast<std::size_t>(tensor.count) * stored_bytes(tensor.data_type)) wrong_count(tensor, who);
  return raw;
}

}  // namespace

std::vector<float> floats_of(const Tensor& tensor, const std::string& who) {
  if (tensor.data_type != kFloat && tensor.data_type != kFloat16 && tensor.data_type != kDouble)
    throw Refusal{"the weights " + who + " have ONNX data type " + std::to_string(tensor.data_type) +
                      ", and only float (1), float16 (10) and double (11) are supported",
                  "Export the model in float32."};
  std::vector<float> numbers = room_for<float>(tensor, who);
  const auto append = [&](float value) {
    if (static_cast<std::int64_t>(numbers.size()) >= tensor.count) wrong_count(tensor, who);
    if (!std::isfinite(value)) throw Refusal{"the weights " + who + " hold a value that is not finite"};
    numbers.push_back(value);
  };
  protozero::pbf_reader reader(tensor.message.data(), tensor.message.size());
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(9, kBytes): {
        const std::string_view raw = checked_raw(reader, tensor, who);
        if (tensor.data_type == kFloat) read_raw<float>(raw, append);
        if (tensor.data_type == kFloat16)
          read_raw<std::uint16_t>(raw, [&](std::uint16_t half) { append(from_half(half)); });
        if (tensor.data_type == kDouble)
          read_raw<double>(raw, [&](double value) { append(static_cast<float>(value)); });
        break;
      }
      case field(4, kBytes):
        for (const float value : reader.get_packed_float()) append(value);
        break;
      case field(4, kFixed32):
        append(reader.get_float());
        break;
      case field(5, kBytes):  // float16 bits
        for (const std::int32_t bits : reader.get_packed_int32()) append(from_half(static_cast<std::uint16_t>(bits)));
        break;
      case field(10, kBytes):
        for (const double value : reader.get_packed_double()) append(static_cast<float>(value));
        break;
      case field(10, kFixed64):
        append(static_cast<float>(reader.get_double()));
        break;
      default:
        reader.skip();
    }
  }
  if (static_cast<std::int64_t>(numbers.size()) != tensor.count) wrong_count(tensor, who);
  return numbers;
}

std::vector<std::int64_t> integers_of(const Tensor& tensor, const std::string& who) {
  if (tensor.data_type != kInt64 && tensor.data_type != kInt32)
    throw Refusal{who + " should hold integers and has ONNX data type " + std::to_string(tensor.data_type)};
  if (tensor.count > kMaxIntegers) throw Refusal{who + " holds more integers than any layer needs"};
  std::vector<std::int64_t> numbers = room_for<std::int64_t>(tensor, who);
  const auto append = [&](std::int64_t value) {
    if (static_cast<std::int64_t>(numbers.size()) >= tensor.count) wrong_count(tensor, who);
    numbers.push_back(value);
  };
  protozero::pbf_reader reader(tensor.message.data(), tensor.message.size());
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(9, kBytes): {
        const std::string_view raw = checked_raw(reader, tensor, who);
        if (tensor.data_type == kInt64) read_raw<std::int64_t>(raw, append);
        if (tensor.data_type == kInt32) read_raw<std::int32_t>(raw, append);
        break;
      }
      case field(5, kBytes):
      case field(7, kBytes):
        for (const std::int64_t value : reader.get_packed_int64()) append(value);
        break;
      case field(5, kVarint):
      case field(7, kVarint):
        append(reader.get_int64());
        break;
      default:
        reader.skip();
    }
  }
  if (static_cast<std::int64_t>(numbers.size()) != tensor.count) wrong_count(tensor, who);
  return numbers;
}

File read_file(std::string_view bytes) {
  File file;
  bool has_graph = false;
  protozero::pbf_reader reader(bytes.data(), bytes.size());
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(7, kBytes):
        if (has_graph) throw Refusal{"it holds two graphs"};
        has_graph = true;
        read_graph(reader.get_message(), file);
        break;
      case field(8, kBytes):
        read_opset(reader.get_message(), file);
        break;
      default:
        reader.skip();
    }
  }
  if (!has_graph) throw Refusal{"it holds no graph and is no ONNX model", "Choose an .onnx file."};
  return file;
}

}  // namespace net::onnx

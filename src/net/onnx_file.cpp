#include "net/onnx_file.h"

#include <algorithm>
#include <charconv>
#include <protozero/pbf_reader.hpp>
#include <tuple>

// A field of an unexpected wire type is skipped, as an unknown field would be: every case below names field and type
// together, because protozero leaves checking the type to its caller.

namespace net::onnx {
namespace {

constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;
constexpr auto kVarint = protozero::pbf_wire_type::varint;
constexpr auto kFixed32 = protozero::pbf_wire_type::fixed32;

constexpr std::uint32_t field(std::uint32_t tag, protozero::pbf_wire_type type) {
  return protozero::tag_and_type(tag, type);
}

std::string_view view(protozero::pbf_reader& reader) {
  const protozero::data_view data = reader.get_view();
  return {data.data(), data.size()};
}

std::string name(protozero::pbf_reader& reader) {
  return checked_name(view(reader));
}

void append_packed(protozero::pbf_reader& reader, std::vector<std::int64_t>& to, std::size_t most, const char* what) {
  for (const std::int64_t value : reader.get_packed_int64()) {
    at_most(to.size() + 1, most, what);
    to.push_back(value);
  }
}

// One entry of external_data: a key and its value, both texts.
void read_place(protozero::pbf_reader reader, WeightRange& range) {
  std::string key, value;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kBytes):
        key = name(reader);
        break;
      case field(2, kBytes):
        value = name(reader);
        break;
      default:
        reader.skip();
    }
  }
  if (key == "location") range.location = value;
  if (key != "offset" && key != "length") return;
  std::int64_t& number = key == "offset" ? range.offset : range.length;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || number < 0)
    throw Refusal{"the " + key + " of weights in another file is no number (" + value.substr(0, 32) + ")"};
}

Tensor read_tensor(std::string_view message) {
  Tensor tensor;
  tensor.message = message;
  protozero::pbf_reader reader(message.data(), message.size());
  bool external = false;
  WeightRange range;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kVarint):
        tensor.dims.push_back(reader.get_int64());
        at_most(tensor.dims.size(), kMaxFileDims, "dimensions in a tensor");
        break;
      case field(1, kBytes):
        append_packed(reader, tensor.dims, kMaxFileDims, "dimensions in a tensor");
        break;
      case field(2, kVarint):
        tensor.data_type = reader.get_int32();
        break;
      case field(8, kBytes):
        tensor.name = name(reader);
        break;
      case field(13, kBytes):
        external = true;
        read_place(reader.get_message(), range);
        break;
      case field(14, kVarint):
        external = reader.get_int32() == 1 || external;
        break;
      default:
        reader.skip();
    }
  }
  if (external && range.location.empty())
    throw Refusal{"the weights of " + tensor.name + " lie in another file, which has no name",
                  "Save the model with its weights inside one file."};
  if (external) tensor.elsewhere = std::move(range);
  tensor.count = checked_count(tensor.dims, tensor.name);
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
    if (size < 0 || size > kMaxFileDim) throw Refusal{"the shape of " + value.name + " is impossible"};
    value.dims.push_back(size);
    at_most(value.dims.size(), kMaxFileDims, "dimensions in a tensor");
  }
  return value;
}

void read_graph(protozero::pbf_reader reader, File& file) {
  std::size_t connections = 0;
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case field(1, kBytes):
        at_most(file.nodes.size() + 1, kMaxFileNodes, "nodes");
        file.nodes.push_back(read_node(reader.get_message()));
        connections += file.nodes.back().inputs.size();
        at_most(connections, kMaxFileConnections, "connections between nodes");
        break;
      case field(5, kBytes):
        at_most(file.initializers.size() + 1, kMaxFileTensors, "tensors");
        file.initializers.push_back(read_tensor(view(reader)));
        break;
      case field(11, kBytes):
        at_most(file.inputs.size() + 1, kMaxFileTensors, "inputs");
        file.inputs.push_back(read_value(reader.get_message()));
        break;
      case field(12, kBytes):
        at_most(file.outputs.size() + 1, kMaxFileTensors, "outputs");
        file.outputs.push_back(read_value(reader.get_message()));
        break;
      case field(15, kBytes):
        throw Refusal{"it holds sparse weights, which are not supported"};
      default:
        reader.skip();
    }
  }
}

// Tensors may share a range of another file, but two ranges that cut each other are a damaged or a hostile file.
void refuse_overlaps(const std::vector<Tensor>& tensors) {
  std::vector<const Tensor*> placed;
  for (const Tensor& tensor : tensors)
    if (tensor.elsewhere && tensor.elsewhere->length > 0) placed.push_back(&tensor);
  const auto key = [](const Tensor* tensor) {
    return std::tie(tensor->elsewhere->location, tensor->elsewhere->offset, tensor->elsewhere->length);
  };
  std::ranges::sort(placed, {}, key);
  for (std::size_t i = 1; i < placed.size(); ++i) {
    const WeightRange &before = *placed[i - 1]->elsewhere, &after = *placed[i]->elsewhere;
    if (before.location != after.location || key(placed[i - 1]) == key(placed[i])) continue;
    if (before.length > after.offset - before.offset)
      throw Refusal{
          "the weights of " + placed[i - 1]->name + " and " + placed[i]->name + " overlap in " + after.location,
          "Export the model again."};
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

}  // namespace

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
  refuse_overlaps(file.initializers);
  return file;
}

}  // namespace net::onnx

// Writes small ONNX files for tests, straight from the format's field numbers, so that tests need no exporter:
//   OnnxBuilder(3).weights("w", {8, 3, 3, 3}, …).node("Conv", {"input", "w"}, "conv", {{"pads", {1, 1, 1, 1}}}).bytes()
// The input is "input", [N, channels, rows, cols] with 0 for what is left open; the output is that of the last node.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <variant>
#include <vector>

class OnnxBuilder {
 public:
  using Integers = std::vector<std::int64_t>;
  using Floats = std::vector<float>;
  struct Attribute {
    Attribute(const char* its_name, int integer) : name(its_name), value(std::int64_t{integer}) {}
    Attribute(const char* its_name, float number) : name(its_name), value(number) {}
    Attribute(const char* its_name, const char* text) : name(its_name), value(std::string(text)) {}
    Attribute(const char* its_name, Integers integers) : name(its_name), value(std::move(integers)) {}
    std::string name;
    std::variant<std::int64_t, float, std::string, Integers> value;
  };

  explicit OnnxBuilder(int channels, int rows = 0, int cols = 0, int opset = 13)
      : input_dims_{0, channels, rows, cols}, opset_(opset) {}

  OnnxBuilder& node(const char* op_type, const std::vector<std::string>& inputs, const std::string& output,
                    const std::vector<Attribute>& attributes = {}, const std::string& name = {}) {
    std::string message;
    protozero::pbf_writer writer(message);
    for (const std::string& input : inputs) writer.add_string(1, input);
    writer.add_string(2, output);
    if (!name.empty()) writer.add_string(3, name);
    writer.add_string(4, op_type);
    for (const Attribute& attribute : attributes) writer.add_message(5, written(attribute));
    protozero::pbf_writer(graph_).add_message(1, message);
    last_output_ = output;
    return *this;
  }

  // Float32 as raw bytes. One value stands for all.
  OnnxBuilder& weights(const std::string& name, const Integers& dims, Floats values) {
    const auto count = std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>());
    if (values.size() == 1) values.resize(static_cast<std::size_t>(count), values[0]);
    return tensor(name, dims, 1, 9, std::string(reinterpret_cast<const char*>(values.data()), values.size() * 4));
  }
  OnnxBuilder& integers(const std::string& name, const Integers& values) {
    return tensor(name, {static_cast<std::int64_t>(values.size())}, 7, 9,
                  std::string(reinterpret_cast<const char*>(values.data()), values.size() * 8));
  }
  // Any payload in any field of TensorProto: 9 raw, 4 float, 5 int32, 7 int64, 13 external.
  OnnxBuilder& tensor(const std::string& name, const Integers& dims, int data_type, int data_field,
                      const std::string& payload) {
    std::string message;
    protozero::pbf_writer writer(message);
    writer.add_packed_int64(1, dims.begin(), dims.end());
    writer.add_int32(2, data_type);
    writer.add_string(8, name);
    writer.add_bytes(static_cast<std::uint32_t>(data_field), payload);
    protozero::pbf_writer(graph_).add_message(5, message);
    return *this;
  }
  // A TensorProto as it is.
  OnnxBuilder& message(const std::string& tensor) {
    protozero::pbf_writer(graph_).add_message(5, tensor);
    return *this;
  }
  // One more input of the graph, as old files have for each initializer.
  OnnxBuilder& listed_as_input(const std::string& name) {
    protozero::pbf_writer(graph_).add_message(11, value(name, {}));
    return *this;
  }

  // A convolution with random-looking, distinct weights and no bias.
  OnnxBuilder& convolution(const std::string& input, const std::string& output, int in, int out, int kernel,
                           const std::vector<Attribute>& attributes = {}) {
    Floats values(static_cast<std::size_t>(in * out * kernel * kernel));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i * 37 % 101) / 50.0F - 1.0F;
    weights(output + "_w", {out, in, kernel, kernel}, values);
    return node("Conv", {input, output + "_w"}, output, attributes);
  }

  [[nodiscard]] std::string bytes() const {
    std::string graph = graph_;
    protozero::pbf_writer graph_writer(graph);
    graph_writer.add_message(11, value("input", input_dims_));
    graph_writer.add_message(12, value(last_output_, {}));
    std::string opset, model;
    protozero::pbf_writer(opset).add_int64(2, opset_);
    protozero::pbf_writer writer(model);
    writer.add_int64(1, 7);
    writer.add_message(8, opset);
    writer.add_message(7, graph);
    return model;
  }

 private:
  static std::string written(const Attribute& attribute) {
    std::string message;
    protozero::pbf_writer writer(message);
    writer.add_string(1, attribute.name);
    if (const auto* number = std::get_if<float>(&attribute.value)) writer.add_float(2, *number);
    if (const auto* integer = std::get_if<std::int64_t>(&attribute.value)) writer.add_int64(3, *integer);
    if (const auto* text = std::get_if<std::string>(&attribute.value)) writer.add_string(4, *text);
    if (const auto* list = std::get_if<Integers>(&attribute.value))
      writer.add_packed_int64(8, list->begin(), list->end());
    return message;
  }

  static std::string value(const std::string& name, const Integers& dims) {
    std::string shape, tensor_type, type, message;
    for (const std::int64_t dim : dims) {
      std::string size;
      if (dim != 0) protozero::pbf_writer(size).add_int64(1, dim);
      protozero::pbf_writer(shape).add_message(1, size);
    }
    protozero::pbf_writer(tensor_type).add_message(2, shape);
    protozero::pbf_writer(type).add_message(1, tensor_type);
    protozero::pbf_writer writer(message);
    writer.add_string(1, name);
    writer.add_message(2, type);
    return message;
  }

  Integers input_dims_;
  int opset_;
  std::string graph_;
  std::string last_output_;
};

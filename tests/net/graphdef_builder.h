// Writes small frozen TensorFlow graphs for tests, straight from the format's field numbers:
//   GraphDefBuilder().constant("w", {3, 3, 3, 8}, …).node("Conv2D", {"input", "w"}, "conv", {{"padding",
//   "SAME"}}).bytes()
// The input is the Placeholder "input"; nodes may be added in any order, as in a real file.
#pragma once
#include <cstdint>
#include <numeric>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <variant>
#include <vector>

class GraphDefBuilder {
 public:
  using Integers = std::vector<std::int64_t>;
  using Floats = std::vector<float>;
  struct Attribute {
    Attribute(const char* its_name, const char* text) : name(its_name), value(std::string(text)) {}
    Attribute(const char* its_name, int integer) : name(its_name), value(std::int64_t{integer}) {}
    Attribute(const char* its_name, float number) : name(its_name), value(number) {}
    Attribute(const char* its_name, bool flag) : name(its_name), value(flag) {}
    Attribute(const char* its_name, Integers integers) : name(its_name), value(std::move(integers)) {}
    std::string name;
    std::variant<std::string, std::int64_t, float, bool, Integers> value;
  };

  // −1 for what is left open.
  explicit GraphDefBuilder(int channels = 3, int rows = -1, int cols = -1) {
    std::string shape, value;
    for (const int side : {-1, rows, cols, channels}) {
      std::string dim;
      protozero::pbf_writer(dim).add_int64(1, side);
      protozero::pbf_writer(shape).add_message(2, dim);
    }
    protozero::pbf_writer(value).add_message(7, shape);
    add("Placeholder", {}, "input", {entry("shape", value)});
  }

  GraphDefBuilder& node(const char* op, const std::vector<std::string>& inputs, const std::string& name,
                        const std::vector<Attribute>& attributes = {}) {
    std::vector<std::string> entries;
    for (const Attribute& attribute : attributes) entries.push_back(entry(attribute.name, written(attribute)));
    add(op, inputs, name, entries);
    return *this;
  }

  // Float32 as raw bytes. One value stands for all, and is written as one.
  GraphDefBuilder& constant(const std::string& name, const Integers& dims, const Floats& values) {
    std::string tensor = tensor_of(1, dims);
    if (values.size() == 1)
      protozero::pbf_writer(tensor).add_packed_float(5, values.begin(), values.end());
    else
      protozero::pbf_writer(tensor).add_bytes(
          4, std::string(reinterpret_cast<const char*>(values.data()), values.size() * 4));
    return constant(name, tensor);
  }
  GraphDefBuilder& integers(const std::string& name, const Integers& values, bool scalar = false) {
    std::string tensor = tensor_of(3, scalar ? Integers{} : Integers{static_cast<std::int64_t>(values.size())});
    protozero::pbf_writer(tensor).add_packed_int32(7, values.begin(), values.end());
    return constant(name, tensor);
  }
  // Any TensorProto.
  GraphDefBuilder& constant(const std::string& name, const std::string& tensor) {
    std::string value;
    protozero::pbf_writer(value).add_message(8, tensor);
    add("Const", {}, name, {entry("value", value)});
    return *this;
  }
  static std::string tensor_of(int data_type, const Integers& dims) {
    std::string shape, tensor;
    for (const std::int64_t dim : dims) {
      std::string size;
      protozero::pbf_writer(size).add_int64(1, dim);
      protozero::pbf_writer(shape).add_message(2, size);
    }
    protozero::pbf_writer writer(tensor);
    writer.add_int32(1, data_type);
    writer.add_message(2, shape);
    return tensor;
  }

  // A convolution of stride 1 with a bias, as TensorFlow writes it: <name>/conv and then <name>.
  GraphDefBuilder& convolution(const std::string& input, const std::string& name, int in, int out, int kernel,
                               const char* padding = "SAME") {
    Floats weights(static_cast<std::size_t>(in * out * kernel * kernel)), bias(static_cast<std::size_t>(out));
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(i * 37 % 101) / 50.0F - 1.0F;
    for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = static_cast<float>(i) / 10.0F;
    constant(name + "_w", {kernel, kernel, in, out}, weights).constant(name + "_b", {out}, bias);
    node("Conv2D", {input, name + "_w"}, name + "/conv", {{"strides", Integers{1, 1, 1, 1}}, {"padding", padding}});
    return node("BiasAdd", {name + "/conv", name + "_b"}, name);
  }

  [[nodiscard]] std::string bytes() const { return graph_; }

 private:
  static std::string entry(const std::string& name, const std::string& value) {
    std::string message;
    protozero::pbf_writer writer(message);
    writer.add_string(1, name);
    writer.add_message(2, value);
    return message;
  }

  static std::string written(const Attribute& attribute) {
    std::string message;
    protozero::pbf_writer writer(message);
    if (const auto* text = std::get_if<std::string>(&attribute.value)) writer.add_bytes(2, *text);
    if (const auto* integer = std::get_if<std::int64_t>(&attribute.value)) writer.add_int64(3, *integer);
    if (const auto* number = std::get_if<float>(&attribute.value)) writer.add_float(4, *number);
    if (const auto* flag = std::get_if<bool>(&attribute.value)) writer.add_bool(5, *flag);
    if (const auto* list = std::get_if<Integers>(&attribute.value)) {
      std::string values;
      protozero::pbf_writer(values).add_packed_int64(3, list->begin(), list->end());
      writer.add_message(1, values);
    }
    return message;
  }

  void add(const char* op, const std::vector<std::string>& inputs, const std::string& name,
           const std::vector<std::string>& entries) {
    std::string message;
    protozero::pbf_writer writer(message);
    writer.add_string(1, name);
    writer.add_string(2, op);
    for (const std::string& input : inputs) writer.add_string(3, input);
    for (const std::string& one : entries) writer.add_message(5, one);
    protozero::pbf_writer(graph_).add_message(1, message);
  }

  std::string graph_;
};

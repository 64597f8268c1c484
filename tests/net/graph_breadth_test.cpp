// What exporters write around the layers of newer networks: other orders of the axes, arithmetic about shapes, weights
// in other files; and models without a sidecar.
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "catch.h"
#include "core/image_io.h"
#include "net/input_presets.h"
#include "net/model.h"
#include "net/onnx_import.h"
#include "onnx_builder.h"

namespace {

namespace fs = std::filesystem;
using net::Op;

base::Result<net::Graph> import(const OnnxBuilder& builder, const fs::path& folder = {}) {
  const std::string bytes = builder.bytes();
  return net::import_onnx(std::as_bytes(std::span(bytes)), "test.onnx", folder);
}

net::Graph graph_of(const OnnxBuilder& builder) {
  auto graph = import(builder);
  INFO((graph ? "" : graph.error().sentence()));
  REQUIRE(graph.ok());
  return std::move(*graph);
}

const net::Node& node_of(const net::Graph& graph, const char* name) {
  INFO(name);
  REQUIRE(graph.find(name).has_value());
  return graph.nodes[static_cast<std::size_t>(*graph.find(name))];
}

void require_refused(const base::Result<net::Graph>& graph, const std::string& node, const std::string& reason) {
  REQUIRE_FALSE(graph.ok());
  const std::string sentence = graph.error().sentence();
  INFO(sentence);
  REQUIRE(sentence.find(node) != std::string::npos);
  REQUIRE(sentence.find(reason) != std::string::npos);
}

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("unitscope_breadth_" + std::to_string(::getpid()))) {
    fs::create_directories(path_ / "model");
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] fs::path model() const { return path_ / "model"; }
  [[nodiscard]] fs::path outside() const { return path_; }

 private:
  fs::path path_;
};

// A tensor of two floats whose numbers lie in another file.
OnnxBuilder with_weights_at(const std::string& location, const std::string& offset, const std::string& length) {
  std::string message;
  protozero::pbf_writer writer(message);
  const OnnxBuilder::Integers dims{2};
  writer.add_packed_int64(1, dims.begin(), dims.end());
  writer.add_int32(2, 1);
  writer.add_string(8, "b");
  for (const auto& [key, value] : {std::pair{"location", location}, {"offset", offset}, {"length", length}}) {
    std::string entry;
    protozero::pbf_writer entry_writer(entry);
    entry_writer.add_string(1, key);
    entry_writer.add_string(2, value);
    writer.add_message(13, entry);
  }
  writer.add_int32(14, 1);
  OnnxBuilder builder(1);
  return builder.message(message).weights("w", {2, 1, 1, 1}, {1}).node("Conv", {"input", "w", "b"}, "conv");
}

}  // namespace

TEST_CASE("channels split, swapped and joined again are one channel shuffle, at any size of the picture") {
  OnnxBuilder builder(6);
  builder.integers("two", {2}).integers("three", {3}).integers("six", {6});
  for (const char* axis : {"0", "2", "3"}) builder.integers(axis, {std::atoi(axis)});
  builder.node("Shape", {"input"}, "shape");
  for (const char* axis : {"0", "2", "3"}) builder.node("Gather", {"shape", axis}, std::string("side") + axis);
  builder.node("Concat", {"side0", "two", "three", "side2", "side3"}, "split", {{"axis", 0}});
  builder.node("Concat", {"side0", "six", "side2", "side3"}, "joined", {{"axis", 0}});
  builder.node("Reshape", {"input", "split"}, "five");
  builder.node("Transpose", {"five"}, "swapped", {{"perm", {0, 2, 1, 3, 4}}});
  builder.node("Reshape", {"swapped", "joined"}, "shuffled");
  const net::Graph graph = graph_of(builder);
  REQUIRE(graph.nodes.size() == 2);
  REQUIRE(graph.nodes[1].op == Op::channel_shuffle);
  REQUIRE(std::get<net::ChannelShuffle>(graph.nodes[1].attributes).groups == 2);
  REQUIRE(graph.find("shuffled") == 1);
  REQUIRE(graph.aliases.at("five") == 0);

  OnnxBuilder wrong(6, 4, 4);
  wrong.integers("to", {0, 2, 3, 8, 2}).node("Reshape", {"input", "to"}, "five");
  require_refused(import(wrong), "the node five (Reshape)", "not supported");
}

TEST_CASE("a norm and linear layers between two transpositions work on the channels of each place") {
  OnnxBuilder builder(4, 5, 7, 17);
  builder.weights("g", {4}, {1, 2, 3, 4}).weights("s", {4}, {0}).weights("m", {4, 3}, {0.5F}).weights("b", {3}, {1});
  builder.node("Transpose", {"input"}, "last", {{"perm", {0, 2, 3, 1}}});
  builder.node("LayerNormalization", {"last", "g", "s"}, "norm", {{"axis", -1}, {"epsilon", 1e-6F}});
  builder.node("MatMul", {"norm", "m"}, "product").node("Add", {"b", "product"}, "linear");
  builder.node("Transpose", {"linear"}, "first", {{"perm", {0, 3, 1, 2}}}).node("Relu", {"first"}, "relu");
  const net::Graph graph = graph_of(builder);
  REQUIRE(node_of(graph, "norm").op == Op::layer_norm);
  const net::Node& linear = node_of(graph, "linear");
  REQUIRE(linear.op == Op::convolution);
  REQUIRE(linear.buffers[0].shape == std::vector<std::int64_t>{3, 4, 1, 1});
  REQUIRE(graph.aliases.at("first") == *graph.find("linear"));
  REQUIRE((*net::infer_shapes(graph, 4, {7, 5}))[static_cast<std::size_t>(*graph.find("relu"))] == net::Shape{3, 5, 7});

  OnnxBuilder first(4, 5, 7, 17);
  first.weights("g", {7}, {1}).node("LayerNormalization", {"input", "g"}, "norm");
  require_refused(import(first), "the node norm (LayerNormalization)", "channels of each place");
  OnnxBuilder pooled(4, 5, 7);
  pooled.node("Transpose", {"input"}, "t", {{"perm", {0, 2, 3, 1}}}).node("GlobalAveragePool", {"t"}, "p");
  require_refused(import(pooled), "the node p (GlobalAveragePool)", "not seen as [pictures, channels, rows, columns]");
}

TEST_CASE("parts of the channels are slices, however they are written") {
  OnnxBuilder builder(6, 4, 4);
  builder.integers("from", {2}).integers("to", {std::numeric_limits<std::int64_t>::max()}).integers("axis", {1});
  builder.node("Slice", {"input", "from", "to", "axis"}, "slice");
  builder.tensor("index", {}, 7, 9, std::string(8, '\0')).node("Gather", {"input", "index"}, "one", {{"axis", 1}});
  builder.node("Unsqueeze", {"one", "axis"}, "again");
  builder.node("Concat", {"slice", "again"}, "both", {{"axis", 1}});
  const net::Graph graph = graph_of(builder);
  const auto& slice = std::get<net::ChannelSlice>(node_of(graph, "slice").attributes);
  REQUIRE((slice.first == 2 && slice.count == 4));
  REQUIRE(std::get<net::ChannelSlice>(node_of(graph, "one").attributes).count == 1);
  REQUIRE((*net::infer_shapes(graph, 6, {4, 4})).back().channels == 5);
  OnnxBuilder rows(6, 4, 4);
  rows.integers("from", {2}).integers("to", {3}).integers("axis", {2});
  require_refused(import(rows.node("Slice", {"input", "from", "to", "axis"}, "s")), "the node s (Slice)",
                  "not that of the channels");
}

TEST_CASE("arithmetic with constants becomes what a network has") {
  OnnxBuilder builder(2, 3, 3);
  builder.weights("two", {}, {2}).weights("per", {1, 2, 1, 1}, {4, 5});
  builder.node("Sub", {"input", "per"}, "minus").node("Sub", {"two", "minus"}, "from");
  builder.node("Div", {"from", "two"}, "half").node("Sqrt", {"half"}, "root").node("Pow", {"root", "two"}, "square");
  builder.node("Mul", {"two", "two"}, "four").node("Mul", {"square", "four"}, "scaled");
  const net::Graph graph = graph_of(builder);
  REQUIRE(node_of(graph, "minus").buffers[0].values == std::vector<float>{-4, -5});
  REQUIRE(node_of(graph, "from").op == Op::batch_norm);
  REQUIRE(node_of(graph, "half").buffers[0].values == std::vector<float>{0.5F});
  REQUIRE(std::get<net::Power>(node_of(graph, "square").attributes).exponent == 2.0F);
  REQUIRE(node_of(graph, "scaled").buffers[0].values == std::vector<float>{4});
  OnnxBuilder zero(2);
  zero.weights("zero", {}, {0}).node("Div", {"input", "zero"}, "d");
  require_refused(import(zero), "the node d (Div)", "not finite");
}

TEST_CASE("weights in another file are read from the model's own folder and from nowhere else") {
  const Folder folder;
  const float numbers[] = {0, 1.5F, -0.25F, 9};
  const std::string bytes(reinterpret_cast<const char*>(numbers), sizeof numbers);
  REQUIRE(core::save_text(folder.model() / "w.bin", bytes).ok());
  REQUIRE(core::save_text(folder.outside() / "secret.bin", bytes).ok());
  fs::create_symlink(folder.outside() / "secret.bin", folder.model() / "link.bin");

  auto graph = import(with_weights_at("w.bin", "4", "8"), folder.model());
  REQUIRE((graph ? "" : graph.error().sentence()) == std::string());
  REQUIRE(graph->nodes.back().buffers[1].values == std::vector<float>{1.5F, -0.25F});
  REQUIRE(graph->weight_files == std::vector<std::string>{"w.bin"});

  const auto refused = [&](const char* location, const char* offset, const char* length, const char* reason) {
    require_refused(import(with_weights_at(location, offset, length), folder.model()), "b", reason);
  };
  for (const char* location : {"../secret.bin", "x/../../secret.bin", "link.bin"})
    refused(location, "0", "8", "outside the model's folder");
  refused((folder.outside() / "secret.bin").c_str(), "0", "8", "outside the model's folder");
  refused("absent.bin", "0", "8", "is not there");
  refused("w.bin", "12", "8", "beyond the end");
  refused("w.bin", "0", "99999999999", "beyond the end");
  refused("w.bin", "9223372036854775807", "8", "beyond the end");
  refused("w.bin", "0", "4", "do not match its shape");
  refused("w.bin", "-1", "8", "is no number");
  require_refused(import(with_weights_at("w.bin", "0", "8")), "b", "cannot be read here");
}

TEST_CASE("an operator that is not supported is named with its node and with what is") {
  OnnxBuilder builder(3);
  builder.convolution("input", "c", 3, 4, 1).node("Einsum", {"c"}, "attention");
  require_refused(import(builder), "the node attention (Einsum)", "Supported are Add, AveragePool");
}

TEST_CASE("a model without a sidecar opens for listing, and for pictures where somebody says how") {
  const Folder folder;
  const fs::path file = folder.model() / "grey.onnx";
  OnnxBuilder builder(1, 32, 32);
  builder.convolution("input", "c", 1, 2, 3).node("GlobalAveragePool", {"c"}, "p").node("Flatten", {"p"}, "logits");
  REQUIRE(core::save_text(file, builder.node("Softmax", {"logits"}, "s").bytes()).ok());
  const auto asked = net::open_model(file);
  REQUIRE(asked.error().sentence().find("--input " + net::input_preset_names()) != std::string::npos);
  net::OpenOptions options;
  options.without_input = true;
  const auto listed = net::open_model(file, options);
  REQUIRE(listed.ok());
  REQUIRE_FALSE((*listed)->knows_input);
  REQUIRE((*listed)->input.channels == 1);
  REQUIRE((*listed)->input.framing.crop == core::Size{32, 32});
  REQUIRE((*listed)->logits == (*listed)->graph.find("logits"));
  REQUIRE((*listed)->probabilities == (*listed)->graph.find("s"));
  options = {};
  options.input_preset = "zero-one";
  const auto fed = net::open_model(file, options);
  REQUIRE(fed.ok());
  REQUIRE((*fed)->knows_input);
  REQUIRE((*fed)->sha256 != (*listed)->sha256);
  options.input_preset = "torchvision";
  REQUIRE(net::open_model(file, options).error().sentence().find("three colours") != std::string::npos);
  options.input_preset = "imagenet";
  REQUIRE(net::open_model(file, options).error().sentence().find("Choose torchvision") != std::string::npos);
}

TEST_CASE("every preset feeds the range that its name says") {
  for (const net::InputPreset& preset : net::input_presets()) {
    INFO(preset.name);
    const auto rule = net::input_preset(preset.name, 3, {224, 224});
    REQUIRE(rule.ok());
    REQUIRE(rule->framing == core::Framing{256, {224, 224}});
    const auto fed = [&](float x) {
      return (rule->scale * x + rule->shift[0]) / (rule->divide.empty() ? 1.0F : rule->divide[0]);
    };
    if (preset.name == "zero-one") REQUIRE((fed(0) == 0.0F && fed(1) == 1.0F));
    if (preset.name == "minus-one-one") REQUIRE((fed(0) == -1.0F && fed(1) == 1.0F));
    if (preset.name == "lucid") REQUIRE((fed(0) == -117.0F && fed(1) == 138.0F));
    if (preset.name == "torchvision") REQUIRE(std::abs(fed(0.485F)) < 1e-6F);
  }
}

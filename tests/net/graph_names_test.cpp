#include "catch.h"
#include "net/names.h"
#include "net/onnx_import.h"
#include "onnx_builder.h"

namespace {

const net::Model& embedded() {
  static const auto model = net::open_model(net::embedded_model_path());
  return **model;
}

std::string canonical(const char* text) {
  const auto unit = net::understand_unit(embedded(), text);
  return unit ? core::to_string(unit->unit) : unit.error().sentence();
}

std::string explanation(const char* text) {
  return net::understand_unit(embedded(), text)->explanation;
}

std::string refusal(const char* text) {
  const auto unit = net::understand_unit(embedded(), text);
  REQUIRE_FALSE(unit.ok());
  return unit.error().sentence();
}

bool holds(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every unit of every layer understands its own canonical name") {
  const net::Model& model = embedded();
  for (std::size_t i = 0; i < model.graph.nodes.size(); ++i) {
    const core::Unit last{model.graph.nodes[i].name, model.shapes[i].channels - 1, core::Cell{1, 2}};
    const auto understood = net::understand_unit(model, core::to_string(last));
    REQUIRE(understood.ok());
    REQUIRE(understood->unit == last);
    REQUIRE(understood->node == static_cast<int>(i));
    REQUIRE_FALSE(net::understand_unit(model, core::to_string({last.layer, last.channel + 1, {}})).ok());
  }
}

TEST_CASE("names as papers and other tools write them are translated") {
  REQUIRE(canonical("4a:104") == "mixed4a:104");
  REQUIRE(canonical("4a_pre_relu:104") == "mixed4a_pre_relu:104");
  REQUIRE(canonical("mixed4a.pre.relu:104") == "mixed4a_pre_relu:104");
  REQUIRE(canonical(" Mixed4A:104@7,3 ") == "mixed4a:104@7,3");
  REQUIRE(canonical("mixed4a_3x3_pre_relu:8") == "mixed4a_3x3_pre_relu:8");
  REQUIRE(canonical("mixed4a,pre_relu,3x3,120") == "mixed4a_pre_relu:120");
  REQUIRE(canonical("logit:12") == "softmax2_pre_activation:12");
  REQUIRE(canonical("logit:\"goldfish\"") == "softmax2_pre_activation:0");
  REQUIRE(canonical("logit:Carassius auratus") == "softmax2_pre_activation:0");
  REQUIRE(canonical("softmax2:goldfish") == "softmax2:0");
  REQUIRE(canonical("softmax2:12") == "softmax2:12");
}

TEST_CASE("names of PyTorch modules are understood with dots and with underscores") {
  OnnxBuilder builder(3);
  builder.convolution("input", "/conv1/Conv_output_0", 3, 4, 1)
      .node("Relu", {"/conv1/Conv_output_0"}, "/relu/Relu_output_0");
  builder.convolution("/relu/Relu_output_0", "/layer2/layer2.0/conv1/Conv_output_0", 4, 4, 1);
  const std::string bytes = builder.bytes();
  net::Model model;
  model.graph = *net::import_onnx(std::as_bytes(std::span(bytes)), "test");
  for (const char* name : {"layer2.0.conv1", "layer2_0_conv1", "/layer2/layer2.0/conv1/Conv_output_0"})
    REQUIRE(*net::understand_layer(model, name) == 3);
  REQUIRE(*net::understand_layer(model, "conv1") == 1);
  REQUIRE(*net::understand_layer(model, "relu_pre_relu") == 1);
  REQUIRE_FALSE(net::understand_layer(model, "layer2").ok());
}

TEST_CASE("a layer goes by the module that its weights are named after, unless several share them") {
  OnnxBuilder builder(3);
  builder.weights("layer2.0.conv1.weight", {3, 3, 1, 1}, {0.5F}).weights("shared.weight", {3, 3, 1, 1}, {0.5F});
  builder.weights("getitem_4.weight", {3, 3, 1, 1}, {0.5F});
  builder.node("Conv", {"input", "layer2.0.conv1.weight"}, "getitem_3").node("Relu", {"getitem_3"}, "relu");
  builder.node("Conv", {"relu", "shared.weight"}, "a").node("Conv", {"a", "shared.weight"}, "getitem_4");
  builder.node("Conv", {"getitem_4", "getitem_4.weight"}, "last");
  const std::string bytes = builder.bytes();
  net::Model model;
  model.graph = *net::import_onnx(std::as_bytes(std::span(bytes)), "test");
  for (const char* name : {"layer2.0.conv1", "layer2_0_conv1", "getitem_3"})
    REQUIRE(*net::understand_layer(model, name) == 1);
  REQUIRE_FALSE(net::understand_layer(model, "shared").ok());
  REQUIRE(*net::understand_layer(model, "getitem_4") == 4);  // a tensor's own name comes first
}

TEST_CASE("a name in words says branch, channel within it, and side of the ReLU") {
  const auto words = [](const char* layer, int channel) { return net::describe(embedded(), {layer, channel, {}}); };
  REQUIRE(words("mixed4a_pre_relu", 104) == "channel 8 of the 3×3 branch, before the ReLU");
  REQUIRE(words("mixed4a", 104) == "channel 8 of the 3×3 branch, after the ReLU");
  REQUIRE(words("mixed4a", 0) == "channel 0 of the 1×1 branch, after the ReLU");
  REQUIRE(words("mixed4a", 255) == "channel 31 of the pool branch, after the ReLU");
  REQUIRE(words("mixed4a_5x5_pre_relu", 3) == "channel 3 of the 5×5 branch of mixed4a, before the ReLU");
  REQUIRE(words("conv2d0_pre_relu", 5) == "channel 5 of conv2d0, before the ReLU");
  REQUIRE(words("softmax2_pre_activation", 0) == "the logit of goldfish");
  REQUIRE(words("softmax2", 1) == "the probability of European fire salamander");
}

TEST_CASE("branches without telling names are called by what they do") {
  OnnxBuilder builder(3);
  builder.node("MaxPool", {"input"}, "1", {{"kernel_shape", {2, 2}}}).convolution("1", "2", 3, 4, 1);
  builder.convolution("1", "3", 3, 4, 3, {{"pads", {1, 1, 1, 1}}}).node("Relu", {"3"}, "4");
  builder.convolution("1", "5", 3, 4, 3, {{"pads", {1, 1, 1, 1}}});
  builder.node("MaxPool", {"1"}, "6", {{"kernel_shape", {1, 1}}}).convolution("6", "7", 3, 4, 1);
  const std::string bytes = builder.node("Concat", {"2", "4", "5", "7"}, "8", {{"axis", 1}}).bytes();
  net::Model model;
  model.graph = *net::import_onnx(std::as_bytes(std::span(bytes)), "test");
  model.shapes = *net::infer_shapes(model.graph, 3, {8, 8});
  const auto words = [&](int channel) { return net::describe(model, {"8", channel, core::Cell{1, 2}}); };
  REQUIRE(words(1) == "channel 1 of the 1×1 branch, at row 1, column 2");
  REQUIRE(words(5) == "channel 1 of branch 2 of 4 (3×3), after the ReLU, at row 1, column 2");
  REQUIRE(words(11) == "channel 3 of branch 3 of 4 (3×3), at row 1, column 2");
  REQUIRE(words(12) == "channel 0 of the pool branch, at row 1, column 2");
}

TEST_CASE("what was understood is said, with both ways to count") {
  REQUIRE(
      explanation("4a:104") ==
      "mixed4a:104: channel 8 of the 3×3 branch, after the ReLU; the papers number InceptionV1, so this is the same "
      "place in another network, and another unit");
  REQUIRE(holds(explanation("mixed4a_3x3_pre_relu:8"), "mixed4a_pre_relu:104"));
}

TEST_CASE("the other family's name of a place in InceptionV1 is understood, and said to be another unit") {
  REQUIRE(canonical("inception4a.branch2.1:65") == "mixed4a_3x3:65");
  REQUIRE(canonical("inception4a.branch2.1.conv:65") == "mixed4a_3x3_pre_relu:65");
  REQUIRE(canonical("inception_4a:1").find("no layer") != std::string::npos);
  REQUIRE(canonical("inception4a:104@1,2") == "mixed4a:104@1,2");
  REQUIRE(holds(explanation("inception4a.branch2.1:65"), "torchvision's name"));
  REQUIRE(holds(explanation("inception4a.branch2.1:65"), "another unit"));

  OnnxBuilder builder(3);  // GoogLeNet as PyTorch's exporter names it
  builder.convolution("input", "/inception4a/branch1/conv/Conv_output_0", 3, 2, 1);
  builder.node("Relu", {"/inception4a/branch1/conv/Conv_output_0"}, "/inception4a/branch1/Relu_output_0");
  builder.convolution("input", "/inception4a/branch2/branch2.1/conv/Conv_output_0", 3, 4, 1);
  builder.node("Relu", {"/inception4a/branch2/branch2.1/conv/Conv_output_0"},
               "/inception4a/branch2/branch2.1/Relu_output_0");
  builder.node("Concat", {"/inception4a/branch1/Relu_output_0", "/inception4a/branch2/branch2.1/Relu_output_0"},
               "/inception4a/Concat_output_0", {{"axis", 1}});
  const std::string bytes = builder.bytes();
  net::Model model;
  model.name = "googlenet";
  model.graph = *net::import_onnx(std::as_bytes(std::span(bytes)), "test");
  model.shapes = *net::infer_shapes(model.graph, 3, {8, 8});
  model.unit_layers = {1};
  const auto layer = [&](const char* text) { return net::understand_unit(model, text)->unit.layer; };
  REQUIRE(layer("mixed4a_3x3_pre_relu:1") == "/inception4a/branch2/branch2.1/conv/Conv_output_0");
  REQUIRE(layer("mixed4a_1x1:1") == "/inception4a/branch1/Relu_output_0");
  REQUIRE(layer("4a:5") == "/inception4a/Concat_output_0");
  REQUIRE(layer("4a_pre_relu:5") == "/inception4a/Concat_output_0_pre_relu");
  REQUIRE(layer("inception4a:5") == "/inception4a/Concat_output_0");
  REQUIRE(holds(net::understand_unit(model, "mixed4a:5")->explanation, "another unit"));
  REQUIRE(holds(net::understand_unit(model, "mixed4a_3x3:5").error().sentence(), "that branch has 4 channels"));
}

TEST_CASE("an index into the concatenation under a branch's name is offered as such") {
  const std::string sentence = refusal("mixed4a_3x3_pre_relu:120");
  REQUIRE(holds(sentence, "that branch has 104 channels, 0 to 103"));
  REQUIRE(holds(sentence, "mixed4a_pre_relu:120, channel 24 of the 3×3 branch, before the ReLU"));
}

TEST_CASE("names that are wrong are answered with the right ones") {
  REQUIRE(holds(refusal("mixed4a_pre_relu:256"), "256 channels, 0 to 255"));
  REQUIRE(holds(refusal("mixd4a_pre_relu:3"), "The nearest names are mixed4a_pre_relu"));
  REQUIRE(holds(refusal("nonsense:3"), "the layers to study are conv2d0_pre_relu, conv2d1_pre_relu"));
  REQUIRE(holds(refusal("logit:goldfisch"), "The nearest are goldfish"));
  REQUIRE(holds(refusal("mixed4a:goldfish"), "numbers and no labels"));
  REQUIRE(holds(refusal("mixed4a_pre_relu"), "a channel from 0 to 255"));
  REQUIRE(holds(refusal("inception4a.branch9:65"), "The same block here is mixed4a"));
  REQUIRE(holds(refusal("inception4a.branch2.1:104"), "that branch has 104 channels"));
  for (const char* text : {"", ":", "::", ":\"", "mixed4a:", "mixed4a:-1", "mixed4a:1@", "mixed4a:1@2", "a,b,c,d",
                           "mixed4a:99999999999999999999", "logit:\"\""})
    REQUIRE(refusal(text).size() > 20);
}

TEST_CASE("of a network of many layers whose names are long, a few are offered, called as people write them") {
  OnnxBuilder builder(3);
  net::Model model;
  std::string before = "input";
  for (int i = 0; i < 20; ++i) {
    const std::string name = "/features/features." + std::to_string(i) + "/conv/Conv_output_0";
    builder.convolution(before, name, 3, 3, 1);
    before = name;
    model.unit_layers.push_back(i + 1);
  }
  const std::string bytes = builder.bytes();
  model.graph = *net::import_onnx(std::as_bytes(std::span(bytes)), "test");
  model.shapes = *net::infer_shapes(model.graph, 3, {8, 8});
  const std::string sentence = net::understand_unit(model, "mixed4c_pre_relu:98").error().sentence();
  REQUIRE(holds(sentence, "features.13.conv and 6 more."));
  REQUIRE_FALSE(holds(sentence, "Conv_output_0"));
  const std::vector<std::string> names = net::short_names(model);
  const auto explained = [&](const char* text) { return net::understand_unit(model, text, names)->explanation; };
  REQUIRE(explained("features.3.conv:1") == "channel 1 of features.3.conv");
  REQUIRE(explained("features_3_conv:1") == "features.3.conv:1: channel 1 of features.3.conv");
}

TEST_CASE("a paper's unit asked of other weights is said to be another one, also where it is out of range") {
  const auto asked = [](const char* text) { return *net::understand_unit(embedded(), text); };
  for (const char* of_others : {"4a:104", "mixed4a,pre_relu,3x3,104", "inception4a.branch2.1:5"}) {
    REQUIRE(asked(of_others).of_others);
    REQUIRE(holds(asked(of_others).explanation, "another unit"));
  }
  for (const char* own : {"mixed4a_pre_relu:104", "mixed4a:104", "logit:12"}) REQUIRE_FALSE(asked(own).of_others);
  REQUIRE(holds(refusal("mixed4a:476"), "The papers number InceptionV1"));
  REQUIRE_FALSE(holds(refusal("conv2d0:4760"), "papers"));
}

TEST_CASE("every node's short name is understood as that node, and one that would be two nodes' is the file's own") {
  OnnxBuilder builder(3);
  builder.convolution("input", "/features/features.0/features.0.0/Conv_output_0", 3, 4, 1)
      .node("Relu", {"/features/features.0/features.0.0/Conv_output_0"}, "/layer1/layer1.0/relu_1/Relu_output_0");
  builder.convolution("/layer1/layer1.0/relu_1/Relu_output_0", "/twice/Conv_output_0", 4, 4, 1);
  builder.convolution("/twice/Conv_output_0", "/twice/Conv_1_output_0", 4, 4, 1);
  builder.convolution("/twice/Conv_1_output_0", "/logits/Conv_output_0", 4, 4, 1);
  builder.node("Relu", {"/logits/Conv_output_0"}, "plain");
  const std::string bytes = builder.bytes();
  net::Model model;
  model.graph = *net::import_onnx(std::as_bytes(std::span(bytes)), "test");
  const std::vector<std::string> names = net::short_names(model);
  REQUIRE(names.size() == model.graph.nodes.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    REQUIRE(*net::understand_layer(model, names[i]) == static_cast<int>(i));
  const auto name_of = [&](const char* node) { return names[static_cast<std::size_t>(*model.graph.find(node))]; };
  REQUIRE(name_of("/features/features.0/features.0.0/Conv_output_0") == "features.0.0");
  REQUIRE(name_of("/layer1/layer1.0/relu_1/Relu_output_0") == "layer1.0.relu_1");
  REQUIRE(name_of("/twice/Conv_output_0") == "/twice/Conv_output_0");
  REQUIRE(name_of("/logits/Conv_output_0") == "/logits/Conv_output_0");  // logits says what the network's output is
  REQUIRE(name_of("plain") == "plain");
}

TEST_CASE("a layer of a module without a name is called by what it does and its number, and is understood so") {
  OnnxBuilder builder(1);
  builder.convolution("input", "/0/Conv_output_0", 1, 4, 3)
      .node("Relu", {"/0/Conv_output_0"}, "/1/Relu_output_0")
      .convolution("/1/Relu_output_0", "/features/2/Conv_output_0", 4, 4, 3)
      .convolution("/features/2/Conv_output_0", "/3.1/Conv_output_0", 4, 4, 3)
      .convolution("/3.1/Conv_output_0", "conv_4", 4, 4, 3)
      .convolution("conv_4", "/4/Conv_output_0", 4, 4, 3);
  const std::string bytes = builder.bytes();
  net::Model model;
  model.graph = *net::import_onnx(std::as_bytes(std::span(bytes)), "test");
  const std::vector<std::string> names = net::short_names(model);
  const auto name_of = [&](const char* node) { return names[static_cast<std::size_t>(*model.graph.find(node))]; };
  REQUIRE(name_of("/0/Conv_output_0") == "conv 0");
  REQUIRE(name_of("/1/Relu_output_0") == "relu 1");
  REQUIRE(name_of("/features/2/Conv_output_0") == "features.2");
  REQUIRE(name_of("/3.1/Conv_output_0") == "conv 3.1");
  REQUIRE(name_of("/4/Conv_output_0") == "/4/Conv_output_0");  // "conv 4" would be conv_4, too
  for (std::size_t i = 0; i < names.size(); ++i)
    REQUIRE(*net::understand_layer(model, names[i]) == static_cast<int>(i));
  REQUIRE(*net::understand_layer(model, "0") == *model.graph.find("/0/Conv_output_0"));
  REQUIRE(*net::understand_layer(model, "conv_0") == *model.graph.find("/0/Conv_output_0"));
}

TEST_CASE("the embedded model's names are their own short names") {
  const std::vector<std::string> names = net::short_names(embedded());
  for (std::size_t i = 0; i < names.size(); ++i) REQUIRE(names[i] == embedded().graph.nodes[i].name);
}

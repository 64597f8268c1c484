#include <cmath>
#include <limits>

#include "catch.h"
#include "net/onnx_import.h"
#include "onnx_builder.h"

namespace {

base::Result<net::Graph> import(const OnnxBuilder& builder) {
  const std::string bytes = builder.bytes();
  return net::import_onnx(std::as_bytes(std::span(bytes)), "test.onnx");
}

net::Graph graph_of(const OnnxBuilder& builder) {
  auto graph = import(builder);
  INFO((graph ? "" : graph.error().sentence()));
  REQUIRE(graph.ok());
  return std::move(*graph);
}

void require_refused(const OnnxBuilder& builder, const std::string& node, const std::string& reason) {
  const auto graph = import(builder);
  REQUIRE_FALSE(graph.ok());
  const std::string sentence = graph.error().sentence();
  INFO(sentence);
  REQUIRE(sentence.find("The model test.onnx cannot be opened") == 0);
  REQUIRE(sentence.find(node) != std::string::npos);
  REQUIRE(sentence.find(reason) != std::string::npos);
}

OnnxBuilder with_norm() {  // a 1×1 convolution from 2 to 2 channels and its batch norm
  OnnxBuilder builder(2);
  builder.weights("w", {2, 2, 1, 1}, {1, 2, 3, 4}).weights("b", {2}, {10, 20});
  builder.weights("gamma", {2}, {2, 1}).weights("beta", {2}, {0.5F, -1});
  builder.weights("mean", {2}, {1, 2}).weights("variance", {2}, {4, 0.25F});
  builder.node("Conv", {"input", "w", "b"}, "conv", {}, "Conv_0");
  return builder.node("BatchNormalization", {"conv", "gamma", "beta", "mean", "variance"}, "norm", {{"epsilon", 0.0F}});
}

}  // namespace

TEST_CASE("a batch norm is folded into the convolution before it, which keeps the later name") {
  const net::Graph graph = graph_of(with_norm());
  REQUIRE(graph.nodes.size() == 2);
  const net::Node& node = graph.nodes[1];
  REQUIRE(node.name == "norm");
  REQUIRE(node.op == net::Op::convolution);
  // scale = gamma / √variance = {1, 2}; bias = scale · (b − mean) + beta = {9.5, 35}
  REQUIRE(node.buffers[0].values == std::vector<float>{1, 2, 6, 8});
  REQUIRE(node.buffers[1].values == std::vector<float>{9.5F, 35.0F});
  REQUIRE(graph.find("norm") == 1);
  REQUIRE_FALSE(graph.find("conv").has_value());
  REQUIRE(graph.refused_names.at("conv").find("is norm") != std::string::npos);
  REQUIRE(graph.refused_names.contains("Conv_0"));
}

TEST_CASE("a convolution that something else reads keeps its own tensor, and the norm stays a node") {
  const net::Graph graph = graph_of(with_norm().node("Add", {"conv", "norm"}, "sum"));
  REQUIRE(graph.nodes.size() == 4);
  REQUIRE(graph.find("conv").has_value());
  const net::Node& norm = graph.nodes[static_cast<std::size_t>(*graph.find("norm"))];
  REQUIRE(norm.op == net::Op::batch_norm);
  REQUIRE(norm.buffers[0].values == std::vector<float>{1, 2});
  REQUIRE(norm.buffers[1].values == std::vector<float>{-0.5F, -5.0F});
}

TEST_CASE("a product with a matrix and the vector added to it become one linear layer") {
  OnnxBuilder builder(2);
  builder.node("GlobalAveragePool", {"input"}, "pool").node("Flatten", {"pool"}, "flat");
  builder.weights("w", {2, 3}, {1, 2, 3, 4, 5, 6}).weights("b", {3}, {7, 8, 9});
  builder.node("MatMul", {"flat", "w"}, "product").node("Add", {"product", "b"}, "logits");
  const net::Node linear = graph_of(builder).nodes.back();
  REQUIRE(linear.name == "logits");
  REQUIRE(linear.op == net::Op::linear);
  REQUIRE(linear.buffers[0].shape == std::vector<std::int64_t>{3, 2});
  REQUIRE(linear.buffers[0].values == std::vector<float>{1, 4, 2, 5, 3, 6});
  REQUIRE(linear.buffers[1].values == std::vector<float>{7, 8, 9});
}

TEST_CASE("Gemm's factors go into its weights") {
  OnnxBuilder builder(2);
  builder.node("ReduceMean", {"input"}, "pool", {{"axes", {-1, -2}}, {"keepdims", 0}});
  builder.weights("w", {3, 2}, {1, 2, 3, 4, 5, 6}).weights("b", {1, 3}, {7, 8, 9});
  builder.node("Gemm", {"pool", "w", "b"}, "logits", {{"transB", 1}, {"alpha", 2.0F}, {"beta", 0.5F}});
  const net::Node linear = graph_of(builder).nodes.back();
  REQUIRE(linear.buffers[0].values == std::vector<float>{2, 4, 6, 8, 10, 12});
  REQUIRE(linear.buffers[1].values == std::vector<float>{3.5F, 4.0F, 4.5F});
}

TEST_CASE("dropout and identity vanish, and their names mean the same tensor") {
  OnnxBuilder builder(3);
  builder.convolution("input", "conv", 3, 4, 1).node("Identity", {"conv"}, "same", {}, "Identity_1");
  builder.node("Dropout", {"same"}, "dropped").node("Relu", {"dropped"}, "relu", {}, "Relu_3");
  const net::Graph graph = graph_of(builder);
  REQUIRE(graph.nodes.size() == 3);
  REQUIRE(graph.nodes[2].inputs == std::vector<int>{1});
  REQUIRE(graph.aliases.at("same") == 1);
  REQUIRE(graph.aliases.at("dropped") == 1);
  REQUIRE(graph.aliases.at("Relu_3") == 2);
}

TEST_CASE("a concat with ReLU branches gets a view before them, one without gets none") {
  OnnxBuilder builder(3);
  builder.convolution("input", "a", 3, 4, 1).node("Relu", {"a"}, "a_relu");
  builder.node("MaxPool", {"input"}, "pool", {{"kernel_shape", {1, 1}}});
  builder.node("Concat", {"a_relu", "pool"}, "joined", {{"axis", 1}});
  builder.node("Concat", {"a", "pool"}, "plain", {{"axis", 1}});
  const net::Graph graph = graph_of(builder);
  const net::Node& view = graph.nodes[static_cast<std::size_t>(*graph.find("joined_pre_relu"))];
  REQUIRE(view.only_a_view);
  REQUIRE(view.inputs == std::vector<int>{*graph.find("a"), *graph.find("pool")});
  REQUIRE_FALSE(graph.find("plain_pre_relu").has_value());
}

TEST_CASE("a reshape to one vector a picture is a flatten, however its target is computed") {
  const auto reshaped = [](OnnxBuilder&& builder) { return graph_of(builder).nodes.back(); };
  for (const OnnxBuilder::Integers& target : {OnnxBuilder::Integers{0, -1}, {-1, 48}, {0, 48}}) {
    const net::Node node =
        reshaped(std::move(OnnxBuilder(3, 4, 4).integers("to", target).node("Reshape", {"input", "to"}, "flat")));
    REQUIRE(node.op == net::Op::flatten);
    REQUIRE(std::get<net::Flatten>(node.attributes).channels == (target[1] == 48 ? 48 : 0));
  }
  // [Shape(input)[0], −1], as PyTorch's exporter writes x.view(x.size(0), -1)
  OnnxBuilder computed(3);
  computed.integers("first", {0}).integers("rest", {-1});
  computed.node("Shape", {"input"}, "shape").node("Gather", {"shape", "first"}, "pictures");
  computed.node("Concat", {"pictures", "rest"}, "target", {{"axis", 0}}).node("Reshape", {"input", "target"}, "flat");
  REQUIRE(reshaped(std::move(computed)).op == net::Op::flatten);
  for (const OnnxBuilder::Integers& target : {OnnxBuilder::Integers{1, -1}, {2, 24}, {0, 3, 16}, {-1, -1}})
    require_refused(OnnxBuilder(3).integers("to", target).node("Reshape", {"input", "to"}, "flat"),
                    "the node flat (Reshape)", target.size() == 2 ? "does not keep pictures apart" : "one vector");
}

TEST_CASE("weights may be reshaped before they are used, as old exporters do") {
  OnnxBuilder builder(2);
  builder.convolution("input", "c", 2, 2, 1).weights("s", {2}, {3, 5}).weights("flat", {4}, {1, 2, 3, 4});
  builder.node("Unsqueeze", {"s"}, "s4", {{"axes", {1, 2}}}).node("Relu", {"c"}, "r").node("Mul", {"r", "s4"}, "m");
  builder.node("GlobalAveragePool", {"m"}, "p").node("Flatten", {"p"}, "f");
  builder.integers("to", {2, -1}).node("Reshape", {"flat", "to"}, "w").node("Gemm", {"f", "w"}, "l", {{"transB", 1}});
  const net::Graph graph = graph_of(builder);
  REQUIRE(graph.nodes[static_cast<std::size_t>(*graph.find("m"))].buffers[0].values == std::vector<float>{3, 5});
  REQUIRE(graph.nodes.back().buffers[0].shape == std::vector<std::int64_t>{2, 2});
  for (const OnnxBuilder::Integers& target : {OnnxBuilder::Integers{3, -1}, {-1, -1}, {2, 3}, {0, 0}, {-2, -2}}) {
    OnnxBuilder wrong(2);
    wrong.weights("flat", {4}, {1, 2, 3, 4}).integers("to", target);
    require_refused(wrong.node("Reshape", {"flat", "to"}, "w"), "the node w (Reshape)", "does not fit its weights");
  }
}

TEST_CASE("weights are read from every form they are stored in") {
  const auto bias_of = [](OnnxBuilder&& builder) {
    builder.weights("w", {2, 1, 1, 1}, {1}).node("Conv", {"input", "w", "b"}, "conv");
    return graph_of(builder).nodes.back().buffers[1].values;
  };
  const std::vector<float> expected{1.5F, -0.25F};
  const auto* floats = reinterpret_cast<const char*>(expected.data());
  REQUIRE(bias_of(std::move(OnnxBuilder(1).tensor("b", {2}, 1, 9, {floats, 8}))) == expected);
  REQUIRE(bias_of(std::move(OnnxBuilder(1).tensor("b", {2}, 1, 4, {floats, 8}))) == expected);
  REQUIRE(bias_of(std::move(OnnxBuilder(1).tensor("b", {2}, 10, 9, {"\x00\x3E\x00\xB4", 4}))) == expected);
  const double doubles[2] = {1.5, -0.25};
  REQUIRE(bias_of(std::move(OnnxBuilder(1).tensor("b", {2}, 11, 10, {reinterpret_cast<const char*>(doubles), 16}))) ==
          expected);
}

TEST_CASE("bounds and pads may be attributes or inputs") {
  const OnnxBuilder::Integers pads{0, 0, 1, 2, 0, 0, 3, 4};
  for (const bool as_inputs : {false, true}) {
    OnnxBuilder builder(3, 0, 0, as_inputs ? 13 : 7);
    builder.weights("low", {}, {-1}).weights("high", {}, {6}).integers("pads", pads);
    if (as_inputs)
      builder.node("Pad", {"input", "pads"}, "padded").node("Clip", {"padded", "low", "high"}, "clipped");
    else
      builder.node("Pad", {"input"}, "padded", {{"pads", pads}})
          .node("Clip", {"padded"}, "clipped", {{"min", -1.0F}, {"max", 6.0F}});
    const net::Graph graph = graph_of(builder);
    const auto& pad = std::get<net::Pad>(graph.nodes[1].attributes);
    REQUIRE((pad.begin[0] == 1 && pad.begin[1] == 2 && pad.end[0] == 3 && pad.end[1] == 4));
    const auto& clip = std::get<net::Clip>(graph.nodes[2].attributes);
    REQUIRE((clip.low == -1.0F && clip.high == 6.0F));
  }
}

TEST_CASE("files of the oldest kind, which list initializers as inputs, open") {
  OnnxBuilder builder(3);
  builder.convolution("input", "conv", 3, 4, 1).listed_as_input("conv_w");
  REQUIRE(graph_of(builder).nodes.size() == 2);
}

TEST_CASE("what a network cannot be is refused in one sentence that names the node") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto convolution = [](const OnnxBuilder::Integers& dims,
                              const std::vector<OnnxBuilder::Attribute>& attributes) {
    return std::move(OnnxBuilder(3).weights("w", dims, {1}).node("Conv", {"input", "w"}, "c1", attributes));
  };
  const std::string c1 = "the node c1 (Conv)";
  require_refused(OnnxBuilder(3).node("Einsum", {"input"}, "e"), "the node e (Einsum)",
                  "Supported are Add, AveragePool");
  require_refused(OnnxBuilder(3).node("Relu", {"nothing"}, "r"), "the node r (Relu)",
                  "its input nothing is made by no node");
  require_refused(OnnxBuilder(3).node("Relu", {"b"}, "a").node("Relu", {"a"}, "b"), "the node a (Relu)", "in a circle");
  require_refused(OnnxBuilder(3).node("Relu", {"input"}, "a").node("Relu", {"a"}, "a"), "the node a (Relu)",
                  "the name of another tensor");
  require_refused(OnnxBuilder(3).node("Relu", {"input"}, "input"), "the node input (Relu)",
                  "the name of another tensor");
  require_refused(OnnxBuilder(3).weights("w", {1, 3, 1, 1}, {1, nan, 1}).node("Conv", {"input", "w"}, "c1"), "w",
                  "not finite");
  require_refused(OnnxBuilder(3).weights("w", {4, 3, 1, 1}, {1, 2, 3}).node("Conv", {"input", "w"}, "c1"), "w",
                  "do not match its shape of 12 values");
  require_refused(convolution({4, 3, 3, 3}, {{"strides", {100000, 1}}}), c1, "strides of 100000 is outside");
  require_refused(convolution({4, 3, 3, 3}, {{"strides", {0, 1}}}), c1, "strides of 0");
  require_refused(convolution({4, 3, 3, 3}, {{"pads", {-1, 0, 0, 0}}}), c1, "a pad of -1");
  require_refused(convolution({4, 3, 3, 3}, {{"group", 3}}), c1, "3 groups do not divide its 4 channels");
  require_refused(convolution({4, 3, 3, 3}, {{"group", 0}}), c1, "group of 0");
  require_refused(convolution({0, 3, 3, 3}, {}), c1, "empty");
  require_refused(convolution({4, 3, 3, 3}, {{"kernel_shape", {5, 5}}}), c1, "not that of its weights");
  require_refused(OnnxBuilder(3).tensor("w", {1 << 20, 1 << 20, 3, 3}, 1, 9, "").node("Conv", {"input", "w"}, "c1"),
                  "w", "an impossible shape");
  require_refused(OnnxBuilder(3).tensor("w", {1 << 20}, 1, 9, "abcd").node("Add", {"input", "w"}, "a"), "w",
                  "do not match its shape");
  require_refused(OnnxBuilder(3).tensor("w", {1}, 1, 13, "").node("Add", {"input", "w"}, "a"), "w",
                  "lie in another file");
  require_refused(OnnxBuilder(3, 0, 0, 6).node("Relu", {"input"}, "r"), "operator set 6", "7 to 24");
  require_refused(OnnxBuilder(3).node("Relu", {"input"}, std::string(5000, 'x')), "xxx", "5000 bytes long");
  require_refused(OnnxBuilder(3).node("Softmax", {"input"}, "s", {{"axis", 3}}), "the node s (Softmax)", "axis 3");
  OnnxBuilder norm(1);
  for (const char* name : {"gamma", "beta", "mean"}) norm.weights(name, {1}, {1});
  norm.weights("variance", {1}, {-1});
  require_refused(norm.node("BatchNormalization", {"input", "gamma", "beta", "mean", "variance"}, "n"), "the node n",
                  "the variance of channel 0 is not positive");
}

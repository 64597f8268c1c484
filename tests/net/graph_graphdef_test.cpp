#include <limits>

#include "base/rng.h"
#include "catch.h"
#include "graphdef_builder.h"
#include "net/graphdef_import.h"
#include "net/shapes.h"

namespace {

using Integers = GraphDefBuilder::Integers;

base::Result<net::Graph> import(const std::string& bytes) {
  return net::import_graphdef(std::as_bytes(std::span(bytes)), "test.pb");
}

net::Graph graph_of(const GraphDefBuilder& builder) {
  auto graph = import(builder.bytes());
  INFO((graph ? "" : graph.error().sentence()));
  REQUIRE(graph.ok());
  return std::move(*graph);
}

const net::Node& node_of(const net::Graph& graph, const char* name) {
  const auto index = graph.find(name);
  INFO(name);
  REQUIRE(index.has_value());
  return graph.nodes[static_cast<std::size_t>(*index)];
}

void require_refused(const GraphDefBuilder& builder, const std::string& node, const std::string& reason) {
  const auto graph = import(builder.bytes());
  REQUIRE_FALSE(graph.ok());
  const std::string sentence = graph.error().sentence();
  INFO(sentence);
  REQUIRE(sentence.find("The model test.pb cannot be opened") == 0);
  REQUIRE(sentence.find(node) != std::string::npos);
  REQUIRE(sentence.find(reason) != std::string::npos);
}

// A block of branches as InceptionV1 has them, from 3 channels to 2 | 4 | 3.
GraphDefBuilder block() {
  GraphDefBuilder builder(3, 8, 8);
  builder.convolution("input", "mixed_1x1_pre_relu", 3, 2, 1).node("Relu", {"mixed_1x1_pre_relu"}, "mixed_1x1");
  builder.convolution("input", "mixed_3x3_pre_relu", 3, 4, 3).node("Relu", {"mixed_3x3_pre_relu"}, "mixed_3x3");
  builder.node("MaxPool", {"input"}, "mixed_pool",
               {{"ksize", Integers{1, 3, 3, 1}}, {"strides", Integers{1, 1, 1, 1}}, {"padding", "SAME"}});
  builder.integers("mixed/concat_dim", {3}, true);
  return builder.node("Concat", {"mixed/concat_dim", "mixed_1x1", "mixed_3x3", "mixed_pool"}, "mixed");
}

std::string small_file() {  // with every kind of message that the reader enters
  GraphDefBuilder builder = block();
  builder.node("LRN", {"mixed"}, "norm", {{"depth_radius", 5}, {"bias", 2.0F}, {"alpha", 1e-4F}, {"beta", 0.5F}});
  builder.node("AvgPool", {"norm"}, "pool",
               {{"ksize", Integers{1, 8, 8, 1}}, {"strides", Integers{1, 1, 1, 1}}, {"padding", "VALID"}});
  builder.integers("shape", {-1, 9}).node("Reshape", {"pool", "shape"}, "flat");
  builder.constant("m", {9, 2}, {0.5F}).node("MatMul", {"flat", "m"}, "logits", {{"transpose_a", false}});
  return builder.node("Softmax", {"logits"}, "softmax").bytes();
}

}  // namespace

TEST_CASE("a bias is folded into its convolution, which keeps the later name, and weights are re-laid") {
  GraphDefBuilder builder(2);
  // [1, 2, in 2, out 2]: value = 100·column + 10·in + out
  builder.constant("w", {1, 2, 2, 2}, {0, 1, 10, 11, 100, 101, 110, 111}).constant("b", {2}, {5, 7});
  builder.node("Conv2D", {"input", "w"}, "c_pre_relu/conv", {{"strides", Integers{1, 2, 1, 1}}, {"padding", "VALID"}});
  builder.node("BiasAdd", {"c_pre_relu/conv", "b"}, "c_pre_relu").node("Relu", {"c_pre_relu"}, "c");
  const net::Graph graph = graph_of(builder);
  const net::Node& convolution = node_of(graph, "c_pre_relu");
  REQUIRE(convolution.buffers[0].shape == Integers{2, 2, 1, 2});
  REQUIRE(convolution.buffers[0].values == std::vector<float>{0, 100, 10, 110, 1, 101, 11, 111});
  REQUIRE(convolution.buffers[1].values == std::vector<float>{5, 7});
  const net::Window& window = std::get<net::Convolution>(convolution.attributes).window;
  REQUIRE((window.kernel[0] == 1 && window.kernel[1] == 2 && window.stride[0] == 2 && window.stride[1] == 1));
  REQUIRE(graph.refused_names.contains("c_pre_relu/conv"));
  REQUIRE(graph.aliases.at("c:0") == *graph.find("c"));
}

TEST_CASE("SAME pads at the end where the pads are odd, as TensorFlow does") {
  GraphDefBuilder builder(1);
  builder.constant("w", {3, 3, 1, 1}, {1});
  builder.node("Conv2D", {"input", "w"}, "c", {{"strides", Integers{1, 2, 2, 1}}, {"padding", "SAME"}});
  const net::Graph graph = graph_of(builder);
  const net::Window& window = std::get<net::Convolution>(node_of(graph, "c").attributes).window;
  const net::Window padded = net::padded_for(window, {1, 8, 9});
  REQUIRE((padded.pad_begin[0] == 0 && padded.pad_end[0] == 1));  // 8 rows: 4 windows reach 9
  REQUIRE((padded.pad_begin[1] == 1 && padded.pad_end[1] == 1));  // 9 columns: 5 windows reach 11
}

TEST_CASE("a local response norm is TensorFlow's, whose alpha is not divided by the window") {
  GraphDefBuilder builder(3);
  builder.node("LRN", {"input"}, "n", {{"depth_radius", 5}, {"bias", 2.0F}, {"alpha", 1e-4F}, {"beta", 0.5F}});
  const net::Graph graph = graph_of(builder);
  const auto& lrn = std::get<net::Lrn>(node_of(graph, "n").attributes);
  REQUIRE(lrn.size == 11);
  REQUIRE(std::abs(lrn.alpha / 11 - 1e-4F) < 1e-10F);
  REQUIRE((lrn.beta == 0.5F && lrn.bias == 2.0F));
}

TEST_CASE("a concat of branches has Lucid's view before the ReLUs, and nodes may stand in any order") {
  const net::Graph graph = graph_of(block());
  REQUIRE(node_of(graph, "mixed").inputs.size() == 3);
  const net::Node& view = node_of(graph, "mixed_pre_relu");
  REQUIRE(view.only_a_view);
  REQUIRE(view.inputs == std::vector<int>{*graph.find("mixed_1x1_pre_relu"), *graph.find("mixed_3x3_pre_relu"),
                                          *graph.find("mixed_pool")});
  const auto shapes = net::infer_shapes(graph, 3, {8, 8});
  REQUIRE((*shapes)[static_cast<std::size_t>(*graph.find("mixed_pre_relu"))] == net::Shape{9, 8, 8});

  GraphDefBuilder late(3);  // the reader before what it reads
  late.node("Relu", {"c"}, "r").convolution("input", "c", 3, 2, 1).integers("axis", {-1}, true);
  late.node("ConcatV2", {"r", "input", "axis"}, "both");
  const net::Graph sorted = graph_of(late);
  REQUIRE(node_of(sorted, "both").inputs == std::vector<int>{*sorted.find("r"), *sorted.find("input")});
  REQUIRE(sorted.outputs == std::vector<int>{*sorted.find("both")});
}

TEST_CASE("a reshape to vectors keeps TensorFlow's order of the values") {
  GraphDefBuilder builder(2, 3, 3);
  builder.integers("shape", {-1, 18}).node("Reshape", {"input", "shape"}, "flat");
  builder.constant("w", {18, 2}, std::vector<float>(36, 1)).node("MatMul", {"flat", "w"}, "l");
  const net::Graph graph = graph_of(builder);
  const auto& flatten = std::get<net::Flatten>(node_of(graph, "flat").attributes);
  REQUIRE((flatten.channels_last && flatten.channels == 18));
  REQUIRE(net::infer_shapes(graph, 2, {3, 3}).ok());
  REQUIRE_FALSE(net::infer_shapes(graph, 2, {4, 4}).ok());
}

TEST_CASE("one value in the file stands for all of a constant's, as TensorFlow writes it") {
  GraphDefBuilder builder(2);
  builder.constant("b", {2}, {0.5F}).node("Add", {"input", "b"}, "sum");
  REQUIRE(node_of(graph_of(builder), "sum").buffers[0].values == std::vector<float>{0.5F, 0.5F});
}

TEST_CASE("a TensorFlow graph that no network can be is refused in one sentence that names the node") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto with = [](int in, const Integers& dims, std::vector<GraphDefBuilder::Attribute> attributes) {
    GraphDefBuilder builder(in);
    builder.constant("w", dims, {1});
    return builder.node("Conv2D", {"input", "w"}, "c", attributes);
  };
  require_refused(GraphDefBuilder().node("Einsum", {"input"}, "e"), "the node e (Einsum)", "Supported are Placeholder");
  require_refused(GraphDefBuilder().node("Relu", {"nothing"}, "r"), "the node r (Relu)", "it dangles");
  require_refused(GraphDefBuilder().node("Relu", {"b"}, "a").node("Relu", {"a"}, "b"), "(Relu)", "in a circle");
  require_refused(GraphDefBuilder().node("Relu", {"a"}, "a"), "the node a (Relu)", "in a circle");
  require_refused(GraphDefBuilder().node("Relu", {"input"}, "a").node("Relu", {"input"}, "a"), "two nodes", "named a");
  require_refused(GraphDefBuilder().node("Relu", {"input:1"}, "a"), "the node a (Relu)", "only the first output");
  require_refused(GraphDefBuilder().node("Placeholder", {}, "second"), "input and second", "two inputs");
  require_refused(GraphDefBuilder().constant("w", {2}, {1, nan}).node("Add", {"input", "w"}, "a"), "w", "not finite");
  require_refused(GraphDefBuilder().constant("w", {3}, {1, 2}).node("Add", {"input", "w"}, "a"), "w",
                  "do not match its shape of 3 values");
  require_refused(GraphDefBuilder().constant("w", {1 << 25, 1 << 25}, {1}).node("Add", {"input", "w"}, "a"), "w",
                  "an impossible shape");
  require_refused(GraphDefBuilder().constant("w", {1 << 26}, {1}).node("Add", {"input", "w"}, "a"), "w",
                  "do not match its shape");
  require_refused(with(3, {3, 3, 3, 4}, {{"strides", Integers{1, 100000, 1, 1}}, {"padding", "SAME"}}),
                  "the node c (Conv2D)", "strides of 100000 is outside");
  require_refused(with(3, {3, 3, 3, 4}, {{"strides", Integers{1, 1, 1, 1}}, {"padding", "EXPLICIT"}}),
                  "the node c (Conv2D)", "neither SAME nor VALID");
  require_refused(with(3, {3, 3, 3, 4}, {{"padding", "SAME"}, {"data_format", "NCHW"}}), "the node c (Conv2D)", "NCHW");
  require_refused(GraphDefBuilder().integers("s", {2, 24}).node("Reshape", {"input", "s"}, "f"), "the node f (Reshape)",
                  "does not keep pictures apart");
  const auto nothing = import("");
  REQUIRE(nothing.error().sentence().find("no TensorFlow graph") != std::string::npos);
}

TEST_CASE("a TensorFlow graph cut off or altered anywhere is refused or read, never worse") {
  const std::string whole = small_file();
  REQUIRE(import(whole).ok());
  const auto survives = [](const std::string& bytes) {
    const auto graph = import(bytes);
    if (!graph) return false;
    if (const auto shapes = net::infer_shapes(*graph, 3, {8, 8}))
      REQUIRE(net::receptive_fields(*graph, *shapes).size() == graph->nodes.size());
    return true;
  };
  for (std::size_t size = 0; size < whole.size(); ++size) survives(whole.substr(0, size));
  base::Rng rng(13);
  int refused = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    std::string bytes = whole;
    for (int flips = 1 + rng.below(3); flips > 0; --flips)
      bytes[static_cast<std::size_t>(rng.below(static_cast<int>(bytes.size())))] = static_cast<char>(rng.below(256));
    refused += survives(bytes) ? 0 : 1;
  }
  REQUIRE(refused > 1000);
  REQUIRE(refused < 20000);
}

TEST_CASE("a TensorFlow batch norm is a scale and a shift, and one whose variance is not positive is refused") {
  const auto with_variance = [](float variance) {
    GraphDefBuilder builder(3, 4, 4);
    builder.constant("gamma", {3}, {2, 2, 2}).constant("beta", {3}, {5, 5, 5}).constant("mean", {3}, {1, 2, 3});
    builder.constant("variance", {3}, {4, 4, variance});
    return builder.node("FusedBatchNorm", {"input", "gamma", "beta", "mean", "variance"}, "n",
                        {{"is_training", false}, {"epsilon", 0.25F}});
  };
  const net::Graph graph = graph_of(with_variance(0.0F));
  const net::Node& norm = node_of(graph, "n");
  REQUIRE(norm.op == net::Op::batch_norm);
  REQUIRE(norm.buffers[0].values[2] == 4.0F);   // 2 / √(0 + ¼)
  REQUIRE(norm.buffers[1].values[2] == -7.0F);  // 5 − 3 · 4
  require_refused(with_variance(-0.25F), "the node n (FusedBatchNorm)", "the variance of channel 2 is not positive");
  require_refused(with_variance(-4.0F), "the node n (FusedBatchNorm)", "the variance of channel 2 is not positive");
}

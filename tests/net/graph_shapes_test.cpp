#include <algorithm>
#include <set>

#include "base/rng.h"
#include "catch.h"
#include "net/onnx_import.h"
#include "net/shapes.h"
#include "onnx_builder.h"

namespace {

using Attributes = std::vector<OnnxBuilder::Attribute>;

net::Graph graph_of(const OnnxBuilder& builder) {
  const std::string bytes = builder.bytes();
  auto graph = net::import_onnx(std::as_bytes(std::span(bytes)), "test");
  INFO((graph ? "" : graph.error().sentence()));
  REQUIRE(graph.ok());
  return std::move(*graph);
}

// The shape that one layer makes of an input of 6 channels.
net::Shape shape_after(const OnnxBuilder& builder, int rows, int cols) {
  const net::Graph graph = graph_of(builder);
  const auto shapes = net::infer_shapes(graph, 6, {cols, rows});
  INFO((shapes ? "" : shapes.error().sentence()));
  REQUIRE(shapes.ok());
  return shapes->back();
}

OnnxBuilder max_pool(const Attributes& attributes) {
  return std::move(OnnxBuilder(6).node("MaxPool", {"input"}, "pool", attributes));
}

OnnxBuilder convolution(const OnnxBuilder::Integers& weight, const Attributes& attributes) {
  return std::move(OnnxBuilder(6).weights("w", weight, {0.5F}).node("Conv", {"input", "w"}, "conv", attributes));
}

}  // namespace

TEST_CASE("a window's map has the size that is computed by hand") {
  // (10 + 0 + 0 − 3) / 1 + 1
  REQUIRE(shape_after(convolution({4, 6, 3, 3}, {}), 10, 12) == net::Shape{4, 8, 10});
  // pads top 0, left 1, bottom 2, right 3: (8 + 2 − 3) / 2 + 1 and (9 + 4 − 3) / 2 + 1
  REQUIRE(shape_after(convolution({4, 6, 3, 3}, {{"pads", {0, 1, 2, 3}}, {"strides", {2, 2}}}), 8, 9) ==
          net::Shape{4, 4, 6});
  // a dilated kernel of 3 reaches over 5 rows
  REQUIRE(shape_after(convolution({4, 6, 3, 3}, {{"dilations", {2, 1}}}), 10, 10) == net::Shape{4, 6, 8});
  REQUIRE(shape_after(convolution({9, 2, 3, 3}, {{"group", 3}}), 5, 5) == net::Shape{9, 3, 3});
  REQUIRE(shape_after(convolution({4, 6, 1, 7}, {{"strides", {1, 2}}}), 8, 9) == net::Shape{4, 8, 2});
}

TEST_CASE("a pool in ceil mode adds an overhanging window, but none that starts beyond the input") {
  REQUIRE(shape_after(max_pool({{"kernel_shape", {3, 3}}, {"strides", {2, 2}}}), 6, 7) == net::Shape{6, 2, 3});
  REQUIRE(shape_after(max_pool({{"kernel_shape", {3, 3}}, {"strides", {2, 2}}, {"ceil_mode", 1}}), 6, 7) ==
          net::Shape{6, 3, 3});
  // a fourth window would start at 9, beyond the 7 cells and the leading pad
  REQUIRE(
      shape_after(max_pool({{"kernel_shape", {2, 2}}, {"strides", {3, 3}}, {"pads", {1, 1, 1, 1}}, {"ceil_mode", 1}}),
                  7, 8) == net::Shape{6, 3, 3});
}

TEST_CASE("SAME pads to ceil(size / stride), with the odd pixel at the end or the beginning") {
  for (const auto& [rule, begin, end] : {std::tuple{"SAME_UPPER", 2, 3}, std::tuple{"SAME_LOWER", 3, 2}}) {
    const net::Graph graph = graph_of(convolution({4, 6, 7, 7}, {{"auto_pad", rule}, {"strides", {2, 2}}}));
    const auto& window = std::get<net::Convolution>(graph.nodes[1].attributes).window;
    const net::Window padded = net::padded_for(window, {6, 224, 225});
    REQUIRE(padded.pad_begin[0] == begin);
    REQUIRE(padded.pad_end[0] == end);
    REQUIRE(padded.pad_begin[1] == 3);
    REQUIRE(padded.pad_end[1] == 3);
    REQUIRE(net::infer_shapes(graph, 6, {225, 224})->back() == net::Shape{4, 112, 113});
  }
}

TEST_CASE("pads, joins and vectors have the shapes that are computed by hand") {
  OnnxBuilder builder(2);
  builder.integers("pads", {0, 0, 1, 2, 0, 0, 3, 4}).node("Pad", {"input", "pads"}, "padded");
  builder.convolution("padded", "a", 2, 3, 1).convolution("padded", "b", 2, 5, 1);
  builder.node("Concat", {"a", "b"}, "joined", {{"axis", 1}});
  builder.node("Flatten", {"joined"}, "flat");
  builder.weights("fc_w", {8 * 8 * 11, 7}, {0.1F}).node("Gemm", {"flat", "fc_w"}, "logits");
  const net::Graph graph = graph_of(builder);
  const auto shapes = net::infer_shapes(graph, 2, {5, 4});
  REQUIRE(shapes->at(static_cast<std::size_t>(*graph.find("padded"))) == net::Shape{2, 8, 11});
  REQUIRE(shapes->at(static_cast<std::size_t>(*graph.find("joined"))) == net::Shape{8, 8, 11});
  REQUIRE(shapes->back() == net::Shape{7, 1, 1});

  // At another size the linear layer does not exist, what comes before it does.
  const auto refused = net::infer_shapes(graph, 2, {6, 4});
  REQUIRE_FALSE(refused.ok());
  REQUIRE(refused.error().what.find("logits") != std::string::npos);
  const auto before = net::infer_shapes(graph, 2, {6, 4}, {*graph.find("joined")});
  REQUIRE(before->at(static_cast<std::size_t>(*graph.find("joined"))) == net::Shape{8, 8, 12});
  REQUIRE(before->back() == net::Shape{});
}

TEST_CASE("shapes that do not fit are refused with the layer's name") {
  const auto refusal = [](const OnnxBuilder& builder, core::Size size) {
    const net::Graph graph = graph_of(builder);
    const auto shapes = net::infer_shapes(graph, 6, size);
    REQUIRE_FALSE(shapes.ok());
    return shapes.error().sentence();
  };
  REQUIRE(refusal(convolution({4, 5, 3, 3}, {}), {9, 9}).find("The layer conv (convolution)") == 0);
  REQUIRE(refusal(convolution({4, 6, 3, 3}, {}), {9, 2}).find("nothing would remain") != std::string::npos);
  REQUIRE(refusal(convolution({4, 6, 3, 3}, {}), {1 << 20, 9}).find("not possible") != std::string::npos);
  OnnxBuilder add(6);
  add.convolution("input", "half", 6, 6, 1, {{"strides", {2, 2}}}).node("Add", {"input", "half"}, "sum");
  REQUIRE(refusal(add, {8, 8}).find("differ in shape") != std::string::npos);
}

TEST_CASE("the main path leaves out what runs beside it") {
  OnnxBuilder builder(3);
  builder.convolution("input", "stem", 3, 4, 3).node("Relu", {"stem"}, "stem_relu");
  builder.convolution("stem_relu", "left", 4, 4, 1).convolution("left", "left2", 4, 4, 1);
  builder.node("Add", {"left2", "stem_relu"}, "sum").convolution("sum", "last", 4, 2, 1);
  const net::Graph graph = graph_of(builder);
  std::vector<std::string> names;
  for (const int index : net::main_path(graph, *graph.find("last")))
    names.push_back(graph.nodes[static_cast<std::size_t>(index)].name);
  REQUIRE(names == std::vector<std::string>{"input", "stem", "stem_relu", "sum", "last"});
  REQUIRE(net::ancestors(graph, {*graph.find("left")}).size() == 4);
}

// ---- receptive fields against brute force: which input rows reach a cell, followed cell by cell ----
namespace {

using Rows = std::set<int>;

std::vector<Rows> seen_through(const std::vector<Rows>& in, const net::Window& window, int outputs) {
  std::vector<Rows> out(static_cast<std::size_t>(outputs));
  for (int i = 0; i < outputs; ++i)
    for (int k = 0; k < window.kernel[0]; ++k) {
      const int row = i * window.stride[0] - window.pad_begin[0] + k * window.dilation[0];
      if (row < 0 || row >= static_cast<int>(in.size())) continue;
      const Rows& seen = in[static_cast<std::size_t>(row)];
      out[static_cast<std::size_t>(i)].insert(seen.begin(), seen.end());
    }
  return out;
}

std::vector<std::vector<Rows>> rows_seen(const net::Graph& graph, const std::vector<net::Shape>& shapes) {
  std::vector<std::vector<Rows>> seen;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const net::Node& node = graph.nodes[i];
    std::vector<Rows> rows(static_cast<std::size_t>(shapes[i].rows));
    if (node.op == net::Op::input)
      for (int row = 0; row < shapes[i].rows; ++row) rows[static_cast<std::size_t>(row)] = {row};
    for (const int input : node.inputs) {
      std::vector<Rows> more = seen[static_cast<std::size_t>(input)];
      const net::Shape& in = shapes[static_cast<std::size_t>(input)];
      if (const auto* convolution = std::get_if<net::Convolution>(&node.attributes))
        more = seen_through(more, net::padded_for(convolution->window, in), shapes[i].rows);
      if (const auto* pool = std::get_if<net::Pool>(&node.attributes))
        more = seen_through(more, net::padded_for(pool->window, in), shapes[i].rows);
      for (std::size_t row = 0; row < rows.size(); ++row) rows[row].insert(more[row].begin(), more[row].end());
    }
    seen.push_back(std::move(rows));
  }
  return seen;
}

// A random chain of windows with a two-armed block in the middle.
OnnxBuilder random_network(base::Rng& rng) {
  OnnxBuilder builder(1);
  std::string last = "input";
  const auto pair = [](int value) { return OnnxBuilder::Integers{value, value}; };
  const auto square_pads = [](int begin, int end) { return OnnxBuilder::Integers{begin, begin, end, end}; };
  for (int layer = 0; layer < 4; ++layer) {
    const std::string name = "layer" + std::to_string(layer);
    const int kernel = 1 + rng.below(5), stride = 1 + rng.below(2);
    Attributes attributes{{"strides", pair(stride)}};
    if (rng.below(3) == 0)
      attributes.emplace_back("auto_pad", rng.below(2) == 0 ? "SAME_UPPER" : "SAME_LOWER");
    else
      attributes.emplace_back("pads", square_pads(rng.below(kernel), rng.below(kernel)));
    if (rng.below(2) == 0) {
      attributes.emplace_back("kernel_shape", pair(kernel));
      attributes.emplace_back("ceil_mode", rng.below(2));
      builder.node("MaxPool", {last}, name, attributes);
    } else {
      attributes.emplace_back("dilations", pair(1 + rng.below(2)));
      builder.convolution(last, name, 1, 1, kernel, attributes);
    }
    last = name;
    if (layer == 1) {
      builder.convolution(last, "narrow", 1, 1, 1).convolution(last, "wide", 1, 1, 5, {{"pads", square_pads(2, 2)}});
      builder.node("Add", {"narrow", "wide"}, "sum");
      last = "sum";
    }
  }
  return builder;
}

}  // namespace

TEST_CASE("no cell sees beyond its receptive field, and one that lies inside the picture sees both its ends") {
  base::Rng rng(5);
  int compared = 0;
  for (int trial = 0; trial < 60; ++trial) {
    const net::Graph graph = graph_of(random_network(rng));
    const int side = 40 + rng.below(30);
    const auto shapes = net::infer_shapes(graph, 1, {side, side});
    if (!shapes) continue;  // the network is too deep for this side
    const std::vector<net::ReceptiveField> fields = net::receptive_fields(graph, *shapes);
    const std::vector<std::vector<Rows>> seen = rows_seen(graph, *shapes);
    for (std::size_t node = 0; node < seen.size(); ++node) {
      REQUIRE_FALSE(fields[node].whole_input);
      for (int row = 0; row < static_cast<int>(seen[node].size()); ++row) {
        const int first = fields[node].first_px + row * fields[node].stride_px;
        const int last = first + fields[node].size_px - 1;
        const Rows& rows = seen[node][static_cast<std::size_t>(row)];
        if (rows.empty()) continue;  // padding alone
        REQUIRE(*rows.begin() >= first);
        REQUIRE(*rows.rbegin() <= last);
        if (first < 0 || last >= side) continue;
        REQUIRE(*rows.begin() == first);
        REQUIRE(*rows.rbegin() == last);
        ++compared;
      }
    }
  }
  REQUIRE(compared > 1000);
}

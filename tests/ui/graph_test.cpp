// The graph of a model: rows, lanes, blocks, what a unit depends on, and the screen by keyboard.
#include "ui/graph_layout.h"

#include <algorithm>

#include "catch.h"
#include "scene.h"
#include "ui/actions.h"
#include "ui/graph_view.h"

namespace {

using Graph = std::vector<engine::GraphNode>;

int add(Graph& graph, std::string name, std::string op, std::vector<int> inputs, int channels = 4) {
  engine::GraphNode node;
  node.name = std::move(name);
  node.op = std::move(op);
  node.pointwise = node.op == "relu";
  node.inputs = std::move(inputs);
  node.channels = channels;
  node.rows = node.cols = 14;
  node.receptive_field_px = 19;
  graph.push_back(std::move(node));
  return static_cast<int>(graph.size()) - 1;
}

int convolve(Graph& graph, const std::string& name, int input, int channels = 4) {
  return add(graph, name, "relu", {add(graph, name + "_pre_relu", "convolution", {input}, channels)}, channels);
}

// Two Inception blocks with their views, and a head that training had between them.
Graph inception() {
  Graph graph;
  int value = convolve(graph, "conv", add(graph, "input", "input", {}, 3));
  for (const char* block : {"a", "b"}) {
    const std::string name = block;
    const int one = convolve(graph, name + "_1x1", value, 2);
    const int three = convolve(graph, name + "_3x3", convolve(graph, name + "_3x3_bottleneck", value), 3);
    const int pool = convolve(graph, name + "_pool_reduce", add(graph, name + "_pool", "max_pool", {value}), 1);
    value = add(graph, name, std::string(engine::kConcatenation), {one, three, pool}, 6);
    if (name == "a") add(graph, "head", "softmax", {convolve(graph, "head_conv", value)});
  }
  add(graph, "softmax", "softmax", {add(graph, "linear", "linear", {value})});
  for (const char* block : {"a", "b"}) {
    const std::string name = block;
    const auto before = [&](const std::string& branch) { return ui::node_named(graph, branch + "_pre_relu"); };
    add(graph, name + "_pre_relu", std::string(engine::kConcatenation),
        {before(name + "_1x1"), before(name + "_3x3"), before(name + "_pool_reduce")}, 6);
    graph.back().only_a_view = true;
  }
  return graph;
}

Graph residual() {
  Graph graph;
  int value = convolve(graph, "conv", add(graph, "input", "input", {}, 3));
  for (const char* block : {"one", "two"}) {
    const std::string name = block;
    const int second = add(graph, name + ".conv2", "convolution", {convolve(graph, name + ".conv1", value)});
    value = add(graph, name + ".relu", "relu", {add(graph, name, std::string(engine::kAddition), {second, value})});
  }
  add(graph, "fc", "linear", {value});
  return graph;
}

const ui::GraphRow& row_named(const Graph& graph, const ui::GraphLayout& layout, const char* name) {
  return layout.rows[static_cast<std::size_t>(layout.row_of[static_cast<std::size_t>(ui::node_named(graph, name))])];
}

// Laws of every layout.
void check(const Graph& graph, const ui::GraphLayout& layout) {
  for (std::size_t row = 0; row < layout.rows.size(); ++row) {
    for (const int input : layout.rows[row].inputs) REQUIRE(input < static_cast<int>(row));
    REQUIRE(layout.rows[row].lane < layout.lanes);
  }
  // No value runs through another's node, nor beside another in one lane.
  for (std::size_t reader = 0; reader < layout.rows.size(); ++reader)
    for (const int source : layout.rows[reader].inputs)
      for (int between = source + 1; between < static_cast<int>(reader); ++between)
        REQUIRE(layout.rows[static_cast<std::size_t>(between)].lane !=
                layout.rows[static_cast<std::size_t>(source)].lane);
  for (std::size_t node = 0; node < graph.size(); ++node) REQUIRE(layout.row_of[node] >= 0);
}

engine::Snapshots with(const Graph& graph) {
  engine::Snapshots in = scene::beginning();
  auto model = scene::model();
  model->graph = graph;
  model->understand = [graph](std::string_view text) -> base::Result<engine::UnderstoodName> {
    const base::Result<core::Unit> unit = core::parse_unit(text);
    if (!unit) return unit.error();
    if (ui::node_named(graph, unit->layer) >= 0) return engine::UnderstoodName{*unit, "a channel"};
    return base::Error{"The layer " + unit->layer + " is not in the model", "it has others", "Choose one of them."};
  };
  in.model = model;
  return in;
}

}  // namespace

TEST_CASE("values run in lanes of their own, from the input down, with and without rows for ReLUs") {
  for (const Graph& graph : {inception(), residual()})
    for (const bool pointwise : {false, true}) {
      const ui::GraphLayout layout = ui::lay_out(graph, pointwise);
      check(graph, layout);
      const auto views = std::ranges::count_if(graph, [](const auto& node) { return node.only_a_view; });
      const auto relus = std::ranges::count_if(graph, [](const auto& node) { return node.pointwise; });
      REQUIRE(static_cast<std::ptrdiff_t>(layout.rows.size()) ==
              static_cast<std::ptrdiff_t>(graph.size()) - views - (pointwise ? 0 : relus));
    }
}

TEST_CASE("an Inception block is one block of its branches, and a head beside it belongs to none") {
  const Graph graph = inception();
  const ui::GraphLayout layout = ui::lay_out(graph, false);
  REQUIRE(layout.blocks.size() == 2);
  REQUIRE(layout.lanes >= 3);
  for (const ui::GraphBlock& block : layout.blocks) {
    REQUIRE(block.branches == 3);
    REQUIRE(block.last - block.first == 5);  // 1×1, bottleneck, 3×3, pool, reduce, concat
  }
  REQUIRE(row_named(graph, layout, "a_3x3").block == 0);
  REQUIRE(row_named(graph, layout, "b").block == 1);
  for (const char* name : {"conv", "head_conv", "head", "linear"}) REQUIRE(row_named(graph, layout, name).block == -1);
  // A concat's units are those before its ReLUs.
  REQUIRE(graph[static_cast<std::size_t>(row_named(graph, layout, "a").named)].name == "a_pre_relu");
}

TEST_CASE("a residual connection is one block of two") {
  const Graph graph = residual();
  const ui::GraphLayout layout = ui::lay_out(graph, false);
  REQUIRE(layout.blocks.size() == 2);
  REQUIRE(layout.lanes == 2);
  for (const ui::GraphBlock& block : layout.blocks) {
    REQUIRE(block.branches == 2);
    REQUIRE(block.last - block.first == 2);
  }
}

TEST_CASE("a unit of a concatenation depends on its branch, not on the others, and on all that the branch depends on") {
  const Graph graph = inception();
  const auto lit = [&](const char* layer, int channel, const char* other) {
    const auto on = ui::depends_on(graph, ui::node_named(graph, layer), channel);
    return on[static_cast<std::size_t>(ui::node_named(graph, other))] != 0;
  };
  // Channels 0 and 1 are the 1×1 branch, 2 to 4 the 3×3, 5 the pool.
  for (const char* layer : {"a", "a_pre_relu"}) {
    REQUIRE(lit(layer, 1, "a_1x1_pre_relu"));
    REQUIRE_FALSE(lit(layer, 1, "a_3x3_pre_relu"));
    REQUIRE(lit(layer, 2, "a_3x3_bottleneck"));
    REQUIRE_FALSE(lit(layer, 2, "a_1x1_pre_relu"));
    REQUIRE(lit(layer, 5, "a_pool"));
    REQUIRE(lit(layer, 5, "input"));
  }
  for (const char* other : {"a_1x1", "a_3x3", "a_pool_reduce", "b_pool"}) REQUIRE(lit("b", 5, other));
  REQUIRE_FALSE(lit("b", 5, "head"));
  REQUIRE_FALSE(lit("b", 5, "b_1x1"));
}

TEST_CASE("the graph is walked, searched and left by keyboard, and its row follows the chosen unit") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"a_pre_relu", 2, std::nullopt});
  engine::Snapshots in = with(inception());
  in.picture = nullptr;  // so that a layer's first unit is chosen at once
  engine::Requests out;
  REQUIRE(ui::perform(workspace, in, out, "graph").ok());
  gui.frames(4, workspace, in);
  REQUIRE(workspace.screen == ui::Screen::graph);
  const ui::GraphView& view = workspace.graph;
  REQUIRE(view.chosen == view.layout.row_of[static_cast<std::size_t>(ui::node_named(in.model->graph, "a"))]);
  REQUIRE(view.lit_rows > 0);
  REQUIRE(ui::is_lit(view, view.layout.rows[static_cast<std::size_t>(view.chosen)]));  // by the view before its ReLUs
  const auto press = [&](ImGuiKey key) {
    ImGui::GetIO().AddKeyEvent(key, true);
    gui.frame(workspace, in);
    ImGui::GetIO().AddKeyEvent(key, false);
    gui.frames(2, workspace, in);
  };
  const int before = view.chosen;
  press(ImGuiKey_DownArrow);
  REQUIRE(view.chosen == before + 1);
  press(ImGuiKey_End);
  REQUIRE(view.chosen == static_cast<int>(view.layout.rows.size()) - 1);
  REQUIRE(workspace.chosen.unit->layer == "softmax");
  REQUIRE(ui::perform(workspace, in, out, "graph search 3x3_b").ok());
  gui.frames(2, workspace, in);
  REQUIRE(view.found.size() == 2);
  REQUIRE(workspace.chosen.unit->layer == "a_3x3_bottleneck_pre_relu");
  REQUIRE(ui::perform(workspace, in, out, "graph search 3x3_b").ok());
  REQUIRE(workspace.chosen.unit->layer == "b_3x3_bottleneck_pre_relu");
  REQUIRE(ui::perform(workspace, in, out, "graph search nothing:5").ok());
  gui.frames(2, workspace, in);
  REQUIRE(view.understood.find("Choose one of") != std::string::npos);
  press(ImGuiKey_Enter);
  REQUIRE(workspace.screen == ui::Screen::explore);
}

TEST_CASE("a click on a row chooses its layer") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace;
  workspace.hand.acted = true;
  engine::Snapshots in = with(residual());
  in.picture = nullptr;
  workspace.screen = ui::Screen::graph;
  gui.frames(4, workspace, in);
  const auto click = [&](float x, float y) {
    ImGui::GetIO().AddMousePosEvent(x, y);
    gui.frames(2, workspace, in);
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    gui.frames(2, workspace, in);
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    gui.frames(2, workspace, in);
  };
  std::vector<std::string> chosen;
  for (float y = 110; y < 300; y += 24) {
    click(400, y);
    chosen.push_back(workspace.chosen.unit ? workspace.chosen.unit->layer : "");
  }
  REQUIRE(std::ranges::count(chosen, "one") >= 1);
  REQUIRE(std::ranges::count(chosen, "one.conv2") >= 1);
}

TEST_CASE("the graph draws in every size, with nothing chosen, and with a model that failed") {
  for (const core::Size size : {core::Size{640, 400}, core::Size{1280, 800}, core::Size{3840, 2160}}) {
    scene::Headless gui(size, 2.0F);
    ui::Workspace workspace;
    workspace.screen = ui::Screen::graph;
    gui.frames(3, workspace, {});
    engine::Snapshots in = with(inception());
    gui.frames(3, workspace, in);
    workspace.graph.pointwise = true;
    gui.frames(3, workspace, in);
    auto broken = std::make_shared<engine::ModelSnapshot>();
    broken->error = base::Error{"The model cannot be opened", "it ends early", ""};
    in.model = broken;
    gui.frames(3, workspace, in);
    REQUIRE(workspace.screen == ui::Screen::graph);
  }
}

TEST_CASE("a product with one value a channel is a gate, one with a whole map is not") {
  engine::ModelSnapshot model;
  const int map = add(model.graph, "map", "convolution", {}, 4);
  const int sigmoid = add(model.graph, "sigmoid", "sigmoid", {map}, 4);
  const int gate = add(model.graph, "gate", "sigmoid", {map}, 4);
  model.graph.back().rows = model.graph.back().cols = 1;
  add(model.graph, "swish", std::string(engine::kMultiplication), {map, sigmoid}, 4);
  REQUIRE_FALSE(ui::is_gate(model, model.graph.back()));
  add(model.graph, "excited", std::string(engine::kMultiplication), {gate, map}, 4);
  REQUIRE(ui::is_gate(model, model.graph.back()));
}

#include "ui/graph_view.h"

#include <algorithm>
#include <cctype>

#include "ui/choice.h"
#include "ui/search.h"
#include "ui/workspace.h"

namespace ui {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// Layers by part of their names, whichever way the parts are joined: layer2.0 finds /layer2/layer2.0/conv1.
std::string plain(std::string_view name) {
  std::string made;
  for (const char c : name) {
    const bool joins = c == '.' || c == '/' || c == '-' || c == '_' || c == ' ';
    if (!joins) made += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return made;
}

void update_rows(GraphView& graph, const engine::ModelPointer& model) {
  if (graph.model == model && graph.laid_out_pointwise == graph.pointwise) return;
  graph.model = model;
  graph.laid_out_pointwise = graph.pointwise;
  graph.layout = lay_out(model->graph, graph.pointwise);
  graph.lit_for.reset();
  graph.chosen = -1;
  graph.searched.clear();
  graph.found.clear();
}

void update_light(GraphView& graph, const std::optional<core::Unit>& unit) {
  if (graph.lit_for == unit && (unit || graph.lit.empty())) return;
  graph.lit_for = unit;
  graph.lit.clear();
  graph.lit_rows = 0;
  const int node = unit ? node_named(graph.model->graph, unit->layer) : -1;
  if (node < 0) return;
  graph.lit = depends_on(graph.model->graph, node, unit->channel);
  for (const GraphRow& row : graph.layout.rows) graph.lit_rows += is_lit(graph, row) ? 1 : 0;
  const int row = graph.layout.row_of[at(node)];
  graph.show_chosen = graph.show_chosen || row != graph.chosen;
  graph.chosen = row;
}

void update_search(GraphView& graph, const engine::Snapshots& in) {
  if (graph.searched == graph.search) return;
  graph.searched = graph.search;
  graph.found.clear();
  graph.understood.clear();
  const std::string wanted = plain(graph.search);
  if (wanted.empty()) return;
  const std::vector<engine::GraphNode>& nodes = graph.model->graph;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    const int row = graph.layout.row_of[node];
    const bool has = plain(nodes[node].name).find(wanted) != std::string::npos ||
                     plain(nodes[node].short_name).find(wanted) != std::string::npos || plain(nodes[node].op) == wanted;
    if (has && row >= 0) graph.found.push_back(row);
  }
  std::ranges::sort(graph.found);
  graph.found.erase(std::unique(graph.found.begin(), graph.found.end()), graph.found.end());
  const bool names_unit = graph.search.find(':') != std::string::npos || graph.search.find(',') != std::string::npos;
  if (names_unit || graph.found.empty()) {
    graph.understood = understood_as(graph.search, in);
    return;
  }
  graph.understood = "*" + std::to_string(graph.found.size()) + "* " +
                     (graph.found.size() == 1 ? "layer has" : "layers have") + " it · Enter: the next";
}

}  // namespace

bool is_gate(const engine::ModelSnapshot& model, const engine::GraphNode& node) {
  const auto is_one_value = [&](int input) {
    const engine::GraphNode& from = model.graph[static_cast<std::size_t>(input)];
    return from.rows == 1 && from.cols == 1;
  };
  return node.op == engine::kMultiplication && node.inputs.size() == 2 && (node.rows > 1 || node.cols > 1) &&
         std::ranges::any_of(node.inputs, is_one_value);
}

bool is_lit(const GraphView& graph, const GraphRow& row) {
  return !graph.lit.empty() && (graph.lit[at(row.node)] != 0 || graph.lit[at(row.named)] != 0);
}

void update_graph(Workspace& workspace, const engine::Snapshots& in) {
  if (!in.model || in.model->error) return;
  GraphView& graph = workspace.graph;
  update_rows(graph, in.model);
  update_light(graph, workspace.chosen.unit);
  update_search(graph, in);
}

void choose_row(Workspace& workspace, const engine::Snapshots& in, int row) {
  GraphView& graph = workspace.graph;
  if (!graph.model || row < 0 || at(row) >= graph.layout.rows.size()) return;
  const GraphRow& chosen = graph.layout.rows[at(row)];
  graph.chosen = row;
  graph.show_chosen = true;
  const engine::GraphNode& layer = graph.model->graph[at(chosen.named)];
  if (layer.op != "input") choose_layer(workspace, in, layer.name);
}

void step_row(Workspace& workspace, const engine::Snapshots& in, int by) {
  GraphView& graph = workspace.graph;
  const int rows = static_cast<int>(graph.layout.rows.size());
  if (rows == 0) return;
  choose_row(workspace, in, graph.chosen < 0 ? 0 : std::clamp(graph.chosen + by, 0, rows - 1));
}

void choose_found(Workspace& workspace, const engine::Snapshots& in) {
  GraphView& graph = workspace.graph;
  if (!graph.model) return;
  update_graph(workspace, in);
  if (graph.model->understand) {
    if (const auto unit = graph.model->understand(graph.search)) return choose_unit(workspace, unit->unit);
  }
  if (graph.found.empty()) return;
  const auto next = std::ranges::upper_bound(graph.found, graph.chosen);
  choose_row(workspace, in, next == graph.found.end() ? graph.found.front() : *next);
}

}  // namespace ui

#include "ui/graph_layout.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace ui {
namespace {

constexpr std::string_view kPreRelu = "_pre_relu";

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

void add_ancestors(const std::vector<engine::GraphNode>& graph, int node, std::vector<char>& lit) {
  std::vector<int> waiting{node};
  while (!waiting.empty()) {
    const int next = waiting.back();
    waiting.pop_back();
    if (lit[at(next)] != 0) continue;
    lit[at(next)] = 1;
    waiting.insert(waiting.end(), graph[at(next)].inputs.begin(), graph[at(next)].inputs.end());
  }
}

// What nobody reads, the one that needs least first: the heads that training had beside the end.
std::vector<int> ends_of(const std::vector<engine::GraphNode>& graph) {
  std::vector<char> read(graph.size(), 0);
  for (const engine::GraphNode& node : graph)
    if (!node.only_a_view)
      for (const int input : node.inputs) read[at(input)] = 1;
  std::vector<std::pair<std::ptrdiff_t, int>> ends;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    if (read[i] != 0 || graph[i].only_a_view) continue;
    std::vector<char> needed(graph.size(), 0);
    add_ancestors(graph, static_cast<int>(i), needed);
    ends.emplace_back(std::ranges::count(needed, 1), static_cast<int>(i));
  }
  std::ranges::sort(ends);
  std::vector<int> nodes;
  for (const auto& [needs, node] : ends) nodes.push_back(node);
  return nodes;
}

// From the input to the ends, branch after branch, and each head as soon as what it reads is there.
std::vector<int> in_order(const std::vector<engine::GraphNode>& graph) {
  std::vector<int> order;
  std::vector<char> seen(graph.size(), 0);
  for (const int end : ends_of(graph)) {
    std::vector<std::pair<int, std::size_t>> path{{end, 0}};  // and which of its inputs is next
    while (!path.empty()) {
      auto& [node, next] = path.back();
      const std::vector<int>& inputs = graph[at(node)].inputs;
      if (seen[at(node)] != 0 || next == inputs.size()) {
        if (seen[at(node)] == 0) order.push_back(node);
        seen[at(node)] = 1;
        path.pop_back();
      } else {
        const int input = inputs[next++];
        path.emplace_back(input, 0);
      }
    }
  }
  return order;
}

// Which nodes get rows, and by which node each row's units are asked.
void make_rows(const std::vector<engine::GraphNode>& graph, bool pointwise, GraphLayout& layout) {
  layout.row_of.assign(graph.size(), -1);
  for (const int index : in_order(graph)) {
    const engine::GraphNode& node = graph[at(index)];
    if (node.pointwise && !pointwise && !node.inputs.empty()) {
      layout.row_of[at(index)] = layout.row_of[at(node.inputs.front())];
      continue;
    }
    GraphRow row;
    row.node = row.named = index;
    for (const int input : node.inputs) {
      const int from = layout.row_of[at(input)];
      if (std::ranges::find(row.inputs, from) == row.inputs.end()) row.inputs.push_back(from);
    }
    layout.row_of[at(index)] = static_cast<int>(layout.rows.size());
    layout.rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < graph.size(); ++i) {
    if (!graph[i].only_a_view || !graph[i].name.ends_with(kPreRelu)) continue;
    const int joined = node_named(graph, graph[i].name.substr(0, graph[i].name.size() - kPreRelu.size()));
    if (joined < 0 || layout.row_of[at(joined)] < 0) continue;
    layout.row_of[i] = layout.row_of[at(joined)];
    layout.rows[at(layout.row_of[i])].named = static_cast<int>(i);
  }
}

// By row: the last row that reads it; itself where none does.
std::vector<int> last_readers(const std::vector<GraphRow>& rows) {
  std::vector<int> last(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    last[row] = static_cast<int>(row);
    for (const int input : rows[row].inputs) last[at(input)] = static_cast<int>(row);
  }
  return last;
}

// A value keeps its lane until its last reader, which takes it over where it may.
void choose_lanes(GraphLayout& layout, const std::vector<int>& last) {
  std::vector<int> held;  // by lane: the row whose value runs in it, or -1
  for (std::size_t index = 0; index < layout.rows.size(); ++index) {
    GraphRow& row = layout.rows[index];
    for (int& holder : held)
      if (holder >= 0 && last[at(holder)] <= static_cast<int>(index)) holder = -1;
    int lane = -1;
    for (const int input : row.inputs)  // the leftmost of those that end here
      if (last[at(input)] == static_cast<int>(index) && (lane < 0 || layout.rows[at(input)].lane < lane))
        lane = layout.rows[at(input)].lane;
    if (lane < 0) lane = static_cast<int>(std::ranges::find(held, -1) - held.begin());
    if (at(lane) == held.size()) held.push_back(-1);
    row.lane = lane;
    held[at(lane)] = last[index] > static_cast<int>(index) ? static_cast<int>(index) : -1;
    layout.lanes = std::max(layout.lanes, lane + 1);
  }
}

// The rows that the last of them depends on: all but the heads.
std::vector<char> main_rows(const std::vector<GraphRow>& rows) {
  std::vector<char> is_main(rows.size(), 0);
  if (!rows.empty()) is_main.back() = 1;
  for (std::size_t row = rows.size(); row-- > 0;)
    if (is_main[row] != 0)
      for (const int input : rows[row].inputs) is_main[at(input)] = 1;
  return is_main;
}

// A block ends where only the row's own value goes on.
void find_blocks(GraphLayout& layout) {
  const std::vector<char> is_main = main_rows(layout.rows);
  std::vector<int> last(layout.rows.size(), 0);
  for (std::size_t row = 0; row < layout.rows.size(); ++row)
    if (is_main[row] != 0)
      for (const int input : layout.rows[row].inputs) last[at(input)] = static_cast<int>(row);
  int reaches = 0;  // the last reader of what was made before the row
  int first = -1;
  for (std::size_t index = 0; index < layout.rows.size(); ++index) {
    if (is_main[index] == 0) continue;
    const int row = static_cast<int>(index);
    if (first < 0) first = row;
    if (reaches <= row) {
      if (row > first && layout.rows[index].inputs.size() > 1) {
        GraphBlock block{first, row, static_cast<int>(layout.rows[index].inputs.size()), 0};
        for (int inside = first; inside <= row; ++inside) {
          layout.rows[at(inside)].block = static_cast<int>(layout.blocks.size());
          block.lanes = std::max(block.lanes, layout.rows[at(inside)].lane + 1);
        }
        layout.blocks.push_back(block);
      }
      first = -1;
    }
    reaches = std::max(reaches, last[index]);
  }
}

}  // namespace

GraphLayout lay_out(const std::vector<engine::GraphNode>& graph, bool pointwise) {
  GraphLayout layout;
  make_rows(graph, pointwise, layout);
  choose_lanes(layout, last_readers(layout.rows));
  find_blocks(layout);
  return layout;
}

std::vector<char> depends_on(const std::vector<engine::GraphNode>& graph, int node, int channel) {
  std::vector<char> lit(graph.size(), 0);
  if (node < 0 || at(node) >= graph.size()) return lit;
  // Through what changes nothing but the value at each place, down to a concat.
  std::vector<int> passed{node};
  while (graph[at(passed.back())].pointwise && graph[at(passed.back())].inputs.size() == 1)
    passed.push_back(graph[at(passed.back())].inputs.front());
  const engine::GraphNode& source = graph[at(passed.back())];
  if (source.op != engine::kConcatenation) {
    add_ancestors(graph, node, lit);
    return lit;
  }
  for (const int index : passed) lit[at(index)] = 1;
  int first = 0;
  for (const int input : source.inputs) {
    const int end = first + graph[at(input)].channels;
    if (channel >= first && channel < end) add_ancestors(graph, input, lit);
    first = end;
  }
  return lit;
}

int node_named(const std::vector<engine::GraphNode>& graph, const std::string& name) {
  const auto found = std::ranges::find(graph, name, &engine::GraphNode::name);
  return found == graph.end() ? -1 : static_cast<int>(found - graph.begin());
}

}  // namespace ui

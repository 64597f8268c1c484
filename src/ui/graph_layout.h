// A network's graph as rows from the input down, with lanes beside them in which the values run, as version control
// draws branches: a block of branches or a residual connection is seen as one. Pure functions of plain values; any
// thread.
#pragma once
#include <optional>
#include <vector>

#include "core/unit.h"
#include "engine/messages.h"

namespace ui {

struct GraphRow {
  int node = 0;    // whose operator it is
  int named = 0;   // the node by which the layer's units are asked: a concat's view before its ReLUs, else `node`
  int lane = 0;    // 0 is the leftmost
  int block = -1;  // index into GraphLayout::blocks
  std::vector<int> inputs;  // rows above
};

// Rows between two places that every value passes through, where some run side by side; the last joins them.
struct GraphBlock {
  int first = 0;
  int last = 0;
  int branches = 0;  // that the last row joins
  int lanes = 0;
};

struct GraphLayout {
  std::vector<GraphRow> rows;
  std::vector<GraphBlock> blocks;
  int lanes = 0;            // at most side by side
  std::vector<int> row_of;  // by node; a pointwise node without a row is in its input's
};

// Without `pointwise`, ReLUs and their like have no rows of their own.
GraphLayout lay_out(const std::vector<engine::GraphNode>& graph, bool pointwise);

// By node: whether the unit's value depends on it. Of a concat only the branch that the channel is in.
std::vector<char> depends_on(const std::vector<engine::GraphNode>& graph, int node, int channel);

// -1 where there is none.
int node_named(const std::vector<engine::GraphNode>& graph, const std::string& name);

}  // namespace ui

// The view of a model's graph: which rows are drawn, which of them the chosen unit depends on, what a search found.
// Plain values and the logic on them; ui/graph_screen.cpp draws it. UI thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/unit.h"
#include "engine/messages.h"
#include "ui/graph_layout.h"

namespace ui {

struct Workspace;

struct GraphView {
  engine::ModelPointer model;  // whose graph `layout` is
  bool pointwise = false;      // ReLUs and their like have rows, too
  bool laid_out_pointwise = false;
  GraphLayout layout;

  std::optional<core::Unit> lit_for;
  std::vector<char> lit;  // by node: the unit depends on it
  int lit_rows = 0;
  int chosen = -1;          // row; follows the chosen unit
  bool show_chosen = true;  // scroll to it

  std::string search;
  std::string searched;    // what `found` answers
  std::vector<int> found;  // rows, from the input on
  std::string understood;  // how the search was read, or why it was not
  bool focus_search = false;
};

// Whether the chosen unit depends on the row, by its operator or by the view that its units are asked by.
bool is_lit(const GraphView& graph, const GraphRow& row);
// Whether the node multiplies a map by one value a channel, as squeeze and excitation does.
bool is_gate(const engine::ModelSnapshot& model, const engine::GraphNode& node);
// Brings rows, light and search up to date. Once a frame while it is shown.
void update_graph(Workspace& workspace, const engine::Snapshots& in);

// The row's layer becomes the chosen one: its unit that was chosen last, else the strongest on the picture.
void choose_row(Workspace& workspace, const engine::Snapshots& in, int row);
void step_row(Workspace& workspace, const engine::Snapshots& in, int by);  // stops at the ends
// Enter in the search: a unit's name chooses the unit, part of a name the next row that has it.
void choose_found(Workspace& workspace, const engine::Snapshots& in);

}  // namespace ui

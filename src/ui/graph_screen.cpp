// A model's graph: its layers from the input down, the lanes in which their values run, and what the chosen unit
// depends on; right what the chosen layer is, with its units on the present picture.
#include <algorithm>
#include <cmath>

#include "core/specs.h"
#include "ui/choice.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr float kEdge = 12, kTop = 42, kBottom = 34;  // design pixels
constexpr float kSide = 272;
constexpr float kRow = 24;
constexpr float kLane = 14;
constexpr float kMostForLanes = 196;
constexpr const char* kGate = "scales by a gate";

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

bool begin_part(const char* name, float left, float width) {
  const ImVec2 window = ImGui::GetWindowSize();
  ImGui::SetCursorPos({left, px(kTop)});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colour(palette::kPanel));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(14), px(12)});
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, px(6));
  return ImGui::BeginChild(name, {width, std::max(px(40), window.y - px(kTop + kBottom))},
                           ImGuiChildFlags_AlwaysUseWindowPadding, ImGuiWindowFlags_NoScrollWithMouse);
}
void end_part() {
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
}

// Where the columns of the list begin, from its left edge.
struct Columns {
  float lane, names, op, map, units, field, end;
};
Columns columns_for(float width, int lanes) {
  Columns columns{};
  columns.end = width - px(10);
  columns.field = columns.end - px(64);
  columns.units = columns.field - px(64);
  columns.map = columns.units - px(76);
  const float room = std::min(px(kMostForLanes), 0.3F * columns.map);
  columns.lane = std::min(px(kLane), room / static_cast<float>(std::max(1, lanes)));
  columns.names = px(14) + columns.lane * static_cast<float>(std::max(1, lanes)) + px(10);
  columns.op = columns.names + 0.55F * std::max(px(80), columns.map - columns.names);
  return columns;
}

void draw_heads(const Columns& columns) {
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const auto right = [&](const char* words, float edge) {
    ImGui::SetCursorScreenPos({from.x + edge - px(56), from.y});
    heading(words);
  };
  ImGui::SetCursorScreenPos({from.x + columns.names, from.y});
  heading("layer", "layer");
  ImGui::SetCursorScreenPos({from.x + columns.op, from.y});
  heading("does");
  right("map", columns.map + px(56));
  right("units", columns.units + px(56));
  right("sees", columns.field + px(56));
  ImGui::SetCursorScreenPos({from.x, from.y + ImGui::GetFontSize() + px(8)});
}

class Lanes {
 public:
  Lanes(const GraphView& graph, const Columns& columns, ImVec2 from) : graph_(graph), columns_(columns), from_(from) {}

  [[nodiscard]] float y(int row) const { return from_.y + (static_cast<float>(row) + 0.5F) * px(kRow); }
  [[nodiscard]] float x(int row) const {
    return from_.x + px(14) + columns_.lane * (0.5F + static_cast<float>(graph_.layout.rows[at(row)].lane));
  }
  [[nodiscard]] bool lit(int row) const { return is_lit(graph_, graph_.layout.rows[at(row)]); }

  // A value runs down its own lane and turns into its reader's just before it.
  void draw_edge(int source, int reader, bool bright) const {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImU32 ink = bright ? colour(palette::kAccent, 0.85F) : colour(palette::kTrackFilled, 0.75F);
    const float thick = px(bright ? 2.0F : 1.25F);
    const ImVec2 a(x(source), y(source));
    const ImVec2 b(x(reader), y(reader));
    const float turn = std::max(a.y, b.y - px(kRow));
    if (turn > a.y) list->AddLine(a, {a.x, turn}, ink, thick);
    const float half = (b.y - turn) / 2;
    list->AddBezierCubic({a.x, turn}, {a.x, turn + half}, {b.x, b.y - half}, b, ink, thick);
  }

  void draw_node(int row) const {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const engine::GraphNode& node = graph_.model->graph[at(graph_.layout.rows[at(row)].node)];
    const bool chosen = row == graph_.chosen;
    const ImU32 ink = colour(chosen ? palette::kAccent : lit(row) ? palette::kAccent : palette::kLabel);
    const ImVec2 centre(x(row), y(row));
    const float r = std::min(px(chosen ? 5.5F : 4.0F), 0.45F * columns_.lane + px(1));
    if (node.inputs.size() > 1) {  // joins: a bar
      list->AddRectFilled({centre.x - r - px(1), centre.y - px(2.5F)}, {centre.x + r + px(1), centre.y + px(2.5F)}, ink,
                          px(2));
    } else if (node.op == "convolution" || node.op == "linear") {
      list->AddCircleFilled(centre, r, ink, 24);
    } else {
      list->AddCircleFilled(centre, r, colour(palette::kPanel), 24);
      list->AddCircle(centre, r - px(0.75F), ink, 24, px(1.5F));
    }
  }

 private:
  const GraphView& graph_;
  const Columns& columns_;
  ImVec2 from_;
};

// Behind the rows of a block, so that it is seen as one, with what it is in its corner.
void draw_block(const GraphBlock& block, const Columns& columns, const Lanes& lanes, ImVec2 from) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float top = lanes.y(block.first) - px(kRow / 2 - 1);
  const float bottom = lanes.y(block.last) + px(kRow / 2 - 1);
  const float right = from.x + columns.names - px(6);
  list->AddRectFilled({from.x + px(6), top}, {right, bottom}, colour(palette::kControl, 0.75F), px(6));
  list->AddRect({from.x + px(6), top}, {right, bottom}, colour(palette::kLine), px(6), px(1));
}

std::string block_words(const GraphView& graph, const GraphBlock& block) {
  const engine::GraphNode& joint = graph.model->graph[at(graph.layout.rows[at(block.last)].node)];
  if (joint.op == engine::kConcatenation) return "joins " + std::to_string(block.branches) + " branches";
  if (joint.op == engine::kAddition)
    return block.branches == 2 ? "adds the residual" : "adds " + std::to_string(block.branches);
  if (is_gate(*graph.model, joint)) return kGate;
  return joint.op;
}

// "convolution · 3×3 · stride 2", "concatenation of 2".
std::string does_words(const engine::ModelSnapshot& model, const engine::GraphNode& node) {
  if (is_gate(model, node)) return kGate;
  if (node.detail.empty()) return node.op;
  return node.op + (node.inputs.size() > 1 ? " " : " · ") + node.detail;
}

const std::string& shown_name(const engine::GraphNode& node) {
  return node.short_name.empty() ? node.name : node.short_name;
}

void draw_row_words(const GraphView& graph, int index, const Columns& columns, ImVec2 from, bool is_found) {
  const GraphRow& row = graph.layout.rows[at(index)];
  const engine::GraphNode& node = graph.model->graph[at(row.node)];
  ImDrawList* list = ImGui::GetWindowDrawList();
  const bool strong = index == graph.chosen || is_found;
  const bool dim = !graph.lit.empty() && !is_lit(graph, row) && !strong;
  const ImU32 ink = colour(strong ? palette::kStrong : palette::kNormal, dim ? 0.6F : 1.0F);
  const ImU32 quiet = colour(palette::kLabel, dim ? 0.7F : 1.0F);
  const float y = std::floor(from.y + static_cast<float>(index) * px(kRow) + (px(kRow) - ImGui::GetFontSize()) / 2);
  const auto put = [&](float x, const std::string& words, ImU32 rgba, float room) {
    list->AddText({std::floor(from.x + x), y}, rgba, fitted(words, room).c_str());
  };
  const float room = columns.op - columns.names - px(12);
  put(columns.names, fitted_end(shown_name(graph.model->graph[at(row.named)]), room), ink, room);
  const bool joins = row.block >= 0 && graph.layout.blocks[at(row.block)].last == index;
  const std::string does =
      joins ? block_words(graph, graph.layout.blocks[at(row.block)]) : does_words(*graph.model, node);
  put(columns.op, does, joins ? ink : quiet, columns.map - columns.op - px(12));
  put(columns.map, node.rows == 1 && node.cols == 1 ? "–" : grid(node.rows, node.cols), quiet, px(70));
  put(columns.units, std::to_string(node.channels), ink, px(60));
  put(columns.field, node.whole_input ? "all" : std::to_string(node.receptive_field_px) + " px", quiet, px(62));
}

void draw_list(View& view) {
  GraphView& graph = view.workspace.graph;
  const GraphLayout& layout = graph.layout;
  const Columns columns = columns_for(ImGui::GetContentRegionAvail().x, layout.lanes);
  draw_heads(columns);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  if (ImGui::BeginChild("rows", {0, 0})) {
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const int count = static_cast<int>(layout.rows.size());
    const float height = static_cast<float>(count) * px(kRow);
    ImGui::InvisibleButton("list", {std::max(px(8), columns.end), std::max(px(8), height)});
    const float view_height = ImGui::GetWindowHeight();
    if (graph.show_chosen && graph.chosen >= 0) {
      graph.show_chosen = false;
      const float y = static_cast<float>(graph.chosen) * px(kRow);
      if (y < ImGui::GetScrollY() + px(2 * kRow) || y > ImGui::GetScrollY() + view_height - px(3 * kRow))
        ImGui::SetScrollY(std::max(0.0F, y - view_height / 2));
    }
    const int first = std::max(0, static_cast<int>(ImGui::GetScrollY() / px(kRow)) - 1);
    const int last = std::min(count - 1, static_cast<int>((ImGui::GetScrollY() + view_height) / px(kRow)) + 1);
    const int pointed = ImGui::IsItemHovered() ? static_cast<int>((ImGui::GetIO().MousePos.y - from.y) / px(kRow)) : -1;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const Lanes lanes(graph, columns, from);
    for (const GraphBlock& block : layout.blocks)
      if (block.last >= first && block.first <= last) draw_block(block, columns, lanes, from);
    for (int row = first; row <= last; ++row) {
      const bool is_chosen = row == graph.chosen;
      const bool is_found = std::ranges::binary_search(graph.found, row);
      if (!is_chosen && row != pointed && !is_found) continue;
      const ImVec2 min(from.x + columns.names - px(4), from.y + static_cast<float>(row) * px(kRow) + px(1));
      const ImVec2 max(from.x + columns.end, min.y + px(kRow - 2));
      list->AddRectFilled(min, max, colour(is_chosen ? palette::kLine : palette::kControl), px(4));
      if (is_found) list->AddRectFilled(min, {min.x + px(2), max.y}, colour(palette::kData), px(1));
    }
    for (const bool bright : {false, true})
      for (int row = 0; row < count; ++row)
        for (const int source : layout.rows[at(row)].inputs)
          if (row >= first && source <= last && (lanes.lit(row) && lanes.lit(source)) == bright)
            lanes.draw_edge(source, row, bright);
    for (int row = first; row <= last; ++row) {
      lanes.draw_node(row);
      draw_row_words(graph, row, columns, from, std::ranges::binary_search(graph.found, row));
    }
    if (pointed >= 0 && pointed < count) {
      tooltip("*" + graph.model->graph[at(layout.rows[at(pointed)].named)].name + "*");
      if (ImGui::IsItemClicked()) choose_row(view.workspace, view.in, pointed);
      if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) go_to(view.workspace, Screen::explore);
    }
  }
  ImGui::EndChild();
  ImGui::PopStyleVar();
}

void draw_search(View& view) {
  GraphView& graph = view.workspace.graph;
  if (graph.focus_search) ImGui::SetKeyboardFocusHere();
  const float width = std::min(px(300), 0.5F * ImGui::GetContentRegionAvail().x);
  const bool entered = text_field("##layers", graph.search, width, "Find a layer or a unit (S)");
  if (ImGui::IsItemActive()) graph.focus_search = false;
  if (entered) {
    choose_found(view.workspace, view.in);
    graph.focus_search = true;
  }
  ImGui::SameLine(0, px(12));
  ImGui::AlignTextToFramePadding();
  const std::string words =
      !graph.understood.empty()
          ? graph.understood
          : "*" + std::to_string(graph.layout.rows.size()) + "* layers" +
                (graph.lit_rows > 0 ? " · the chosen unit depends on *" + std::to_string(graph.lit_rows) + "*"
                                    : std::string());
  const char* other = graph.pointwise ? "Without ReLUs" : "ReLUs too";
  const float toggle_width = chip_width(other);
  const float room = ImGui::GetContentRegionAvail().x - toggle_width - px(16);
  const ImVec2 place = ImGui::GetCursorScreenPos();
  const bool fits = words_width(words) <= room;
  draw_words(ImGui::GetWindowDrawList(), {place.x, place.y + px(5)}, fits ? words : fitted(words, room),
             palette::kLabel);
  ImGui::Dummy({room, ImGui::GetFontSize() + px(8)});
  if (!fits) tooltip(words);
  ImGui::SameLine(0, px(16));
  if (button(other)) graph.pointwise = !graph.pointwise;
  tooltip("Gives *ReLUs* and what else changes each value by itself rows of their own.");
}

void fact(const char* name, const std::string& value, std::string_view term = {}) {
  text(name, palette::kLabel);
  explain(term);
  ImGui::SameLine(px(112));
  text(fitted(value, ImGui::GetContentRegionAvail().x), palette::kNormal);
}

void draw_layer(View& view) {
  GraphView& graph = view.workspace.graph;
  heading("layer");
  if (graph.chosen < 0 || at(graph.chosen) >= graph.layout.rows.size()) {
    sentence("Choose a layer of the list: *↑ ↓* or a click.");
    return;
  }
  const GraphRow& row = graph.layout.rows[at(graph.chosen)];
  const engine::GraphNode& node = graph.model->graph[at(row.node)];
  const std::string& name = graph.model->graph[at(row.named)].name;
  text(fitted_end(shown_name(graph.model->graph[at(row.named)]), ImGui::GetContentRegionAvail().x), palette::kStrong);
  tooltip(name);
  const bool joins = node.inputs.size() > 1;
  fact("does", joins ? does_words(*graph.model, node) : node.op);
  if (!joins && !node.detail.empty())
    fact("how", node.detail, node.detail.ends_with(engine::kDepthwise) ? engine::kDepthwise : "");
  fact("units", std::to_string(node.channels), "channels");
  fact("map", grid(node.rows, node.cols), "activation map");
  fact("sees", node.whole_input ? "the whole picture" : std::to_string(node.receptive_field_px) + " px",
       "receptive field");
  const auto& unit = view.workspace.chosen.unit;
  const bool of_row = unit && unit->layer == name;
  if (of_row) {
    ImGui::Dummy({0, px(4)});
    heading("unit", "unit");
    text(fitted_end(spoken_name(view.in.model, *unit), ImGui::GetContentRegionAvail().x), palette::kStrong);
    tooltip(core::to_string(*unit));
    if (graph.model->describe) sentence(graph.model->describe(*unit));
  }
  ImGui::Dummy({0, px(4)});
  if (button("Look at it")) go_to(view.workspace, Screen::explore);
  tooltip("Enter: the explorer, with this unit.");
  ImGui::SameLine(0, px(6));
  const std::string command = core::units_command(view.in.model->file, name);
  if (button("Copy as command")) copy(view.workspace, command, view.frame.now_s);
  tooltip(command);
  ImGui::Dummy({0, px(8)});
}

}  // namespace

void draw_graph(View& view) {
  const float width = ImGui::GetWindowWidth();
  const float side = std::min(px(kSide), 0.4F * width);
  const float right = width - px(kEdge) - side;
  update_graph(view.workspace, view.in);
  const bool has_graph = view.in.model && !view.in.model->error && !view.in.model->graph.empty();
  if (begin_part("graph", px(kEdge), right - px(kEdge + 12))) {
    if (has_graph) {
      draw_search(view);
      ImGui::Dummy({0, px(4)});
      draw_list(view);
    } else {
      draw_state(content_rect(), view.in.model && view.in.model->error
                                     ? State{Readiness::failed, view.in.model->error->sentence()}
                                     : State{Readiness::working, "Opening the model…"});
    }
  }
  end_part();
  if (begin_part("layer", right, side) && has_graph) {
    draw_layer(view);
    draw_units_of_layer(view);
  }
  end_part();
}

}  // namespace ui

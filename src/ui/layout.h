// Where the panels are: a pure function of the window's size, and the ini text that makes Dear ImGui dock them there
// (its public text format; no internal API). Any thread.
#pragma once
#include <array>
#include <string>

#include "core/geometry.h"
#include "core/image.h"

namespace ui {

enum class Panel { layers, stage, best, trace, visualization, map, objective, inspector };
inline constexpr std::size_t kPanels = 8;
const char* window_name(Panel panel);

inline constexpr unsigned kDockId = 0x00757363;  // of the dockspace that holds them

struct Layout {
  core::Rect dock;                           // between top bar and status line
  std::array<core::Rect, kPanels> panels{};  // by Panel; empty where a panel is not part of this layout

  [[nodiscard]] const core::Rect& of(Panel panel) const { return panels[static_cast<std::size_t>(panel)]; }
  [[nodiscard]] bool has(Panel panel) const { return of(panel).width() > 0; }
};
// Sizes in Dear ImGui units; `scale` is theme.h's. The stage is a square if the window allows, the visualization and
// the map stand beside it with their lower edges in line. `comparing`: the three runs in a row above.
Layout default_layout(core::Size window, float scale, bool comparing);
std::string layout_ini(const Layout& layout, bool comparing);

// With the panels hidden: the stage, the visualization and the map, as large as the window allows.
struct PicturesAlone {
  core::Rect stage;
  core::Rect visualization;
  core::Rect map;
};
PicturesAlone pictures_alone(core::Size window, float scale);

// `count` pictures of one aspect 1:1 in `place`: the columns that make them largest.
int best_columns(int count, float width, float height);

// Columns of the contact sheet: the largest tiles (between `smallest` and `largest`) with which all of it is visible,
// else the smallest.
int sheet_columns(int count, float width, float height, float smallest, float largest);

}  // namespace ui

// The explorer: the dockable panels, and the three pictures alone where the panels are hidden.
#include <algorithm>
#include <cmath>

#include "ui/layout.h"
#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/theme.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr float kMoved_px = 3;  // more than rounding

core::Size size_of_window() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  return {static_cast<int>(std::lround(size.x)), static_cast<int>(std::lround(size.y))};
}

void draw_panel(View& view, Panel panel) {
  switch (panel) {
    case Panel::layers:
      return draw_layers_panel(view);
    case Panel::stage:
      return draw_stage(view);
    case Panel::best:
      return draw_best_pictures(view);
    case Panel::trace:
      return draw_trace(view);
    case Panel::visualization:
      return draw_visualizations(view);
    case Panel::map:
      return draw_occlusion_panel(view);
    case Panel::objective:
      return draw_objective(view);
    case Panel::inspector:
      return draw_inspector(view);
  }
}

bool is_bare(Panel panel) {
  return panel == Panel::stage || panel == Panel::visualization || panel == Panel::map;
}

// True where the panel stands where the default layout put it.
bool in_place(const core::Rect& wanted) {
  const ImVec2 at = ImGui::GetWindowPos();
  const ImVec2 size = ImGui::GetWindowSize();
  const auto near = [](float a, float b) { return std::fabs(a - b) <= kMoved_px; };
  return near(at.x, wanted.min.x) && near(at.y, wanted.min.y) && near(size.x, wanted.width()) &&
         near(size.y, wanted.height());
}

core::Rect between(const core::Rect& a, const core::Rect& b, float share) {
  const auto mix = [share](float x, float y) { return std::round(x + (y - x) * share); };
  return {{mix(a.min.x, b.min.x), mix(a.min.y, b.min.y)}, {mix(a.max.x, b.max.x), mix(a.max.y, b.max.y)}};
}

}  // namespace

void draw_dockspace(View& view, bool panels_shown) {
  const Layout layout = default_layout(size_of_window(), scale(), view.workspace.comparing);
  ImGui::SetCursorScreenPos({layout.dock.min.x, layout.dock.min.y});
  // The gaps between panels are ground, not lines.
  ImGui::PushStyleColor(ImGuiCol_Border, 0);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colour(palette::kGround));
  ImGui::DockSpace(kDockId, {layout.dock.width(), layout.dock.height()},
                   ImGuiDockNodeFlags_AutoHideTabBar | (panels_shown ? 0 : ImGuiDockNodeFlags_KeepAliveOnly));
  ImGui::PopStyleColor(2);
}

void draw_docked_panels(View& view) {
  Workspace& workspace = view.workspace;
  const Layout layout = default_layout(size_of_window(), scale(), workspace.comparing);
  bool all_in_place = true;
  for (std::size_t i = 0; i < kPanels; ++i) {
    const auto panel = static_cast<Panel>(i);
    if (!layout.has(panel) && !workspace.standing.layout_own) continue;
    if (panel == Panel::best) ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(8), px(7)});
    const bool visible = is_bare(panel) ? begin_bare_card(window_name(panel)) : begin_card(window_name(panel));
    if (panel == Panel::best) ImGui::PopStyleVar();
    if (visible) {
      all_in_place = all_in_place && in_place(layout.of(panel));
      draw_panel(view, panel);
    }
    end_card();
  }
  // Once a panel has been moved or resized by hand, the layout is the user's and is kept.
  Standing& standing = workspace.standing;
  const bool settled = standing.frames_since_layout > kFramesToDock && standing.layout_window == size_of_window() &&
                       standing.layout_scale == scale() && standing.layout_compares == workspace.comparing;
  if (settled && !all_in_place && !standing.layout_own) standing.layout_own = true;
  if (standing.layout_own && ImGui::GetIO().WantSaveIniSettings) {
    workspace.preferences.layout_ini = ImGui::SaveIniSettingsToMemory();
    ImGui::GetIO().WantSaveIniSettings = false;
  }
}

void draw_pictures_alone(View& view, float share) {
  const Layout layout = default_layout(size_of_window(), scale(), view.workspace.comparing);
  const PicturesAlone alone = pictures_alone(size_of_window(), scale());
  const auto draw = [&](Panel panel, const core::Rect& there) {
    const core::Rect at = between(layout.of(panel), there, share);
    ImGui::SetCursorScreenPos({at.min.x, at.min.y});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    const ImGuiWindowFlags flags = ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
    if (ImGui::BeginChild(window_name(panel), {std::max(1.0F, at.width()), std::max(1.0F, at.height())}, 0, flags)) {
      draw_panel(view, panel);
    }
    ImGui::EndChild();
    ImGui::PopStyleVar();
  };
  draw(Panel::stage, alone.stage);
  draw(Panel::visualization, alone.visualization);
  draw(Panel::map, alone.map);
}

}  // namespace ui

#include "ui/window.h"

#include <algorithm>
#include <cmath>

#include "ui/actions.h"
#include "ui/choice.h"
#include "ui/layout.h"
#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/theme.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr int kFramesToSettle = 4;  // Dear ImGui needs a few to dock what the ini text says
constexpr float kMoved_px = 3;      // more than rounding

core::Size display_size() {
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

void draw_docked(View& view) {
  Workspace& workspace = view.workspace;
  const Layout layout = default_layout(display_size(), scale(), workspace.comparing);
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
  const bool settled = standing.frames_since_layout > kFramesToSettle && standing.layout_window == display_size() &&
                       standing.layout_scale == scale() && standing.layout_compares == workspace.comparing;
  if (settled && !all_in_place && !standing.layout_own) standing.layout_own = true;
  if (standing.layout_own && ImGui::GetIO().WantSaveIniSettings) {
    workspace.preferences.layout_ini = ImGui::SaveIniSettingsToMemory();
    ImGui::GetIO().WantSaveIniSettings = false;
  }
}

core::Rect between(const core::Rect& a, const core::Rect& b, float share) {
  const auto mix = [share](float x, float y) { return std::round(x + (y - x) * share); };
  return {{mix(a.min.x, b.min.x), mix(a.min.y, b.min.y)}, {mix(a.max.x, b.max.x), mix(a.max.y, b.max.y)}};
}

// The three pictures on their way from their panels into the whole window.
void draw_alone(View& view, float share) {
  const Layout layout = default_layout(display_size(), scale(), view.workspace.comparing);
  const PicturesAlone alone = pictures_alone(display_size(), scale());
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

void draw_gpu_lost() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const char* words = "The graphics device was lost. Close the window and start unitscope again.";
  pill(ImGui::GetForegroundDrawList(), {size.x / 2, size.y / 2}, {0.5F, 0.5F}, words);
}

// Answers of saves and errors of what was opened go to the status line once.
void take_notices(View& view) {
  Workspace& workspace = view.workspace;
  const auto& save = view.in.save;
  if (!save || save->number != workspace.saves || workspace.saves == workspace.standing.save_told) return;
  workspace.standing.save_told = workspace.saves;
  if (save->error) {
    notify(workspace, save->error->sentence(), true, view.frame.now_s);
  } else {
    const std::string where = save->written.empty() ? "" : save->written.front().parent_path().string();
    notify(workspace, "Saved " + std::to_string(save->written.size()) + " files in " + where, false, view.frame.now_s);
  }
}

}  // namespace

void before_new_frame(Workspace& workspace, core::Size window, float content_scale) {
  ImGuiIO& io = ImGui::GetIO();
  Standing& standing = workspace.standing;
  io.ConfigFlags |= ImGuiConfigFlags_DockingEnable;
  io.ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;
  io.IniFilename = nullptr;
  const float wanted_scale = std::clamp(content_scale * workspace.preferences.scale, 0.5F, 4.0F);
  if (standing.theme_scale != wanted_scale) {
    apply_theme(wanted_scale);
    standing.theme_scale = wanted_scale;
  }
  if (standing.layout_wanted && !workspace.preferences.layout_ini.empty()) {
    const std::string& ini = workspace.preferences.layout_ini;
    ImGui::LoadIniSettingsFromMemory(ini.c_str(), ini.size());
    standing.layout_own = true;
    standing.layout_wanted = false;
  }
  const bool another = !(standing.layout_window == window) || standing.layout_scale != scale() ||
                       standing.layout_compares != workspace.comparing;
  if (standing.layout_wanted || (another && !standing.layout_own)) {
    const Layout layout = default_layout(window, scale(), workspace.comparing);
    const std::string ini = layout_ini(layout, workspace.comparing);
    ImGui::LoadIniSettingsFromMemory(ini.c_str(), ini.size());
    standing.layout_wanted = false;
    standing.frames_since_layout = 0;
  }
  standing.layout_window = window;
  standing.layout_scale = scale();
  standing.layout_compares = workspace.comparing;
}

void draw_window(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, Textures& textures,
                 const Frame& frame) {
  Standing& standing = workspace.standing;
  View view{workspace, in, out, textures, frame};
  standing.in_motion = false;
  ++standing.frames_since_layout;
  ActionContext context{workspace, in, out, frame.now_s};
  handle_keys(context);
  take_notices(view);

  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::GetBackgroundDrawList()->AddRectFilled({0, 0}, size, colour(palette::kGround));
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoDocking |
                                 ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoSavedSettings |
                                 ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav |
                                 ImGuiWindowFlags_NoScrollWithMouse;
  ImGui::Begin("##unitscope", nullptr, flags);
  ImGui::PopStyleVar();
  const float hidden = eased(workspace, ImGui::GetID("hidden"), standing.panels_hidden ? 1.0F : 0.0F, frame.dt_s);
  const bool docked = hidden <= 0.0F;
  const Layout layout = default_layout(display_size(), scale(), workspace.comparing);
  ImGui::SetCursorScreenPos({layout.dock.min.x, layout.dock.min.y});
  // The gaps between panels are ground, not lines.
  ImGui::PushStyleColor(ImGuiCol_Border, 0);
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colour(palette::kGround));
  ImGui::DockSpace(kDockId, {layout.dock.width(), layout.dock.height()},
                   ImGuiDockNodeFlags_AutoHideTabBar | (docked ? 0 : ImGuiDockNodeFlags_KeepAliveOnly));
  ImGui::PopStyleColor(2);
  if (!standing.panels_hidden) {
    draw_top_bar(view);
    draw_status_line(view);
  }
  if (!docked) draw_alone(view, hidden);
  ImGui::End();
  if (docked) draw_docked(view);
  draw_suggestions(view);
  draw_help(view);
  if (frame.gpu_lost) draw_gpu_lost();

  decide(workspace, in, out, frame.now_s, frame.input_time);
}

std::optional<core::Rect> stage_picture_rect(const Workspace& workspace) {
  return workspace.standing.stage_picture;
}
std::optional<core::Rect> map_rect(const Workspace& workspace) {
  return workspace.standing.map;
}

bool wants_another_frame(const Workspace& workspace, const Frame& frame) {
  const Standing& standing = workspace.standing;
  if (standing.in_motion || standing.frames_since_layout <= kFramesToSettle) return true;
  if (standing.wake_s && *standing.wake_s <= frame.now_s) return true;
  return false;
}

std::optional<double> next_frame_due_s(const Workspace& workspace) {
  const Standing& standing = workspace.standing;
  std::optional<double> due = standing.wake_s;
  if (!standing.notice.empty() && standing.notice_until_s > 0) {
    due = due ? std::min(*due, standing.notice_until_s) : standing.notice_until_s;
  }
  return due;
}

}  // namespace ui

#include "ui/window.h"

#include <algorithm>

#include "ui/actions.h"
#include "ui/analyse_screen.h"
#include "ui/layout.h"
#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/theme.h"
#include "ui/widgets.h"

namespace ui {
namespace {

void draw_gpu_lost() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const char* words = "The graphics device was lost. Close the window and start unitscope again.";
  pill(ImGui::GetForegroundDrawList(), {size.x / 2, size.y / 2}, {0.5F, 0.5F}, words);
}

// Answers of saves and errors of what was opened go to the status line once.
void take_notices(View& view) {
  Workspace& workspace = view.workspace;
  if (view.in.refusal && view.in.refusal != workspace.standing.refusal_told)
    notify(workspace, view.in.refusal->error.sentence(), true, view.frame.now_s);
  workspace.standing.refusal_told = view.in.refusal;
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
  io.ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;  // Tab, arrows and Space are ours
  if (workspace.maker.open) io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
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
  const bool in_session = workspace.screen == Screen::session && workspace.session;
  if (!in_session) {  // where nothing may lead away, no key of the window acts
    ActionContext context{workspace, in, out, frame.now_s};
    if (!workspace.opening.dialog.question) handle_keys(context);
    take_notices(view);
  }

  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoDocking |
                                 ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoSavedSettings |
                                 ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav |
                                 ImGuiWindowFlags_NoScrollWithMouse;
  ImGui::Begin("##unitscope", nullptr, flags);
  ImGui::PopStyleVar();
  if (in_session) {
    draw_session(view);
    ImGui::End();
    if (frame.gpu_lost) draw_gpu_lost();
    return;
  }
  const bool exploring = workspace.screen == Screen::explore;
  const float away = eased(workspace, ImGui::GetID("hidden"), standing.panels_hidden ? 1.0F : 0.0F, frame.dt_s);
  const bool docked = exploring && away <= 0.0F;
  draw_dockspace(view, docked);
  if (!exploring || !standing.panels_hidden) {
    draw_top_bar(view);
    draw_status_line(view);
  }
  switch (workspace.screen) {
    case Screen::explore:
      if (!docked) draw_pictures_alone(view, away);
      break;
    case Screen::practice:
      draw_practice(view);
      break;
    case Screen::analyse:
      draw_analyse(view);
      break;
    case Screen::graph:
      draw_graph(view);
      break;
    case Screen::beside:
      draw_beside(view);
      break;
    case Screen::session:
      break;
  }
  ImGui::End();
  if (docked) draw_docked_panels(view);
  draw_suggestions(view);
  draw_make_trials(view);
  draw_path_box(view);
  draw_help(view);
  draw_feeding_dialog(view);
  if (frame.gpu_lost) draw_gpu_lost();

  decide_opening(workspace, in, out, frame.now_s);
  decide(workspace, in, out, frame.now_s, frame.input_time);
  decide_analysis(workspace, in, out);
}

std::optional<core::Rect> stage_picture_rect(const Workspace& workspace) {
  return workspace.standing.stage_picture;
}
std::optional<core::Rect> map_rect(const Workspace& workspace) {
  return workspace.standing.map;
}

bool wants_another_frame(const Workspace& workspace, const Frame& frame) {
  const Standing& standing = workspace.standing;
  if (standing.in_motion || standing.frames_since_layout <= kFramesToDock) return true;
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

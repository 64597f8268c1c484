#include "app/gui.h"

#include <implot.h>

#include "app/fonts.h"

namespace app {

Gui::Gui() {
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImPlot::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // the layout is kept in our own settings
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_DockingEnable;
  io.ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  io.ConfigDebugHighlightIdConflicts = false;  // for programmers; our tests look for conflicts
  ui::set_fonts(load_fonts());
}

Gui::~Gui() {
  ui::set_fonts({});
  ImPlot::DestroyContext();
  ImGui::DestroyContext();
}

void feed_offscreen_frame(core::Size size, float dt_s) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(size.width_px), static_cast<float>(size.height_px)};
  io.DisplayFramebufferScale = {1.0F, 1.0F};
  io.DeltaTime = dt_s;
}

}  // namespace app

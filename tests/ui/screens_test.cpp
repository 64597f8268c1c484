#include "catch.h"
#include "scene.h"
#include "ui/actions.h"

namespace {

void press(scene::Headless& gui, ui::Workspace& workspace, const engine::Snapshots& in, ImGuiKey key) {
  ImGui::GetIO().AddKeyEvent(key, true);
  gui.frame(workspace, in);
  ImGui::GetIO().AddKeyEvent(key, false);
  gui.frames(2, workspace, in);
}

}  // namespace

TEST_CASE("going to another screen and back leaves every panel of the explorer where it was") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  gui.frames(8, workspace, in);
  const core::Rect stage = *ui::stage_picture_rect(workspace);
  const ui::Chosen chosen = workspace.chosen;
  press(gui, workspace, in, ImGuiKey_P);
  REQUIRE(workspace.screen == ui::Screen::practice);
  gui.frames(20, workspace, in);
  press(gui, workspace, in, ImGuiKey_Escape);
  REQUIRE(workspace.screen == ui::Screen::explore);
  gui.frames(20, workspace, in);
  REQUIRE(ui::stage_picture_rect(workspace)->min.x == stage.min.x);
  REQUIRE(ui::stage_picture_rect(workspace)->max.y == stage.max.y);
  REQUIRE(workspace.chosen == chosen);
  REQUIRE_FALSE(workspace.standing.layout_own);
}

TEST_CASE("the explorer's keys do nothing on another screen") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  gui.frames(8, workspace, in);
  ui::go_to(workspace, ui::Screen::practice);
  const ui::Chosen chosen = workspace.chosen;
  for (const ImGuiKey key : {ImGuiKey_RightArrow, ImGuiKey_L, ImGuiKey_PageDown, ImGuiKey_M, ImGuiKey_F}) {
    press(gui, workspace, in, key);
  }
  REQUIRE(workspace.chosen == chosen);
}

#include "ui/layout.h"

#include "catch.h"
#include "scene.h"
#include "ui/actions.h"

namespace {

const core::Size kSizes[] = {{800, 500},  {1024, 768},  {1280, 720},  {1280, 800},
                             {1440, 900}, {1920, 1080}, {2560, 1440}, {3840, 2160}};

bool overlap(const core::Rect& a, const core::Rect& b) {
  return a.min.x < b.max.x && b.min.x < a.max.x && a.min.y < b.max.y && b.min.y < a.max.y;
}

}  // namespace

TEST_CASE("panels stay inside the dock, apart from each other, and none is tiny") {
  for (const core::Size size : kSizes) {
    for (const bool comparing : {false, true}) {
      const ui::Layout layout = ui::default_layout(size, 1.0F, comparing);
      for (std::size_t i = 0; i < ui::kPanels; ++i) {
        const core::Rect& panel = layout.panels[i];
        if (panel.width() == 0) continue;
        INFO(size.width_px << "x" << size.height_px << " " << ui::window_name(static_cast<ui::Panel>(i)));
        REQUIRE(panel.width() >= 90);
        REQUIRE(panel.height() >= 40);
        REQUIRE(panel.min.x >= layout.dock.min.x);
        REQUIRE(panel.min.y >= layout.dock.min.y);
        REQUIRE(panel.max.x <= layout.dock.max.x + 1);
        REQUIRE(panel.max.y <= layout.dock.max.y + 1);
        for (std::size_t j = 0; j < i; ++j) REQUIRE_FALSE(overlap(panel, layout.panels[j]));
      }
    }
  }
}

TEST_CASE("at 1280 × 800 the stage is the drawing's square and the largest panel") {
  const ui::Layout layout = ui::default_layout({1280, 800}, 1.0F, false);
  const core::Rect& stage = layout.of(ui::Panel::stage);
  REQUIRE(stage.width() == 536);
  REQUIRE(stage.height() == 536);
  REQUIRE(layout.of(ui::Panel::visualization).width() == 244);
  REQUIRE(layout.of(ui::Panel::map).max.y == stage.max.y);
}

TEST_CASE("twice the scale on twice the window is the same layout") {
  const ui::Layout one = ui::default_layout({1280, 800}, 1.0F, false);
  const ui::Layout two = ui::default_layout({2560, 1600}, 2.0F, false);
  for (std::size_t i = 0; i < ui::kPanels; ++i) {
    REQUIRE(two.panels[i].min.x == 2 * one.panels[i].min.x);
    REQUIRE(two.panels[i].height() == 2 * one.panels[i].height());
  }
}

TEST_CASE("without panels the three pictures are larger and inside the window") {
  for (const core::Size size : kSizes) {
    const ui::Layout layout = ui::default_layout(size, 1.0F, false);
    const ui::PicturesAlone alone = ui::pictures_alone(size, 1.0F);
    REQUIRE(alone.stage.width() >= std::min(layout.of(ui::Panel::stage).width(), layout.of(ui::Panel::stage).height()));
    REQUIRE(alone.visualization.width() >= layout.of(ui::Panel::visualization).width());
    for (const core::Rect& rect : {alone.stage, alone.visualization, alone.map}) {
      REQUIRE(rect.min.x >= 0);
      REQUIRE(rect.min.y >= 0);
      REQUIRE(rect.max.x <= static_cast<float>(size.width_px));
      REQUIRE(rect.max.y <= static_cast<float>(size.height_px));
    }
  }
}

TEST_CASE("Dear ImGui docks every panel where the layout says") {
  for (const core::Size size : kSizes) {
    for (const bool comparing : {false, true}) {
      scene::Headless gui(size);
      engine::Snapshots in = scene::beginning();
      ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
      ui::set_comparing(workspace, comparing);
      gui.frames(8, workspace, in);
      INFO(size.width_px << "x" << size.height_px << (comparing ? " comparing" : ""));
      REQUIRE_FALSE(workspace.standing.layout_own);  // set where a panel stands elsewhere
      const std::optional<core::Rect> stage = ui::stage_picture_rect(workspace);
      REQUIRE(stage);
      const core::Rect wanted = ui::default_layout(size, 1.0F, comparing).of(ui::Panel::stage);
      REQUIRE(std::max(stage->width() / wanted.width(), stage->height() / wanted.height()) ==
              Approx(1.0F).margin(0.02));
    }
  }
}

TEST_CASE("the default layout follows the window, an own one is kept and restored") {
  scene::Headless gui({1280, 800});
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  gui.frames(8, workspace, in);
  gui.resize({1920, 1080});
  gui.frames(8, workspace, in);
  REQUIRE_FALSE(workspace.standing.layout_own);
  REQUIRE(ui::stage_picture_rect(workspace)->width() > 700);

  // Drag the gap between the layers and the stage.
  const ui::Layout layout = ui::default_layout({1920, 1080}, 1.0F, false);
  const float x = layout.of(ui::Panel::layers).max.x + 6;
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(x, 500);
  gui.frames(3, workspace, in);
  io.AddMouseButtonEvent(0, true);
  gui.frames(2, workspace, in);
  io.AddMousePosEvent(x + 60, 500);
  gui.frames(3, workspace, in);
  io.AddMouseButtonEvent(0, false);
  gui.frames(3, workspace, in);
  REQUIRE(workspace.standing.layout_own);
  io.DeltaTime = 10;  // Dear ImGui saves after some seconds
  gui.frames(2, workspace, in);
  REQUIRE(workspace.preferences.layout_ini.find("Stage") != std::string::npos);
  const float width = ui::stage_picture_rect(workspace)->width();

  ui::Workspace restored = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  restored.preferences = workspace.preferences;
  io.DeltaTime = 1.0F / 60;
  gui.frames(8, restored, in);
  REQUIRE(ui::stage_picture_rect(restored)->width() == Approx(width).margin(2));
  engine::Requests out;
  REQUIRE(ui::perform(restored, in, out, "default layout").ok());
  gui.frames(8, restored, in);
  REQUIRE_FALSE(restored.standing.layout_own);
}

TEST_CASE("the contact sheet has the largest tiles with which all of it is visible") {
  REQUIRE(ui::sheet_columns(256, 360, 600, 22, 44) == 13);
  REQUIRE(ui::sheet_columns(256, 190, 300, 22, 44) == 8);  // it must scroll: the smallest tiles
  REQUIRE(ui::sheet_columns(4, 190, 300, 22, 44) == 5);    // none larger than the largest
  for (const int count : {1, 32, 96, 416, 832}) {
    const int columns = ui::sheet_columns(count, 400, 700, 22, 44);
    REQUIRE(400.0F / static_cast<float>(columns) <= 44);
    REQUIRE(400.0F / static_cast<float>(columns) >= 22);
  }
}

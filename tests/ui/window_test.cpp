#include "ui/window.h"

#include "catch.h"
#include "scene.h"
#include "ui/actions.h"
#include "ui/layout.h"
#include "ui/widgets.h"

namespace {

const core::Size kSizes[] = {{800, 500}, {1280, 800}, {1920, 1080}, {3840, 2160}};

void click_through(scene::Headless& gui, ui::Workspace& workspace, const engine::Snapshots& in, core::Point from,
                   core::Point to) {
  ImGuiIO& io = ImGui::GetIO();
  io.AddMousePosEvent(from.x, from.y);
  gui.frames(2, workspace, in);
  io.AddMouseButtonEvent(0, true);
  gui.frames(2, workspace, in);
  io.AddMousePosEvent(to.x, to.y);
  gui.frames(2, workspace, in);
}

void let_go(scene::Headless& gui, ui::Workspace& workspace, const engine::Snapshots& in) {
  ImGui::GetIO().AddMouseButtonEvent(0, false);
  gui.frames(2, workspace, in);
}

}  // namespace

TEST_CASE("the window draws with nothing, with everything, and in every state between") {
  for (const core::Size size : kSizes) {
    for (const float scale : {1.0F, 2.0F}) {
      scene::Headless gui(size, scale);
      ui::Workspace empty;
      gui.frames(3, empty, {});
      ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
      engine::Snapshots in = scene::everything(workspace);
      gui.frames(6, workspace, in);
      REQUIRE(gui.textures.pictures > 0);
      REQUIRE(gui.textures.maps > 0);
      REQUIRE(ui::stage_picture_rect(workspace));
      engine::Requests out;
      for (const char* command : {"compare", "help", "toggle panels", "map shows drop", "contour 5", "picture alone"}) {
        REQUIRE(ui::perform(workspace, in, out, command).ok());
        gui.frames(12, workspace, in);
        // What is missing or failed must draw as well.
        engine::Snapshots part = in;
        part.sweep = nullptr;
        part.visualize = {};
        part.contact_sheet = nullptr;
        gui.frames(2, workspace, part);
        auto broken = std::make_shared<engine::PictureSnapshot>(*in.picture);
        broken->error = base::Error{"p0.png cannot be read", "it ends early", "Choose another picture."};
        part.picture = broken;
        gui.frames(2, workspace, part);
      }
    }
  }
}

TEST_CASE("the stage shows what the network sees, with its pixels as squares where they are few") {
  for (const bool grey : {false, true}) {
    scene::Headless gui({1280, 800});
    ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
    engine::Snapshots in = scene::everything(workspace);
    in.visualize = {};
    const auto has_drawn = [&](const core::Image& image) {
      gui.textures.shown.clear();
      gui.frames(2, workspace, in);
      return std::ranges::count(gui.textures.shown, core::content_hash(image)) > 0;
    };
    REQUIRE(has_drawn(in.picture->image));
    REQUIRE(gui.textures.most_times == 1);
    auto small = scene::picture("p0.png", 32);
    if (grey) small->grey = core::grey(small->image);
    in.picture = small;
    REQUIRE(has_drawn(small->seen()));
    REQUIRE(has_drawn(small->image) == !grey);
    REQUIRE(gui.textures.most_times > 10);
  }
}

TEST_CASE("dragging on the stage moves the occluder with the hand and asks for its value each time") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  gui.frames(8, workspace, in);
  const core::Rect shown = *ui::stage_picture_rect(workspace);
  const core::Occluder before = workspace.chosen.occluder;
  const float per_px = shown.width() / 224.0F;
  // By a corner of the square: it keeps its place under the hand.
  const core::Point inside{shown.min.x + per_px * static_cast<float>(before.x_px + 10),
                           shown.min.y + per_px * static_cast<float>(before.y_px + 20)};
  click_through(gui, workspace, in, inside, {inside.x + 30 * per_px, inside.y - 12 * per_px});
  REQUIRE(workspace.hand.dragging);
  REQUIRE(std::abs(workspace.chosen.occluder.x_px - (before.x_px + 30)) <= 1);
  REQUIRE(std::abs(workspace.chosen.occluder.y_px - (before.y_px - 12)) <= 1);
  ImGui::GetIO().AddMousePosEvent(inside.x + 40 * per_px, inside.y);
  const auto before_event = engine::Clock::now();
  const engine::Requests out = gui.frame(workspace, in);
  REQUIRE(out.drag);
  REQUIRE(out.drag->posted >= before_event);
  REQUIRE(out.drag->occluder == workspace.chosen.occluder);
  REQUIRE_FALSE(out.sweep);
  let_go(gui, workspace, in);
  REQUIRE_FALSE(workspace.hand.dragging);
  REQUIRE(workspace.preferences.hints_done[static_cast<int>(ui::Hint::drag)]);
}

TEST_CASE("a click beside the square brings it under the hand, inside the picture") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  workspace.chosen.occluder = {0, 0, 66};
  gui.frames(8, workspace, in);
  const core::Rect shown = *ui::stage_picture_rect(workspace);
  const core::Point corner{shown.max.x - 3, shown.max.y - 60};
  click_through(gui, workspace, in, corner, corner);
  REQUIRE(workspace.chosen.occluder.x_px == 224 - 66);
  let_go(gui, workspace, in);
}

TEST_CASE("the ring on the map moves the occluder, over the whole of its positions") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  gui.frames(8, workspace, in);
  const core::Rect shown = *ui::map_rect(workspace);
  const core::Point middle{(shown.min.x + shown.max.x) / 2, (shown.min.y + shown.max.y) / 2};
  click_through(gui, workspace, in, middle, {shown.max.x + 200, shown.min.y - 100});
  REQUIRE(workspace.chosen.occluder == core::Occluder{134, 0, 90});
  let_go(gui, workspace, in);
  click_through(gui, workspace, in, middle, middle);
  REQUIRE(std::abs(workspace.chosen.occluder.x_px - 67) <= 1);
  let_go(gui, workspace, in);
}

TEST_CASE("hiding the panels makes the three pictures grow, and showing them brings the panels back") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  gui.frames(8, workspace, in);
  const float small = ui::stage_picture_rect(workspace)->width();
  const float small_map = ui::map_rect(workspace)->width();
  workspace.standing.panels_hidden = true;
  gui.frames(40, workspace, in);
  REQUIRE(ui::stage_picture_rect(workspace)->width() > 1.2F * small);
  REQUIRE(ui::map_rect(workspace)->width() > 1.2F * small_map);
  REQUIRE_FALSE(ui::wants_another_frame(workspace, gui.last));
  workspace.standing.panels_hidden = false;
  gui.frames(40, workspace, in);
  REQUIRE(ui::stage_picture_rect(workspace)->width() == Approx(small));
  REQUIRE_FALSE(workspace.standing.layout_own);
}

TEST_CASE("without motion nothing needs a second frame") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  workspace.preferences.motion = false;
  engine::Snapshots in = scene::everything(workspace);
  gui.frames(8, workspace, in);
  workspace.standing.panels_hidden = true;
  gui.frame(workspace, in);
  REQUIRE_FALSE(ui::wants_another_frame(workspace, gui.last));
  REQUIRE(ui::stage_picture_rect(workspace)->width() > 700);
}

TEST_CASE("a click in the contact sheet chooses that unit") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 7, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  gui.frames(8, workspace, in);
  const int before = workspace.chosen.unit->channel;
  const ui::Panel panel = ui::Panel::layers;
  const core::Rect place = ui::default_layout({1280, 800}, 1.0F, false).of(panel);
  // Somewhere below the list stands the second tile of the first row.
  bool changed = false;
  for (float y = place.min.y + 150; y < place.max.y - 10 && !changed; y += 8) {
    click_through(gui, workspace, in, {place.min.x + 13 + 36, y}, {place.min.x + 13 + 36, y});
    let_go(gui, workspace, in);
    changed = workspace.chosen.unit->channel != before;
  }
  REQUIRE(changed);
  REQUIRE(workspace.chosen.unit->layer == "two_pre_relu");
}

TEST_CASE("the columns of keys are about as tall as each other") {
  scene::Headless gui({1280, 1600});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  workspace.standing.help_open = true;
  gui.frames(3, workspace, scene::everything(workspace));
  std::vector<float> heights;
  for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
    if (std::string_view(window->Name).starts_with("##help/column")) heights.push_back(window->ContentSize.y);
  REQUIRE(heights.size() == 3);
  const auto [least, most] = std::ranges::minmax_element(heights);
  REQUIRE(*most < 1.35F * *least);
}

TEST_CASE("a word that is wider than its line goes on in the next, and no line of it is wider") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  gui.frame(workspace, scene::everything(workspace));
  ImGui::NewFrame();
  ImDrawList* list = ImGui::GetForegroundDrawList();
  const float width = 120;
  const std::string name = "*/features/features.4/block/block.1/block.1.0/Conv_output_0*, " + std::string(300, 'x');
  ui::draw_sentence(list, {0, 0}, width, "channel 7 of " + name, 0xffffff);
  float right = 0;
  for (const ImDrawVert& corner : list->VtxBuffer) right = std::max(right, corner.pos.x);
  REQUIRE(right > width / 2);
  REQUIRE(right <= width + 1);
  REQUIRE(ui::sentence_height("channel 7 of " + name, width) > 4 * ui::sentence_height("channel 7 of", width));
  REQUIRE(ui::sentence_height("…", 1) > 0);  // one letter is never cut, however narrow the line
  ImGui::EndFrame();
}

TEST_CASE("what could not be opened is said once, and the window goes on with what is open") {
  scene::Headless gui({1280, 800});
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in = scene::everything(workspace);
  gui.frames(8, workspace, in);
  in.refusal = std::make_shared<engine::RefusalSnapshot>(
      engine::RefusalSnapshot{{"The model bad.onnx cannot be opened", "it ends early", "Choose another."}, "bad.onnx"});
  const engine::Requests out = gui.frame(workspace, in);
  REQUIRE(workspace.standing.notice == "The model bad.onnx cannot be opened: it ends early. Choose another.");
  REQUIRE(workspace.standing.notice_is_error);
  REQUIRE_FALSE(out.drag);
  REQUIRE_FALSE(out.sweep);
  workspace.standing.notice.clear();
  gui.frames(3, workspace, in);
  REQUIRE(workspace.standing.notice.empty());
}

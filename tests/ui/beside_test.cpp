// Two models side by side: what the second is asked, one square for both, one scale, and the command that repeats it.
#include "ui/beside.h"

#include "catch.h"
#include "scene.h"
#include "ui/actions.h"
#include "ui/panels.h"

namespace {

// The explorer with every answer, on the screen of two models; the second has pictures twice as large.
struct Pair {
  Pair() {
    workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
    in = scene::everything(workspace);
    engine::Requests out;
    REQUIRE(ui::perform(workspace, in, out, "two models").ok());
  }

  void open_second() {
    auto model = scene::model();
    model->path = "other.onnx";
    model->file = {"other.onnx", "def"};
    model->name = "other";
    model->framing = {512, {448, 448}};
    in.beside.model = model;
    in.beside.picture = scene::picture("p0.png", 448);
  }

  // What the second model was asked last, answered.
  void answer(const engine::Requests& out) {
    if (out.beside.drag) in.beside.drag = scene::drag(*out.beside.drag, 4.0F);
    if (out.beside.sweep) in.beside.sweep = scene::sweep(out.beside.sweep->spec, {448, 448});
  }

  ui::Workspace workspace;
  engine::Snapshots in;
};

}  // namespace

TEST_CASE("the second model is asked for the same picture, the same unit and the same place of the square") {
  Pair pair;
  scene::Headless gui({1280, 800});
  gui.frames(3, pair.workspace, pair.in);
  REQUIRE_FALSE(pair.workspace.beside.second);
  pair.open_second();
  pair.workspace.chosen.occluder = {20, 30, 90};
  const engine::Requests out = gui.frame(pair.workspace, pair.in);
  REQUIRE(out.beside.show_picture == pair.workspace.chosen.picture);
  REQUIRE(out.beside.drag);
  REQUIRE(out.beside.drag->model == pair.in.beside.model);
  REQUIRE(out.beside.drag->unit == core::Unit{"two_pre_relu", 3, std::nullopt});
  REQUIRE(out.beside.drag->occluder == core::Occluder{40, 60, 180});
  REQUIRE(out.beside.sweep);
  REQUIRE(out.beside.sweep->spec.side_px == 180);
  REQUIRE(out.drag);
  REQUIRE(out.drag->occluder == core::Occluder{20, 30, 90});
  REQUIRE_FALSE(gui.frame(pair.workspace, pair.in).beside.drag);  // each thing is asked once
}

TEST_CASE("another unit may be chosen in the second, and a name that it lacks is explained") {
  Pair pair;
  scene::Headless gui({1280, 800});
  pair.open_second();
  gui.frames(2, pair.workspace, pair.in);
  engine::Requests out;
  REQUIRE(ui::perform(pair.workspace, pair.in, out, "second unit three_pre_relu:7").ok());
  out = gui.frame(pair.workspace, pair.in);
  REQUIRE(out.beside.drag);
  REQUIRE(out.beside.drag->unit == core::Unit{"three_pre_relu", 7, std::nullopt});
  REQUIRE(ui::compare_command(pair.workspace, pair.in).find("--unit two_pre_relu:3 three_pre_relu:7") !=
          std::string::npos);
  REQUIRE(ui::perform(pair.workspace, pair.in, out, "second unit nine:7").ok());
  out = gui.frame(pair.workspace, pair.in);
  REQUIRE_FALSE(out.beside.drag);
  REQUIRE_FALSE(pair.workspace.beside.is_there);
  REQUIRE(pair.workspace.beside.words.find("Choose one of") != std::string::npos);
  REQUIRE(ui::compare_command(pair.workspace, pair.in).empty());
  REQUIRE(ui::perform(pair.workspace, pair.in, out, "second unit same").ok());
  gui.frame(pair.workspace, pair.in);
  REQUIRE(pair.workspace.beside.unit == pair.workspace.chosen.unit);
  REQUIRE(ui::compare_command(pair.workspace, pair.in) ==
          "unitscope-cli compare --models tiny.onnx other.onnx --unit two_pre_relu:3 --images pictures --size 0.402");
}

TEST_CASE("a second model without a unit of that name asks for one of its own, and a click on its layer gives it") {
  Pair pair;
  scene::Headless gui({1280, 800});
  pair.open_second();
  auto model = std::make_shared<engine::ModelSnapshot>(*pair.in.beside.model);
  model->understand = [understand = model->understand](std::string_view name) -> base::Result<engine::UnderstoodName> {
    if (name == "two_pre_relu:3") return base::Error{"\"two_pre_relu:3\" is no unit", "there is no such layer", ""};
    return understand(name);
  };
  pair.in.beside.model = model;
  gui.frames(2, pair.workspace, pair.in);
  REQUIRE_FALSE(pair.workspace.beside.is_there);
  REQUIRE(ui::missing_words(pair.workspace.beside).find("Choose one of its layers") != std::string::npos);
  for (float y = 80; y < 240 && pair.workspace.beside.written.empty(); y += 6) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddMousePosEvent(1100, y);
    for (const bool down : {true, false}) {
      io.AddMouseButtonEvent(0, down);
      gui.frame(pair.workspace, pair.in);
    }
  }
  gui.frames(2, pair.workspace, pair.in);
  REQUIRE(pair.workspace.beside.is_there);
  REQUIRE(pair.workspace.beside.unit->channel == 3);
}

TEST_CASE("both maps have one scale, and are compared when both are complete") {
  Pair pair;
  scene::Headless gui({1280, 800});
  pair.open_second();
  pair.answer(gui.frame(pair.workspace, pair.in));
  gui.frames(2, pair.workspace, pair.in);
  REQUIRE(pair.in.beside.sweep);
  const auto range = ui::shared_range(pair.workspace, pair.in);
  REQUIRE(range);
  for (const auto& sweep : {pair.in.sweep, pair.in.beside.sweep}) {
    const core::Range own = core::range_of(ui::values_to_show(sweep->sweep.map, pair.workspace.beside.values));
    REQUIRE(range->low <= own.low);
    REQUIRE(range->high >= own.high);
  }
  REQUIRE(pair.workspace.beside.correlation.has_value() ==
          (pair.in.sweep->sweep.map.values.rows == pair.in.beside.sweep->sweep.map.values.rows));
  const auto same = std::make_shared<engine::SweepAnswer>(*pair.in.sweep);
  pair.in.beside.sweep = same;
  gui.frames(2, pair.workspace, pair.in);
  REQUIRE(*pair.workspace.beside.correlation == Approx(1.0));
  REQUIRE(ui::likeness_sentence(pair.workspace, pair.in).find("1.00") != std::string::npos);
}

TEST_CASE("the square is dragged in the second picture as well, and moves in both") {
  Pair pair;
  scene::Headless gui({1280, 800});
  pair.open_second();
  pair.answer(gui.frame(pair.workspace, pair.in));
  gui.frames(4, pair.workspace, pair.in);
  const auto shown = ui::stage_picture_rect(*pair.workspace.beside.second);
  REQUIRE(shown);
  REQUIRE(shown->min.x > ui::stage_picture_rect(pair.workspace)->max.x);
  const float per_px = shown->width() / 448.0F;
  const core::Occluder before = pair.workspace.chosen.occluder;
  ImGuiIO& io = ImGui::GetIO();
  const core::Point inside{shown->min.x + per_px * static_cast<float>(2 * before.x_px + 20),
                           shown->min.y + per_px * static_cast<float>(2 * before.y_px + 20)};
  io.AddMousePosEvent(inside.x, inside.y);
  gui.frames(2, pair.workspace, pair.in);
  io.AddMouseButtonEvent(0, true);
  gui.frames(2, pair.workspace, pair.in);
  io.AddMousePosEvent(inside.x + 40 * per_px, inside.y - 20 * per_px);
  gui.frames(2, pair.workspace, pair.in);
  io.AddMouseButtonEvent(0, false);
  gui.frames(3, pair.workspace, pair.in);
  REQUIRE(std::abs(pair.workspace.chosen.occluder.x_px - (before.x_px + 20)) <= 1);
  REQUIRE(std::abs(pair.workspace.chosen.occluder.y_px - (before.y_px - 10)) <= 1);
  REQUIRE(pair.workspace.chosen.occluder.side_px == before.side_px);
}

TEST_CASE("two models draw in every size, whatever is missing, and Escape leads back") {
  for (const core::Size size : {core::Size{640, 400}, core::Size{1280, 800}, core::Size{3840, 2160}}) {
    scene::Headless gui(size, 2.0F);
    Pair pair;
    gui.frames(3, pair.workspace, pair.in);
    pair.open_second();
    pair.answer(gui.frame(pair.workspace, pair.in));
    gui.frames(3, pair.workspace, pair.in);
    engine::Snapshots part = pair.in;
    part.beside.picture = nullptr;
    part.beside.sweep = nullptr;
    part.model = nullptr;
    gui.frames(3, pair.workspace, part);
    engine::Requests out;
    REQUIRE(ui::perform(pair.workspace, pair.in, out, "close").ok());
    REQUIRE(pair.workspace.screen == ui::Screen::explore);
    gui.frames(3, pair.workspace, pair.in);
    REQUIRE_FALSE(pair.workspace.standing.shared_range);
  }
}

#include "app/script.h"

#include <imgui.h>

#include "catch.h"

namespace {

template <class T>
T deed(const char* text) {
  const auto parsed = app::parse_deed(text);
  INFO(text);
  REQUIRE(parsed);
  REQUIRE(std::holds_alternative<T>(*parsed));
  return std::get<T>(*parsed);
}

}  // namespace

TEST_CASE("the hand's places count in picture pixels, map shares or design pixels") {
  const auto point = deed<app::Point>("point 12 34.5");
  REQUIRE(point.at.where == app::Where::picture);
  REQUIRE(point.at.x == 12.0F);
  REQUIRE(point.at.y == 34.5F);
  REQUIRE(deed<app::Click>("click map 0.25 1").at.where == app::Where::map);
  REQUIRE(deed<app::Click>("click window 640 20").at.where == app::Where::window);
}

TEST_CASE("a drag goes from one place to another in a number of frames") {
  for (const char* verb : {"drag 1 2 3 4 60", "drag_occluder 1 2 3 4 60", "drag picture 1 2 3 4 60"}) {
    const auto drag = deed<app::Drag>(verb);
    REQUIRE(drag.from.x == 1.0F);
    REQUIRE(drag.to.y == 4.0F);
    REQUIRE(drag.frames == 60);
  }
  REQUIRE(deed<app::Drag>("drag map 0 0 1 1").frames > 1);
}

TEST_CASE("keys have the names that people use, and modifiers before them") {
  REQUIRE(deed<app::Key>("key Tab").chord == ImGuiKey_Tab);
  REQUIRE(deed<app::Key>("key Space").how == app::Key::How::press);
  REQUIRE(deed<app::Key>("key Shift+Left").chord == (ImGuiMod_Shift | ImGuiKey_LeftArrow));
  REQUIRE(deed<app::Key>("key Ctrl+Shift+z").chord == (ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_Z));
  REQUIRE(deed<app::Key>("key pgdn").chord == ImGuiKey_PageDown);
  REQUIRE(deed<app::Key>("key /").text == "/");
  REQUIRE(deed<app::Key>("key [").chord == ImGuiKey_LeftBracket);
  REQUIRE(deed<app::Key>("hold V").how == app::Key::How::hold);
  REQUIRE(deed<app::Key>("release V").how == app::Key::How::release);
}

TEST_CASE("typed text is kept as written, other words are actions of the window") {
  REQUIRE(deed<app::Type>("type mixed4a pre  7").text == "mixed4a pre  7");
  REQUIRE(deed<app::Wheel>("wheel -3").notches == -3.0F);
  REQUIRE(deed<app::Perform>("select unit mixed4a_pre_relu:7").command == "select unit mixed4a_pre_relu:7");
  REQUIRE(app::parse_deed("selekt unit mixed4a_pre_relu:7").error().sentence().find("select unit") !=
          std::string::npos);
}

TEST_CASE("a script is a list of do, wait and shot") {
  const auto script = app::parse_script(R"([{"do": "next unit"}, {"wait": "map 17x9"}, {"wait": "step 64",
      "timeout_s": 5}, {"wait": "seconds 0.5"}, {"shot": "a_picture-2"}])");
  REQUIRE(script);
  REQUIRE(script->size() == 5);
  const auto& map = std::get<app::Wait>((*script)[1].what);
  REQUIRE(map.what == app::Wait::For::map);
  REQUIRE(map.rows == 17);
  REQUIRE(map.cols == 9);
  REQUIRE(map.timeout_s == 60.0);
  const auto& step = std::get<app::Wait>((*script)[2].what);
  REQUIRE(step.what == app::Wait::For::step);
  REQUIRE(step.amount == 64.0);
  REQUIRE(step.timeout_s == 5.0);
  REQUIRE(std::get<app::Shot>((*script)[4].what).name == "a_picture-2");
}

TEST_CASE("a script that cannot be played is refused before it starts, with the step that is wrong") {
  const std::pair<const char*, const char*> wrong[] = {{"{}", "list"},
                                                       {"[", "byte"},
                                                       {R"([{"shot": "a"}, {"shot": "../b"}])", "Step 2"},
                                                       {R"([{"shot": ""}])", "Step 1"},
                                                       {R"([{"shot": 7}])", "Step 1"},
                                                       {R"([{"do": ""}])", "Step 1"},
                                                       {R"([{"do": "drag 1 2 3"}])", "drag"},
                                                       {R"([{"do": "click here now"}])", "click"},
                                                       {R"([{"do": "key Nowhere"}])", "Nowhere"},
                                                       {R"([{"do": "key Meta+A"}])", "Meta"},
                                                       {R"([{"wait": "map"}])", "map 17x17"},
                                                       {R"([{"wait": "map 0x4"}])", "map 0x4"},
                                                       {R"([{"wait": "step -1"}])", "step -1"},
                                                       {R"([{"wait": "frames 1e99"}])", "1e99"},
                                                       {R"([{"wait": "Godot"}])", "Godot"},
                                                       {R"([{"wait": "idle", "timeout": 3}])", "timeout"},
                                                       {R"(["shot"])", "Step 1"}};
  for (const auto& [text, named] : wrong) {
    const auto script = app::parse_script(text);
    INFO(text);
    REQUIRE(!script);
    INFO(script.error().sentence());
    REQUIRE(script.error().sentence().find(named) != std::string::npos);
  }
}

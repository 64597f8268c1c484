#include "ui/question.h"

#include <algorithm>
#include <cmath>

#include "catch.h"
#include "scene.h"

namespace {

struct Window {
  core::Size size;
  float scale, framebuffer;
};
// Design sizes at 80 % to 200 %, and window systems that count in larger units themselves.
const Window kWindows[] = {{{940, 600}, 1, 1},  {{1280, 800}, 1, 1},   {{1880, 1200}, 2, 1}, {{1920, 1080}, 1, 1},
                           {{1280, 800}, 1, 2}, {{1707, 960}, 1, 1.5}, {{3840, 2160}, 2, 1}, {{2560, 1600}, 2, 1}};

ui::QuestionSpace space_of(const Window& window, int references) {
  ui::QuestionSpace space;
  const float margin = 14 * window.scale;
  space.place = {{margin, 24 * window.scale},
                 {static_cast<float>(window.size.width_px) - margin, static_cast<float>(window.size.height_px) - 6}};
  space.references = references;
  space.scale = window.scale;
  space.framebuffer = window.framebuffer;
  return space;
}

std::vector<core::Rect> all_of(const ui::QuestionLayout& layout) {
  std::vector<core::Rect> all = layout.references;
  all.insert(all.end(), {layout.base, layout.left, layout.right, layout.question, layout.foot, layout.base_title});
  all.insert(all.end(), layout.buttons.begin(), layout.buttons.end());
  return all;
}

bool overlap(const core::Rect& a, const core::Rect& b) {
  return a.min.x < b.max.x - 0.01F && b.min.x < a.max.x - 0.01F && a.min.y < b.max.y - 0.01F &&
         b.min.y < a.max.y - 0.01F;
}

bool is_whole(float value) {
  return std::fabs(value - std::round(value)) < 0.01F;
}

study::QuestionPictures pictures() {
  study::QuestionPictures made;
  for (int i = 0; i < 9; ++i) made.references.push_back(core::make_image({64, 64}, 10, 20, 30));
  made.base = made.left = made.right = core::make_image({224, 224}, 90, 90, 90);
  return made;
}

std::optional<ui::QuestionAnswer> frame(const ui::QuestionLayout& layout, const ui::QuestionView& view) {
  scene::NoTextures textures;
  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
  ImGui::Begin("question", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
  const auto answer = ui::draw_question(textures, layout, view);
  ImGui::End();
  ImGui::Render();
  return answer;
}

}  // namespace

TEST_CASE("Base and queries are drawn at a whole number of framebuffer pixels for each of their own, on whole pixels") {
  for (const Window& window : kWindows)
    for (const int references : {0, 1, 4, 5, 9}) {
      const auto layout = ui::lay_out_question(space_of(window, references));
      CAPTURE(window.size.width_px, window.size.height_px, window.scale, window.framebuffer, references);
      REQUIRE(layout.image_scale >= 1);
      for (const core::Rect& picture : {layout.base, layout.left, layout.right}) {
        REQUIRE(picture.width() * window.framebuffer == Approx(224.0F * static_cast<float>(layout.image_scale)));
        REQUIRE(picture.height() == Approx(picture.width()));
        REQUIRE(is_whole(picture.min.x * window.framebuffer));
        REQUIRE(is_whole(picture.min.y * window.framebuffer));
      }
      for (const core::Rect& reference : layout.references) {
        REQUIRE(reference.width() * window.framebuffer == Approx(static_cast<float>(layout.reference_side_px)));
        REQUIRE(is_whole(reference.min.x * window.framebuffer));
      }
    }
}

TEST_CASE("Nothing of a question overlaps or leaves its place, from the smallest window on") {
  for (const Window& window : kWindows)
    for (const int references : {0, 1, 4, 5, 9}) {
      const auto space = space_of(window, references);
      const auto layout = ui::lay_out_question(space);
      CAPTURE(window.size.width_px, window.size.height_px, window.scale, references);
      const auto all = all_of(layout);
      REQUIRE(layout.references.size() == static_cast<std::size_t>(references));
      for (std::size_t i = 0; i < all.size(); ++i) {
        REQUIRE(all[i].min.x >= space.place.min.x - 1);
        REQUIRE(all[i].max.x <= space.place.max.x + 1);
        REQUIRE(all[i].min.y >= space.place.min.y - 1);
        REQUIRE(all[i].max.y <= space.place.max.y + 1);
        for (std::size_t j = 0; j < i; ++j) REQUIRE_FALSE(overlap(all[i], all[j]));
      }
      REQUIRE_FALSE(overlap(layout.hints[0], layout.hints[1]));
    }
}

TEST_CASE("The scale is the largest whole one that fits, and a window that is too small has no question") {
  REQUIRE(ui::lay_out_question(space_of({{1280, 800}, 1, 1}, 9)).image_scale == 1);
  REQUIRE(ui::lay_out_question(space_of({{2560, 1600}, 2, 1}, 9)).image_scale == 2);
  REQUIRE(ui::lay_out_question(space_of({{3840, 2160}, 1, 1}, 9)).image_scale == 4);
  ui::QuestionSpace small = space_of({{800, 500}, 1, 1}, 9);
  REQUIRE(ui::lay_out_question(small).side == 0.0F);
  small.whole_pixels = false;
  REQUIRE(ui::lay_out_question(small).side > 100.0F);
}

TEST_CASE("A question is answered by s d f and j k l by position and by the press of a mouse button, once") {
  const scene::Headless gui({1280, 800});
  ui::apply_theme(1.0F);
  ImGuiIO& io = ImGui::GetIO();
  const auto layout = ui::lay_out_question(space_of({{1280, 800}, 1, 1}, 9));
  const auto shown = pictures();
  ui::QuestionView view;
  view.pictures = &shown;
  view.references_title = "Favorite Images";
  view.colours = &ui::published_colours();
  view.answerable = true;
  REQUIRE_FALSE(frame(layout, view));
  const ImGuiKey keys[] = {ImGuiKey_S, ImGuiKey_D, ImGuiKey_F, ImGuiKey_J, ImGuiKey_K, ImGuiKey_L};
  for (int button = 0; button < 6; ++button) {
    io.AddKeyEvent(keys[button], true);
    const auto by_key = frame(layout, view);
    REQUIRE(by_key);
    REQUIRE(by_key->button == button);
    REQUIRE(by_key->by_key);
    REQUIRE_FALSE(frame(layout, view));  // held
    io.AddKeyEvent(keys[button], false);
    REQUIRE_FALSE(frame(layout, view));

    const core::Rect& place = layout.buttons[static_cast<std::size_t>(button)];
    io.AddMousePosEvent((place.min.x + place.max.x) / 2, (place.min.y + place.max.y) / 2);
    REQUIRE_FALSE(frame(layout, view));
    io.AddMouseButtonEvent(0, true);
    const auto by_mouse = frame(layout, view);
    REQUIRE(by_mouse);
    REQUIRE(by_mouse->button == button);
    REQUIRE_FALSE(by_mouse->by_key);
    io.AddMouseButtonEvent(0, false);
    REQUIRE_FALSE(frame(layout, view));
  }
  SECTION("digits, other letters and keys with Ctrl answer nothing") {
    for (const ImGuiKey key : {ImGuiKey_1, ImGuiKey_2, ImGuiKey_3, ImGuiKey_A, ImGuiKey_Enter}) {
      io.AddKeyEvent(key, true);
      REQUIRE_FALSE(frame(layout, view));
      io.AddKeyEvent(key, false);
      frame(layout, view);
    }
    io.AddKeyEvent(ImGuiMod_Ctrl, true);
    io.AddKeyEvent(ImGuiKey_S, true);
    REQUIRE_FALSE(frame(layout, view));
  }
  SECTION("after the answer the buttons are locked") {
    view.chosen = 2;
    view.answerable = false;
    io.AddKeyEvent(ImGuiKey_J, true);
    REQUIRE_FALSE(frame(layout, view));
    io.AddMouseButtonEvent(0, true);
    REQUIRE_FALSE(frame(layout, view));
  }
}

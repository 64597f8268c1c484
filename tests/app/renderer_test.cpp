#include "app/renderer.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "app/gui.h"
#include "base/rng.h"
#include "catch.h"
#include "core/image_io.h"

namespace {

gpu::DeviceOptions watched() {
  gpu::DeviceOptions options;
  options.validation = true;
  return options;
}

// A Gui and an offscreen renderer of one size; whatever the validation layer says fails the test.
struct Screen {
  core::Size size;
  app::Gui gui;
  std::unique_ptr<app::Renderer> renderer;

  explicit Screen(core::Size of) : size(of) {
    auto made = app::Renderer::create(watched(), size);
    INFO((made ? std::string() : made.error().sentence()));
    REQUIRE(made);
    renderer = std::move(*made);
  }

  template <class Draw>
  core::Image frame(Draw draw) {
    REQUIRE(renderer->begin_frame());
    app::feed_offscreen_frame(size, 1.0F / 60.0F);
    ImGui::NewFrame();
    draw(*ImGui::GetBackgroundDrawList(), renderer->textures());
    ImGui::Render();
    auto picture = renderer->draw_and_read(*ImGui::GetDrawData(), size);
    REQUIRE(picture);
    REQUIRE(renderer->validation().messages() == std::vector<std::string>{});
    return std::move(*picture);
  }
};

core::Image noise(core::Size size, std::uint64_t seed) {
  base::Rng rng(seed);
  core::Image image = core::make_image(size);
  for (auto& byte : image.rgb) byte = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

ImVec2 vec(core::Size size) {
  return {static_cast<float>(size.width_px), static_cast<float>(size.height_px)};
}

}  // namespace

TEST_CASE("a picture shown at its own size comes back byte for byte") {
  Screen screen({320, 200});
  const core::Image image = noise({320, 200}, 1);
  const core::Image shown = screen.frame([&](ImDrawList& list, ui::Textures& textures) {
    list.AddImage(textures.texture(image), {0, 0}, vec(image.size));
  });
  REQUIRE(shown == image);
}

TEST_CASE("a picture of few pixels that is drawn large shows each of them as a square") {
  Screen screen({320, 320});
  const core::Image image = noise({32, 32}, 2);
  const core::Image shown = screen.frame([&](ImDrawList& list, ui::Textures& textures) {
    list.AddImage(ui::enlarged(textures, image, 320), {0, 0}, vec(screen.size));
  });
  REQUIRE(shown == core::repeated(image, 10));
}

TEST_CASE("an opaque map on screen is the picture that core::colour draws") {
  Screen screen({240, 200});
  core::Map map = core::make_map(9, 12, 0.0F);
  for (std::size_t i = 0; i < map.values.size(); ++i) map.values[i] = static_cast<float>(i % 7) + 0.25F;
  core::MapStyle style;
  style.range = {0.0F, 8.0F};
  const core::Image shown = screen.frame([&](ImDrawList& list, ui::Textures& textures) {
    list.AddImage(textures.map(map, style, screen.size), {0, 0}, vec(screen.size));
  });
  REQUIRE(shown == core::colour(map, style, screen.size));
}

TEST_CASE("opacity blends a map with the picture below it") {
  Screen screen({64, 64});
  const core::Map map = core::make_map(1, 1, 1.0F);
  core::MapStyle style;
  style.range = {0.0F, 1.0F};
  style.colour_map = core::ColourMap::grey;
  style.opacity = 0.25F;
  const core::Image below = core::make_image({64, 64}, 40, 80, 120);
  const core::Image shown = screen.frame([&](ImDrawList& list, ui::Textures& textures) {
    list.AddImage(textures.texture(below), {0, 0}, vec(screen.size));
    list.AddImage(textures.map(map, style, screen.size), {0, 0}, vec(screen.size));
  });
  const auto top = core::colour_table(style.colour_map).back();
  for (std::size_t c = 0; c < 3; ++c) {
    const double expected = 0.25 * top[c] + 0.75 * below.rgb[c];
    REQUIRE(std::abs(shown.rgb[c] - expected) <= 1.0);
  }
}

TEST_CASE("a fading map lets the picture through where its values are low or missing") {
  Screen screen({90, 30});
  core::Map map = core::make_map(1, 3, 0.0F);
  map.values = {0.0F, 1.0F, std::numeric_limits<float>::quiet_NaN()};
  core::MapStyle style;
  style.colour_map = core::ColourMap::grey;
  style.opacity = 0.5F;
  style.fading = true;
  const core::Image below = core::make_image({90, 30}, 40, 80, 120);
  const core::Image shown = screen.frame([&](ImDrawList& list, ui::Textures& textures) {
    list.AddImage(textures.texture(below), {0, 0}, vec(screen.size));
    list.AddImage(textures.map(map, style, screen.size), {0, 0}, vec(screen.size));
  });
  const auto white = core::colour_table(style.colour_map).back();
  for (std::size_t c = 0; c < 3; ++c) {
    REQUIRE(shown.pixel(15, 15)[c] == below.pixel(0, 0)[c]);
    REQUIRE(std::abs(shown.pixel(45, 15)[c] - 0.5 * (white[c] + below.pixel(0, 0)[c])) <= 1.0);
    REQUIRE(shown.pixel(75, 15)[c] == below.pixel(0, 0)[c]);
  }
}

TEST_CASE("equal content is made once, other content and other styles are made again") {
  Screen screen({64, 64});
  const auto made = [&](auto draw) {
    const std::size_t before = screen.renderer->texture_counts().made;
    screen.frame([&](ImDrawList&, ui::Textures& textures) { draw(textures); });
    return screen.renderer->texture_counts().made - before;
  };
  const core::Image image = noise({16, 16}, 3);
  const core::Image equal = image;
  core::Image other = image;
  other.pixel(15, 15)[2] ^= 1;
  const core::Image reshaped{{8, 32}, image.rgb};
  REQUIRE(made([&](ui::Textures& t) { t.texture(image); }) == 1);
  REQUIRE(made([&](ui::Textures& t) { t.texture(equal); }) == 0);
  REQUIRE(made([&](ui::Textures& t) { t.texture(other); }) == 1);
  REQUIRE(made([&](ui::Textures& t) { t.texture(reshaped); }) == 1);

  const core::Map map = core::make_map(4, 4, 0.5F);
  core::MapStyle style;
  REQUIRE(made([&](ui::Textures& t) { t.map(map, style, {32, 32}); }) == 1);
  REQUIRE(made([&](ui::Textures& t) { t.map(map, style, {32, 32}); }) == 0);
  REQUIRE(made([&](ui::Textures& t) { t.map(map, style, {32, 33}); }) == 1);
  style.range.high = 2.0F;
  REQUIRE(made([&](ui::Textures& t) { t.map(map, style, {32, 32}); }) == 1);
}

TEST_CASE("thousands of pictures one after the other stay within a budget") {
  Screen screen({320, 200});
  std::size_t most = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    screen.frame([&](ImDrawList& list, ui::Textures& textures) {
      for (std::uint64_t i = 0; i < 50; ++i) {
        core::Image image =
            core::make_image({32, 32}, static_cast<std::uint8_t>(seed), static_cast<std::uint8_t>(i), 7);
        list.AddImage(textures.texture(image), {0, 0}, {32, 32});
      }
    });
    most = std::max(most, screen.renderer->texture_counts().entries);
  }
  REQUIRE(screen.renderer->texture_counts().made == 3000);
  REQUIRE(most <= 1100);
}

namespace {

// Squares, text, pictures and maps one over another, some of which move from frame to frame.
std::vector<core::Image> moving_frames(bool whole) {
  Screen screen({320, 200});
  if (whole) screen.renderer->draw_all();
  base::Rng rng(11, "moving frames");
  std::vector<core::Image> frames;
  const core::Image still = noise({96, 96}, 5);
  float x = 10, y = 10;
  for (int i = 0; i < 24; ++i) {
    if (i % 5 != 0) {  // and sometimes nothing changes
      x = static_cast<float>(rng.below(2800)) / 10.0F;
      y = static_cast<float>(rng.below(1700)) / 10.0F;
    }
    const auto seed = static_cast<std::uint64_t>(i / 3);
    frames.push_back(screen.frame([&](ImDrawList& list, ui::Textures& textures) {
      list.AddImageRounded(textures.texture(still), {20.3F, 30.7F}, {180.3F, 190.7F}, {0, 0}, {1, 1}, IM_COL32_WHITE,
                           6);
      core::MapStyle style;
      style.opacity = 0.5F;
      style.range = {0.0F, 9.0F};
      list.AddImage(textures.map(core::make_map(3, 3, static_cast<float>(seed)), style, {64, 64}), {20, 30},
                    {180, 190});
      list.AddText({200, 20}, IM_COL32_WHITE, ("step " + std::to_string(seed)).c_str());
      list.PushClipRect({x + 3.4F, y + 2.6F}, {x + 21.2F, y + 33.9F}, true);
      list.AddRectFilled({x, y}, {x + 30, y + 30}, IM_COL32(200, 40, 40, 128), 5);
      list.PopClipRect();
      list.AddImage(textures.texture(noise({8, 8}, seed)), {x + 30, y}, {x + 60.5F, y + 40});
    }));
  }
  return frames;
}

}  // namespace

TEST_CASE("drawing only what changed gives the frames that are drawn whole") {
  const std::vector<core::Image> by_changes = moving_frames(false);
  const std::vector<core::Image> whole = moving_frames(true);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    INFO("frame " << i);
    REQUIRE(by_changes[i] == whole[i]);
  }
}

TEST_CASE("an empty picture and an impossible one are shown as something, not as a crash") {
  Screen screen({64, 64});
  screen.frame([&](ImDrawList& list, ui::Textures& textures) {
    list.AddImage(textures.texture({}), {0, 0}, {8, 8});
    list.AddImage(textures.map({}, {}, {8, 8}), {0, 0}, {8, 8});
    list.AddImage(textures.map(core::make_map(1, 1, 0.0F), {}, {0, -3}), {0, 0}, {8, 8});
    list.AddImage(textures.texture(core::make_image({100000, 1})), {0, 0}, {8, 8});
  });
}

TEST_CASE("digits are equally wide and letters are not") {
  Screen screen({64, 64});
  screen.frame([&](ImDrawList&, ui::Textures&) {
    const float one = ImGui::CalcTextSize("1111111111").x;
    for (const char* text : {"0000000000", "8888888888", "0123456789"})
      REQUIRE(ImGui::CalcTextSize(text).x == Approx(one).margin(1.0));
    REQUIRE(ImGui::CalcTextSize("iiii").x < ImGui::CalcTextSize("MMMM").x);
  });
}

TEST_CASE("after one renderer is gone another one draws the same picture") {
  Screen screen({200, 120});
  const core::Image image = noise({64, 64}, 9);
  const auto draw = [&](ImDrawList& list, ui::Textures& textures) {
    list.AddImage(textures.texture(image), {10, 10}, {74, 74});
    list.AddText({80, 20}, IM_COL32_WHITE, "again");
  };
  const core::Image before = screen.frame(draw);
  REQUIRE(before != screen.frame([](ImDrawList&, ui::Textures&) {}));
  screen.renderer.reset();
  auto again = app::Renderer::create(watched(), screen.size);
  REQUIRE(again);
  screen.renderer = std::move(*again);
  REQUIRE(screen.frame(draw) == before);
}

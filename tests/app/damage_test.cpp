// Laws of the damage, on draw data of Dear ImGui without a renderer.
#include "app/damage.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "base/rng.h"
#include "catch.h"

namespace {

constexpr core::Size kSize{640, 400};

// A frame of a context that draws nothing; the draw data live until the next one.
struct Scene {
  Scene() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    io.DisplaySize = {static_cast<float>(kSize.width_px), static_cast<float>(kSize.height_px)};
  }
  ~Scene() { ImGui::DestroyContext(); }
  ImDrawData& frame(const std::function<void(ImDrawList&)>& draw) {
    ImGui::GetIO().DeltaTime = 1.0F / 60.0F;
    ImGui::NewFrame();
    draw(*ImGui::GetBackgroundDrawList());
    ImGui::Render();
    return *ImGui::GetDrawData();
  }
};

std::uint64_t as_it_is(ImTextureID id) {
  return static_cast<std::uint64_t>(id);
}

app::Tiles tiles(Scene& scene, const std::function<void(ImDrawList&)>& draw) {
  return app::tiles_of(scene.frame(draw), as_it_is);
}

void square(ImDrawList& list, float x, float y, float side = 20) {
  list.AddRectFilled({x, y}, {x + side, y + side}, IM_COL32_WHITE);
}

bool holds(const std::vector<app::PixelRect>& rects, int x, int y) {
  int count = 0;
  for (const app::PixelRect& rect : rects)
    count += x >= rect.min_x && x < rect.max_x && y >= rect.min_y && y < rect.max_y ? 1 : 0;
  REQUIRE(count <= 1);  // they share no pixel
  return count == 1;
}

}  // namespace

TEST_CASE("the same frame twice is not damaged, and nothing can be said of another size") {
  Scene scene;
  const auto draw = [](ImDrawList& list) { square(list, 100, 100); };
  const app::Tiles once = tiles(scene, draw);
  REQUIRE(app::damage(once, tiles(scene, draw), kSize).empty());
  const app::PixelRect all{0, 0, kSize.width_px, kSize.height_px};
  REQUIRE(app::damage({}, once, kSize) == std::vector{all});
  REQUIRE(app::damage(once, once, {641, 400}) == std::vector{app::PixelRect{0, 0, 641, 400}});
}

TEST_CASE("what moves damages where it was and where it is, and little else") {
  Scene scene;
  const auto at = [&](float x, float y) {
    return tiles(scene, [&](ImDrawList& list) {
      square(list, 300, 300);
      square(list, x, y);
    });
  };
  const auto rects = app::damage(at(10, 10), at(500, 200), kSize);
  for (const auto& [x, y] : {std::pair{10, 10}, {29, 29}, {500, 200}, {519, 219}}) REQUIRE(holds(rects, x, y));
  for (const auto& [x, y] : {std::pair{310, 310}, {10, 390}, {250, 100}}) REQUIRE_FALSE(holds(rects, x, y));
}

TEST_CASE("colour, order, texture and clipping are seen where they change") {
  Scene scene;
  const auto plain = [](ImDrawList& list) { square(list, 100, 100); };
  const app::Tiles before = tiles(scene, plain);
  const std::vector<std::function<void(ImDrawList&)>> changes = {
      [](ImDrawList& list) {
        list.AddRectFilled({100, 100}, {120, 120}, IM_COL32(255, 255, 255, 254));
      },
      [](ImDrawList& list) {
        square(list, 100, 100);
        square(list, 100, 100);
      },
      [](ImDrawList& list) {
        list.PushClipRect({100, 100}, {110, 120});
        square(list, 100, 100);
        list.PopClipRect();
      },
      [](ImDrawList& list) {
        list.AddImage(ImTextureRef(ImTextureID{77}), {100, 100}, {120, 120});
      }};
  for (const auto& change : changes) REQUIRE(holds(app::damage(before, tiles(scene, change), kSize), 105, 105));
}

TEST_CASE("however much changes, the rectangles are few, share no pixel and hold every change") {
  Scene scene;
  base::Rng rng(4, "damage");
  for (int round = 0; round < 20; ++round) {
    std::vector<std::pair<int, int>> places;
    for (int i = 0; i < 3 + round; ++i) places.emplace_back(rng.below(620), rng.below(380));
    const app::Tiles before = tiles(scene, [](ImDrawList&) {});
    const auto rects = app::damage(before,
                                   tiles(scene,
                                         [&](ImDrawList& list) {
                                           for (const auto& [x, y] : places)
                                             square(list, static_cast<float>(x), static_cast<float>(y), 18);
                                         }),
                                   kSize);
    REQUIRE(rects.size() <= 6);
    for (const auto& [x, y] : places) {
      REQUIRE(holds(rects, x, y));
      REQUIRE(holds(rects, x + 17, y + 17));
    }
  }
}

TEST_CASE("what is kept of a frame reaches into the rectangles and nowhere else") {
  Scene scene;
  ImDrawData& data = scene.frame([](ImDrawList& list) {
    square(list, 0, 0, 400);
    list.PushClipRect({10.6F, 10.2F}, {90.3F, 300.7F});
    square(list, 0, 0, 400);
    list.PopClipRect();
  });
  const std::vector<app::PixelRect> rects = {{32, 32, 64, 96}, {320, 64, 352, 96}};
  app::keep_only(data, rects);
  int commands = 0;
  for (const ImDrawList* list : data.CmdLists)
    for (const ImDrawCmd& command : list->CmdBuffer) {
      ++commands;
      const bool inside = std::any_of(rects.begin(), rects.end(), [&](const app::PixelRect& rect) {
        return command.ClipRect.x >= static_cast<float>(rect.min_x) &&
               command.ClipRect.z <= static_cast<float>(rect.max_x) &&
               command.ClipRect.y >= static_cast<float>(rect.min_y) &&
               command.ClipRect.w <= static_cast<float>(rect.max_y);
      });
      REQUIRE(inside);
    }
  REQUIRE(commands == 3);  // the clipped square does not reach the second
}

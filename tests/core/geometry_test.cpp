#include "core/geometry.h"

#include <algorithm>

#include "catch.h"

using core::Point;
using core::Rect;
using core::Size;

TEST_CASE("a fitted picture keeps its aspect, touches two sides and is centred") {
  const Rect place = {{10, 20}, {310, 120}};
  for (const Size size : {Size{224, 224}, {400, 100}, {50, 300}, {3, 1}}) {
    const Rect shown = core::fit(size, place);
    REQUIRE(shown.width() / shown.height() == Approx(static_cast<double>(size.width_px) / size.height_px));
    REQUIRE(std::max(shown.width() / place.width(), shown.height() / place.height()) == Approx(1.0));
    REQUIRE(shown.min.x + shown.max.x == Approx(place.min.x + place.max.x));
    REQUIRE(shown.min.y + shown.max.y == Approx(place.min.y + place.max.y));
  }
}

TEST_CASE("from the picture to the screen and back is where one began") {
  const Size size = {224, 160};
  const Rect shown = core::fit(size, {{7, 3}, {900, 777}});
  for (const Point p : {Point{0, 0}, {224, 160}, {17.25F, 99.5F}, {-4, 170}}) {
    const Point back = core::screen_to_picture(core::picture_to_screen(p, size, shown), size, shown);
    REQUIRE(back.x == Approx(p.x).margin(1e-3));
    REQUIRE(back.y == Approx(p.y).margin(1e-3));
  }
  REQUIRE(core::picture_to_screen({0, 0}, size, shown).x == shown.min.x);
  REQUIRE(core::picture_to_screen({224, 160}, size, shown).y == Approx(shown.max.y));
}

TEST_CASE("every place of the occluder is found again from its place on the map") {
  const Size size = {64, 48};
  for (const int side : {1, 20, 47}) {
    for (int y = 0; y + side <= size.height_px; ++y) {
      for (int x = 0; x + side <= size.width_px; ++x) {
        const core::Occluder occluder = {x, y, side};
        const Point at = core::map_position(occluder, size);
        REQUIRE((at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1));
        REQUIRE(core::occluder_at_map_position(at, side, size) == occluder);
      }
    }
  }
}

TEST_CASE("a place outside the map means the nearest one on it") {
  REQUIRE(core::occluder_at_map_position({-1, 2}, 20, {64, 48}) == core::Occluder{0, 28, 20});
  REQUIRE(core::occluder_at_map_position({0.5F, 0.5F}, 48, {48, 48}) == core::Occluder{0, 0, 48});
}

TEST_CASE("over the picture, the middle of each cell is the middle of its occluder") {
  core::OcclusionMap map;
  map.side_px = 90;
  map.stride_px = 16;
  map.picture = {224, 224};
  map.values = core::make_map(9, 9, 0.0F);
  const Rect extent = core::map_extent_over_picture(map);
  for (int i = 0; i < 9; ++i) {
    const float middle = extent.min.x + (static_cast<float>(i) + 0.5F) * extent.width() / 9.0F;
    REQUIRE(middle == Approx(static_cast<double>(map.occluder_at(0, i).x_px) + 45.0));
  }
  REQUIRE(extent.width() == extent.height());
}

TEST_CASE("an occluder is at the same place of a picture that is framed for another network") {
  const core::Framing framing{256, {224, 224}};
  REQUIRE(core::same_place({20, 30, 90}, framing, framing) == core::Occluder{20, 30, 90});
  REQUIRE(core::same_place({20, 30, 90}, framing, {512, {448, 448}}) == core::Occluder{40, 60, 180});
  // All of the picture is fed here, of which the other crops an eighth away.
  REQUIRE(core::same_place({0, 0, 64}, framing, {256, {256, 256}}) == core::Occluder{16, 16, 64});
  for (const core::Framing& other : {core::Framing{32, {32, 32}}, core::Framing{342, {299, 299}}})
    for (int at = 0; at + 90 <= 224; at += 10) {
      const core::Occluder there = core::same_place({at, at / 2, 90}, framing, other);
      REQUIRE(there == core::clamp_inside(there, other.crop));
      REQUIRE(there.side_px >= 2);
    }
}

#include "core/occluder.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/rng.h"
#include "catch.h"

using core::Fill;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

core::Image random_picture(core::Size size, std::uint64_t seed) {
  core::Image image = core::make_image(size);
  base::Rng rng(seed);
  for (auto& byte : image.rgb) byte = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

bool covers(const core::Occluder& o, int x, int y) {
  return x >= o.x_px && x < o.x_px + o.side_px && y >= o.y_px && y < o.y_px + o.side_px;
}

// A sweep of 50×42 whose value is a plane, with the grid of `stride_px` complete and a few finer cells.
core::OcclusionMap plane_map(int stride_px) {
  core::OcclusionMap map;
  map.side_px = 10;
  map.picture = {50, 42};
  map.stride_px = 2;
  map.values = core::make_map(core::positions_along(42, 10, 2), core::positions_along(50, 10, 2), kNaN);
  map.complete_stride_px = stride_px;
  const int step = stride_px / 2;
  for (int row = 0; row < map.values.rows; row += step)
    for (int col = 0; col < map.values.cols; col += step)
      map.values.at(row, col) = static_cast<float>(3 * row - 2 * col);
  return map;
}

}  // namespace

TEST_CASE("an occluder of side 0 changes nothing, whatever its fill") {
  const core::Image picture = random_picture({40, 30}, 1);
  for (const Fill fill : core::kFills) REQUIRE(core::occlude(picture, {5, 6, 0}, fill) == picture);
}

TEST_CASE("outside the occluder no byte changes, whatever fill and place") {
  const core::Image picture = random_picture({40, 30}, 2);
  for (const Fill fill : core::kFills) {
    for (const core::Occluder o : {core::Occluder{0, 0, 12}, {28, 18, 12}, {7, 9, 1}, {0, 0, 30}}) {
      const core::Image occluded = core::occlude(picture, o, fill, 7);
      REQUIRE(occluded.size == picture.size);
      int changed_outside = 0;
      for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 40; ++x)
          if (!covers(o, x, y) && !std::equal(occluded.pixel(x, y), occluded.pixel(x, y) + 3, picture.pixel(x, y)))
            ++changed_outside;
      REQUIRE(changed_outside == 0);
    }
  }
}

TEST_CASE("the mean of the covered pixels is that mean to the nearest byte, per channel") {
  const core::Image picture = random_picture({33, 29}, 3);
  const core::Occluder o{4, 11, 9};
  const core::Image occluded = core::occlude(picture, o, Fill::patch_mean);
  for (int c = 0; c < 3; ++c) {
    double sum = 0;
    for (int y = 0; y < 29; ++y)
      for (int x = 0; x < 33; ++x)
        if (covers(o, x, y)) sum += picture.pixel(x, y)[c];
    const int expected = static_cast<int>(std::floor(sum / 81 + 0.5));
    for (int y = o.y_px; y < o.y_px + o.side_px; ++y)
      for (int x = o.x_px; x < o.x_px + o.side_px; ++x) REQUIRE(occluded.pixel(x, y)[c] == expected);
  }
}

TEST_CASE("on a picture of one colour, means and blur are invisible") {
  const core::Image picture = core::make_image({32, 24}, 10, 200, 77);
  for (const Fill fill : {Fill::patch_mean, Fill::image_mean, Fill::blur})
    REQUIRE(core::occlude(picture, {3, 2, 16}, fill) == picture);
}

TEST_CASE("noise is the same pattern wherever the occluder stands, another with another seed") {
  const core::Image picture = random_picture({64, 48}, 4);
  const auto patch = [&](int x, int y, std::uint64_t seed) {
    const core::Image occluded = core::occlude(picture, {x, y, 13}, Fill::noise, seed);
    std::vector<std::uint8_t> bytes;
    for (int row = y; row < y + 13; ++row)
      bytes.insert(bytes.end(), occluded.pixel(x, row), occluded.pixel(x, row) + 3 * 13);
    return bytes;
  };
  REQUIRE(patch(0, 0, 5) == patch(40, 31, 5));
  REQUIRE(patch(0, 0, 5) != patch(0, 0, 6));
}

TEST_CASE("blur shows less contrast than the picture and keeps its mean") {
  const core::Image picture = random_picture({64, 64}, 5);
  const core::Occluder o{16, 16, 32};
  const core::Image occluded = core::occlude(picture, o, Fill::blur);
  double before = 0, after = 0, spread_before = 0, spread_after = 0;
  for (int y = 16; y < 48; ++y) {
    for (int x = 16; x < 48; ++x) {
      const double a = picture.pixel(x, y)[1], b = occluded.pixel(x, y)[1];
      before += a, after += b;
      spread_before += (a - 127.5) * (a - 127.5), spread_after += (b - 127.5) * (b - 127.5);
    }
  }
  REQUIRE(after / 1024 == Approx(before / 1024).margin(3.0));
  REQUIRE(spread_after < spread_before / 20);
}

TEST_CASE("an occluder is drawn inside the picture even where it was asked for outside") {
  const core::Image picture = random_picture({20, 20}, 6);
  REQUIRE(core::clamp_inside({-5, 18, 8}, picture.size) == core::Occluder{0, 12, 8});
  REQUIRE(core::clamp_inside({3, 3, 99}, {30, 20}) == core::Occluder{3, 0, 20});
  REQUIRE(core::occlude(picture, {-5, 18, 8}, Fill::black) == core::occlude(picture, {0, 12, 8}, Fill::black));
}

TEST_CASE("the study's sizes at 224 are 66, 90 and 112 pixels; elsewhere the share is rounded") {
  REQUIRE(core::side_from_fraction(0.3, {224, 224}) == 66);
  REQUIRE(core::side_from_fraction(0.4, {224, 224}) == 90);
  REQUIRE(core::side_from_fraction(0.5, {300, 224}) == 112);
  REQUIRE(core::side_from_fraction(0.3, {200, 100}) == 30);
  REQUIRE(core::side_from_fraction(0.25, {10, 14}) == 3);
}

TEST_CASE("positions are as many as fit") {
  REQUIRE(core::positions_along(224, 90, 2) == 68);
  REQUIRE(core::positions_along(224, 66, 2) == 80);
  REQUIRE(core::positions_along(224, 112, 2) == 57);
  REQUIRE(core::positions_along(224, 90, 16) == 9);
  REQUIRE(core::positions_along(10, 10, 16) == 1);
  REQUIRE(core::positions_along(10, 11, 2) == 0);
  for (int length = 1; length < 60; ++length) {
    for (int side = 1; side <= length; ++side) {
      for (const int stride : {2, 4, 8, 16}) {
        const int last = (core::positions_along(length, side, stride) - 1) * stride;
        REQUIRE((last >= 0 && last + side <= length && last + stride + side > length));
      }
    }
  }
}

TEST_CASE("each coarser grid lies in the finer one") {
  for (const int stride : {16, 8, 4}) {
    const core::Map coarse = core::complete_grid(plane_map(stride)), fine = core::complete_grid(plane_map(stride / 2));
    REQUIRE((2 * (coarse.rows - 1) < fine.rows && 2 * (coarse.cols - 1) < fine.cols));
    for (int row = 0; row < coarse.rows; ++row)
      for (int col = 0; col < coarse.cols; ++col) REQUIRE(coarse.at(row, col) == fine.at(2 * row, 2 * col));
  }
}

TEST_CASE("interpolation keeps computed cells and is exact between them on a plane") {
  for (const int stride : {16, 8, 4, 2}) {
    core::OcclusionMap map = plane_map(stride);
    map.values.at(1, 1) = 1000.0F;  // computed already, though its grid is not complete
    const core::Map shown = core::interpolated(map);
    const int step = stride / 2;
    for (int row = 0; row < shown.rows; ++row) {
      for (int col = 0; col < shown.cols; ++col) {
        if (!std::isnan(map.values.at(row, col))) {
          REQUIRE(shown.at(row, col) == map.values.at(row, col));
        } else {
          const int last_row = (shown.rows - 1) / step * step, last_col = (shown.cols - 1) / step * step;
          REQUIRE(shown.at(row, col) == Approx(3 * std::min(row, last_row) - 2 * std::min(col, last_col)).margin(1e-3));
        }
      }
    }
  }
}

TEST_CASE("before the first grid is complete nothing is drawn") {
  core::OcclusionMap map = plane_map(16);
  map.complete_stride_px = 0;
  for (const float value : core::interpolated(map).values) REQUIRE(std::isnan(value));
  REQUIRE(core::complete_grid(map).empty());
}

TEST_CASE("the complete grid has the values of its positions") {
  const core::OcclusionMap map = plane_map(8);
  const core::Map grid = core::complete_grid(map);
  REQUIRE(grid.rows == core::positions_along(42, 10, 8));
  REQUIRE(grid.cols == core::positions_along(50, 10, 8));
  for (int row = 0; row < grid.rows; ++row)
    for (int col = 0; col < grid.cols; ++col) REQUIRE(grid.at(row, col) == map.values.at(4 * row, 4 * col));
}

TEST_CASE("the share above a value counts exact cells only") {
  core::OcclusionMap map;
  map.values = {1, 5, {1.0F, kNaN, 2.0F, 3.0F, 4.0F}};
  REQUIRE(core::share_above(map, 1.0F) == Approx(0.75));
  REQUIRE(core::share_above(map, 4.0F) == 0.0);
  REQUIRE(core::share_above({}, 0.0F) == 0.0);
}

TEST_CASE("extremes are the first in reading order and skip cells that hold no finite number") {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto found = core::extremes({2, 4, {kNaN, 2.0F, 5.0F, kInfinity, 5.0F, 2.0F, kNaN, -kInfinity}});
  REQUIRE(found);
  REQUIRE(found->lowest.value == 2.0F);
  REQUIRE((found->lowest.row == 0 && found->lowest.col == 1));
  REQUIRE((found->highest.row == 0 && found->highest.col == 2));
  REQUIRE_FALSE(core::extremes({1, 3, {kNaN, kInfinity, -kInfinity}}));
  REQUIRE_FALSE(core::extremes({}));
}

TEST_CASE("every fill has a word that names it, and another word is refused with the list") {
  for (const Fill fill : core::kFills) REQUIRE(*core::parse_fill(core::to_string(fill)) == fill);
  const auto refused = core::parse_fill("white");
  REQUIRE_FALSE(refused.ok());
  REQUIRE(refused.error().sentence().find("patch-mean, image-mean, grey, black, noise, blur") != std::string::npos);
}

TEST_CASE("content hashes tell pictures and maps apart by bytes and by shape") {
  const core::Image picture = random_picture({6, 4}, 8);
  core::Image other = picture;
  REQUIRE(core::content_hash(picture) == core::content_hash(other));
  other.rgb[5] ^= 1;
  REQUIRE(core::content_hash(picture) != core::content_hash(other));
  REQUIRE(core::content_hash(core::make_image({2, 3})) != core::content_hash(core::make_image({3, 2})));
  REQUIRE(core::content_hash(core::make_map(2, 3, 0.0F)) != core::content_hash(core::make_map(3, 2, 0.0F)));
}

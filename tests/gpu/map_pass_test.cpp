#include "gpu/map_pass.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/rng.h"
#include "fixture.h"
#include "gpu/read_back.h"

namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

core::Map random_map(base::Rng& rng, int rows, int cols, double missing) {
  core::Map map = core::make_map(rows, cols, 0.0F);
  for (float& value : map.values) value = rng.uniform() < missing ? kNone : static_cast<float>(rng.uniform(-3.0, 3.0));
  return map;
}

core::Image coloured(Gpu& gpu, gpu::MapPass& pass, const core::Map& map, const core::MapStyle& style, core::Size size) {
  REQUIRE(gpu.frames->begin());
  auto values = pass.upload(*gpu.frames, map);
  REQUIRE(values);
  auto made = pass.colour(*gpu.frames, *values, style, size, gpu::MapUse::read_back);
  REQUIRE(made);
  auto back = gpu::ReadBack::create(*gpu.device, size, gpu::kPictureFormat);
  REQUIRE(back);
  gpu::transition(
      gpu.frames->commands(), made->texture.image(),
      {VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
       VK_PIPELINE_STAGE_FRAGMENT_SHADER_BIT, VK_PIPELINE_STAGE_TRANSFER_BIT, 0, VK_ACCESS_TRANSFER_READ_BIT});
  back->record(gpu.frames->commands(), made->texture.image());
  gpu.frames->retire(std::move(*values));
  gpu.frames->retire(std::move(*made));
  REQUIRE(gpu.frames->submit());
  REQUIRE(gpu.frames->finish());
  return back->image();
}

// Where a value lies within rounding of the next colour, the two may choose differently: neighbouring colours of a
// table, or one pixel more or less of a contour line. Everything else is equal.
struct Difference {
  int largest = 0;
  double share_over_two = 0.0;  // of the pixels
};
Difference difference(const core::Image& a, const core::Image& b) {
  REQUIRE(a.size == b.size);
  Difference found;
  std::size_t over = 0;
  for (std::size_t i = 0; i < a.rgb.size(); i += 3) {
    int pixel = 0;
    for (std::size_t c = 0; c < 3; ++c) pixel = std::max(pixel, std::abs(int{a.rgb[i + c]} - int{b.rgb[i + c]}));
    found.largest = std::max(found.largest, pixel);
    if (pixel > 2) ++over;
  }
  found.share_over_two = static_cast<double>(over) / static_cast<double>(a.rgb.size() / 3);
  return found;
}

}  // namespace

TEST_CASE("a map coloured on the device equals core::colour for every colour map and interpolation") {
  Gpu gpu;
  auto pass = gpu::MapPass::create(*gpu.device);
  REQUIRE(pass);
  base::Rng rng(7);
  for (const core::ColourMap colours : core::kColourMaps) {
    for (const core::Interpolation how : {core::Interpolation::nearest, core::Interpolation::bilinear}) {
      const core::Map map = random_map(rng, 1 + rng.below(34), 1 + rng.below(34), 0.2);
      core::MapStyle style;
      style.colour_map = colours;
      style.interpolation = how;
      style.range = core::symmetric(core::range_of(map));
      const core::Size size{37 + rng.below(200), 23 + rng.below(200)};
      const Difference found = difference(coloured(gpu, **pass, map, style, size), core::colour(map, style, size));
      REQUIRE(found.largest <= 3);
      REQUIRE(found.share_over_two < 1e-3);
    }
  }
}

TEST_CASE("infinite values take the ends of the range on the device as in core::colour") {
  Gpu gpu;
  auto pass = gpu::MapPass::create(*gpu.device);
  REQUIRE(pass);
  constexpr float kInfinity = std::numeric_limits<float>::infinity(), kLargest = std::numeric_limits<float>::max();
  const core::Map map = {2, 3, {-kInfinity, kNone, 0.25F, kLargest, kInfinity, -kLargest}};
  for (const core::Range range : {core::Range{0.0F, 1.0F}, {-kLargest, kLargest}}) {
    for (const core::Interpolation how : {core::Interpolation::nearest, core::Interpolation::bilinear}) {
      core::MapStyle style;
      style.range = range;
      style.interpolation = how;
      const core::Size size{8, 7};  // no pixel lies right over the middle of a cell, where rounding decides
      REQUIRE(difference(coloured(gpu, **pass, map, style, size), core::colour(map, style, size)).largest <= 3);
    }
  }
}

TEST_CASE("contour lines are drawn where core::colour draws them") {
  Gpu gpu;
  auto pass = gpu::MapPass::create(*gpu.device);
  REQUIRE(pass);
  // A smooth hill with a hole: lines are long, and some end at the hole.
  core::Map map = core::make_map(17, 17, 0.0F);
  for (int row = 0; row < 17; ++row)
    for (int col = 0; col < 17; ++col)
      map.at(row, col) = row > 9 && col > 11
                             ? kNone
                             : std::exp(-0.03F * static_cast<float>((row - 7) * (row - 7) + (col - 6) * (col - 6)));
  core::MapStyle style;
  style.range = core::range_of(map);
  for (const core::Interpolation how : {core::Interpolation::nearest, core::Interpolation::bilinear}) {
    for (const int levels : {1, 4, 9}) {
      style.interpolation = how;
      style.contour_levels = levels;
      const core::Image expected = core::colour(map, style, {201, 160});
      core::MapStyle plain = style;
      plain.contour_levels = 0;
      REQUIRE(expected != core::colour(map, plain, {201, 160}));
      REQUIRE(difference(coloured(gpu, **pass, map, style, {201, 160}), expected).share_over_two < 2e-3);
    }
  }
}

TEST_CASE("a range narrower than the map clamps at both ends, and one cell fills any size") {
  Gpu gpu;
  auto pass = gpu::MapPass::create(*gpu.device);
  REQUIRE(pass);
  core::Map map = core::make_map(1, 3, -5.0F);
  map.values[1] = 0.5F;
  map.values[2] = 7.0F;
  core::MapStyle style;
  style.range = {0.0F, 1.0F};
  const core::Image three = coloured(gpu, **pass, map, style, {3, 2});
  const core::ColourTable& table = core::colour_table(style.colour_map);
  for (int y = 0; y < 2; ++y) {
    REQUIRE(std::equal(table.front().begin(), table.front().end(), three.pixel(0, y)));
    REQUIRE(std::equal(table.back().begin(), table.back().end(), three.pixel(2, y)));
  }
  const core::Image one = coloured(gpu, **pass, core::make_map(1, 1, 0.0F), style, {64, 5});
  REQUIRE(one == core::make_image({64, 5}, table[0][0], table[0][1], table[0][2]));
  const core::Image missing = coloured(gpu, **pass, core::make_map(2, 2, kNone), style, {9, 9});
  REQUIRE(missing == core::make_image({9, 9}, core::kMissing[0], core::kMissing[1], core::kMissing[2]));
}

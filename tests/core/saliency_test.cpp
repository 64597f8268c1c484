#include "core/saliency.h"

#include <numeric>

#include "catch.h"

namespace {

core::Image grey(core::Size size = {224, 224}) {
  return core::make_image(size, 120, 120, 120);
}

void paint(core::Image& picture, int left, int top, int side, std::uint8_t value) {
  for (int y = top; y < top + side; ++y)
    for (int x = left; x < left + side; ++x)
      for (int c = 0; c < 3; ++c) picture.pixel(x, y)[c] = value;
}

}  // namespace

TEST_CASE("A picture without contrast is salient nowhere more than elsewhere") {
  const core::Map map = core::spectral_residual(grey());
  for (const float value : map.values) REQUIRE(value == 1.0F);
}

TEST_CASE("What stands alone is salient, and more so than the rest of the picture") {
  core::Image picture = grey({224, 160});
  paint(picture, 150, 40, 20, 250);
  const core::Map map = core::spectral_residual(picture);
  REQUIRE(map.rows == 160);
  REQUIRE(map.cols == 224);
  const core::Extremes found = core::extremes(map).value();
  REQUIRE(found.highest.col > 130);
  REQUIRE(found.highest.col < 190);
  REQUIRE(found.highest.row > 20);
  REQUIRE(found.highest.row < 80);
  REQUIRE(found.lowest.value >= 0.0F);
  const double mean =
      std::accumulate(map.values.begin(), map.values.end(), 0.0) / static_cast<double>(map.values.size());
  REQUIRE(mean == Approx(1.0).epsilon(0.05));
}

TEST_CASE("An odd one out is more salient than the regular pattern around it") {
  core::Image picture = grey();
  for (int y = 8; y < 224; y += 28)
    for (int x = 8; x < 224; x += 28) paint(picture, x, y, 8, 200);
  paint(picture, 8 + 3 * 28, 8 + 5 * 28, 20, 20);
  const core::Extreme found = core::extremes(core::spectral_residual(picture)).value().highest;
  REQUIRE(std::abs(found.col - 102) < 25);
  REQUIRE(std::abs(found.row - 158) < 25);
}

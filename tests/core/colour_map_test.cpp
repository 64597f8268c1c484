#include "core/colour_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "catch.h"

using core::ColourMap;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kLargest = std::numeric_limits<float>::max();

// CIE lightness of an sRGB colour, 0 … 100.
double lightness(const std::array<std::uint8_t, 3>& colour) {
  const auto linear = [](double byte) {
    const double v = byte / 255;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  const double y = 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
  return y > 216.0 / 24389 ? 116 * std::cbrt(y) - 16 : y * 24389.0 / 27;
}

std::array<std::uint8_t, 3> at(const core::Image& image, int x, int y) {
  const auto* p = image.pixel(x, y);
  return {p[0], p[1], p[2]};
}

core::MapStyle style(core::Interpolation interpolation) {
  return {ColourMap::grey, {0.0F, 1.0F}, interpolation, 1.0F, 0};
}

}  // namespace

TEST_CASE("one-sided maps grow lighter from end to end") {
  for (const ColourMap map : {ColourMap::magma, ColourMap::viridis, ColourMap::cividis, ColourMap::grey}) {
    const auto& table = core::colour_table(map);
    // Bytes are rounded, so neighbours may differ by a hair the wrong way.
    for (std::size_t i = 1; i < table.size(); ++i) REQUIRE(lightness(table[i]) > lightness(table[i - 1]) - 0.35);
    for (std::size_t i = 8; i < table.size(); ++i) REQUIRE(lightness(table[i]) > lightness(table[i - 8]));
  }
}

TEST_CASE("the signed map is white at zero, blue below, red above, equally light on both sides") {
  const auto& table = core::colour_table(ColourMap::blue_white_red);
  REQUIRE(table[128] == std::array<std::uint8_t, 3>{255, 255, 255});
  for (std::size_t k = 1; k < 128; ++k) {
    REQUIRE(lightness(table[128 - k]) < lightness(table[128 - k + 1]));
    REQUIRE(lightness(table[128 + k]) < lightness(table[128 + k - 1]));
    REQUIRE(lightness(table[128 - k]) == Approx(lightness(table[128 + k])).margin(0.8));
    REQUIRE(table[128 - k][2] > table[128 - k][0]);
    REQUIRE(table[128 + k][0] > table[128 + k][2]);
  }
  const core::Map zero = core::make_map(1, 1, 0.0F);
  const core::Range range = core::symmetric({-0.3F, 7.0F});
  REQUIRE(range == core::Range{-7.0F, 7.0F});
  const core::Image drawn = core::colour(zero, {ColourMap::blue_white_red, range}, {2, 2});
  REQUIRE(at(drawn, 1, 1) == std::array<std::uint8_t, 3>{255, 255, 255});
}

TEST_CASE("a range skips cells that are not there and is never empty") {
  REQUIRE(core::range_of({1, 3, {kNaN, 2.0F, -1.0F}}) == core::Range{-1.0F, 2.0F});
  const core::Range equal = core::range_of({1, 2, {5.0F, 5.0F}});
  REQUIRE((equal.low < 5.0F && equal.high > 5.0F));
  const core::Range none = core::range_of({1, 1, {kNaN}});
  REQUIRE(none.low < none.high);
  REQUIRE(core::range_of({1, 5, {kInfinity, 2.0F, -1.0F, kNaN, -kInfinity}}) == core::Range{-1.0F, 2.0F});
  REQUIRE(core::range_of({1, 2, {kInfinity, -kInfinity}}) == core::Range{});
  const core::Range largest = core::range_of({1, 1, {kLargest}});
  REQUIRE((largest.low < largest.high && largest.high == kLargest));
}

TEST_CASE("infinite values take the ends of the range, whatever the range, and no number a colour of the table") {
  for (const core::Range range : {core::Range{0.0F, 1.0F},
                                  {-kLargest, kLargest},
                                  {5.0F, 5.0F},
                                  {-kInfinity, kInfinity},
                                  {0.0F, kInfinity},
                                  {kNaN, kNaN}}) {
    for (const core::Interpolation how : {core::Interpolation::nearest, core::Interpolation::bilinear}) {
      core::MapStyle drawn_with = style(how);
      drawn_with.range = range;
      drawn_with.contour_levels = 3;
      const core::Map map = {1, 5, {-kInfinity, kNaN, kLargest, -kLargest, kInfinity}};
      for (const int width : {5, 15, 8}) {
        const core::Image drawn = core::colour(map, drawn_with, {width, 2});
        const bool is_range = range.low < range.high;
        if (is_range) REQUIRE(at(drawn, 0, 0)[0] == 0);
        if (is_range) REQUIRE(at(drawn, width - 1, 0)[0] == 255);
      }
      REQUIRE(at(core::colour(map, drawn_with, {5, 1}), 1, 0) == core::kMissing);
    }
  }
}

TEST_CASE("a range as wide as floats go still has a middle") {
  core::MapStyle wide = style(core::Interpolation::nearest);
  wide.range = {-kLargest, kLargest};
  REQUIRE(at(core::colour({1, 1, {0.0F}}, wide, {1, 1}), 0, 0)[0] == 128);
}

TEST_CASE("nearest draws each cell as a block of its colour") {
  const core::Map map = {2, 2, {0.0F, 1.0F, 0.5F, kNaN}};
  const core::Image drawn = core::colour(map, style(core::Interpolation::nearest), {8, 6});
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 8; ++x) {
      const auto expected =
          y < 3 ? (x < 4 ? std::array<std::uint8_t, 3>{0, 0, 0} : std::array<std::uint8_t, 3>{255, 255, 255})
                : (x < 4 ? std::array<std::uint8_t, 3>{128, 128, 128} : core::kMissing);
      REQUIRE(at(drawn, x, y) == expected);
    }
  }
}

TEST_CASE("bilinear is exact on a ramp between cell centres and flat beyond them") {
  const core::Map map = {1, 3, {0.0F, 0.5F, 1.0F}};
  const core::Image drawn = core::colour(map, style(core::Interpolation::bilinear), {30, 1});
  for (int x = 0; x < 30; ++x) {
    const double place = std::clamp(((x + 0.5) / 10 - 0.5) / 2, 0.0, 1.0);
    REQUIRE(at(drawn, x, 0)[0] == Approx(255 * place).margin(1.0));
  }
}

TEST_CASE("bilinear leaves cells out that are not there") {
  const core::Map map = {1, 2, {kNaN, 0.25F}};
  const core::Image drawn = core::colour(map, style(core::Interpolation::bilinear), {8, 1});
  REQUIRE(at(drawn, 0, 0) == core::kMissing);
  for (int x = 2; x < 8; ++x) REQUIRE(at(drawn, x, 0)[0] == 64);
}

TEST_CASE("values outside the range take its ends") {
  const core::Image drawn = core::colour({1, 2, {-9.0F, 9.0F}}, style(core::Interpolation::nearest), {2, 1});
  REQUIRE(at(drawn, 0, 0)[0] == 0);
  REQUIRE(at(drawn, 1, 0)[0] == 255);
}

TEST_CASE("contours are drawn where the band changes and nowhere else") {
  core::Map ramp = core::make_map(4, 100, 0.0F);
  for (int row = 0; row < 4; ++row)
    for (int col = 0; col < 100; ++col) ramp.at(row, col) = (static_cast<float>(col) + 0.5F) / 100.0F;
  core::MapStyle with = style(core::Interpolation::nearest);
  const core::Image plain = core::colour(ramp, with, {100, 4});
  with.contour_levels = 3;
  const core::Image lined = core::colour(ramp, with, {100, 4});
  for (int x = 0; x < 100; ++x) REQUIRE((at(plain, x, 2) != at(lined, x, 2)) == (x == 24 || x == 49 || x == 74));
  REQUIRE(core::colour(core::make_map(3, 3, 0.4F), with, {9, 9}) == core::make_image({9, 9}, 102, 102, 102));
}

TEST_CASE("every colour map has a name, and another name is refused with the list") {
  for (const ColourMap map : core::kColourMaps) REQUIRE(*core::parse_colour_map(core::to_string(map)) == map);
  REQUIRE(core::parse_colour_map("jet").error().sentence().find("viridis") != std::string::npos);
}

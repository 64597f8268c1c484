#include "core/colour_map.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/check.h"

namespace core {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

struct ColourMapWord {
  ColourMap map;
  std::string_view word;
};
constexpr ColourMapWord kWords[] = {{ColourMap::magma, "magma"},
                                    {ColourMap::viridis, "viridis"},
                                    {ColourMap::cividis, "cividis"},
                                    {ColourMap::grey, "grey"},
                                    {ColourMap::blue_white_red, "blue-white-red"}};

// The value under the middle of a pixel, by the rule in the header; NaN where there is none.
float value_under(const Map& map, Interpolation interpolation, Size size, int x_px, int y_px) {
  const float u =
      (static_cast<float>(x_px) + 0.5F) * static_cast<float>(map.cols) / static_cast<float>(size.width_px) - 0.5F;
  const float v =
      (static_cast<float>(y_px) + 0.5F) * static_cast<float>(map.rows) / static_cast<float>(size.height_px) - 0.5F;
  const auto cell = [&](float row, float col) {
    return map.at(std::clamp(static_cast<int>(row), 0, map.rows - 1),
                  std::clamp(static_cast<int>(col), 0, map.cols - 1));
  };
  if (interpolation == Interpolation::nearest) return cell(std::floor(v + 0.5F), std::floor(u + 0.5F));

  const float left = std::floor(u), top = std::floor(v), along = u - left, down = v - top;
  float sum = 0.0F, weights = 0.0F;
  for (int i = 0; i < 4; ++i) {
    const auto right = static_cast<float>(i & 1), lower = static_cast<float>(i >> 1);
    const float value = cell(top + lower, left + right);
    const float weight = (right == 0.0F ? 1.0F - along : along) * (lower == 0.0F ? 1.0F - down : down);
    if (std::isnan(value) || weight == 0.0F) continue;
    sum += weight * value;
    weights += weight;
  }
  return weights > 0.0F ? sum / weights : kNone;
}

float place_in(const Range& range, float value) {
  if (value >= range.high) return 1.0F;
  if (value <= range.low) return 0.0F;
  // In halves, because the range of two finite numbers may itself be too large for a float.
  const float place = (0.5F * value - 0.5F * range.low) / (0.5F * range.high - 0.5F * range.low);
  return place > 0.0F ? std::min(place, 1.0F) : 0.0F;
}

int band_of(const MapStyle& style, float value) {
  return static_cast<int>(place_in(style.range, value) * static_cast<float>(style.contour_levels + 1));
}

using Colour = std::array<std::uint8_t, 3>;

// 60 % of the way to white or black, whichever is farther from the colour.
Colour line_over(const Colour& colour) {
  const int luma = 299 * colour[0] + 587 * colour[1] + 114 * colour[2];
  const int line = luma < 128 * 1000 ? 255 : 0;
  Colour out{};
  for (std::size_t c = 0; c < 3; ++c) out[c] = static_cast<std::uint8_t>((2 * colour[c] + 3 * line + 2) / 5);
  return out;
}

}  // namespace

std::string_view to_string(ColourMap map) {
  return std::ranges::find(kWords, map, &ColourMapWord::map)->word;
}

base::Result<ColourMap> parse_colour_map(std::string_view text) {
  std::string valid;
  for (const ColourMapWord& known : kWords) {
    if (known.word == text) return known.map;
    valid += (valid.empty() ? "" : ", ") + std::string(known.word);
  }
  return base::Error{"The colour map \"" + std::string(text) + "\" is not known", "there is none of that name",
                     "Choose one of " + valid + "."};
}

Range range_of(const Map& map) {
  Range range{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
  for (const float value : map.values) {
    if (!std::isfinite(value)) continue;
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
  }
  if (range.low > range.high) return {};
  if (range.low == range.high) {
    const float margin = std::max(std::abs(range.low) * 1e-3F, 1e-6F);
    const float largest = std::numeric_limits<float>::max();
    range = {std::max(range.low - margin, -largest), std::min(range.high + margin, largest)};
  }
  return range;
}

Range symmetric(Range range) {
  const float magnitude = std::max(std::abs(range.low), std::abs(range.high));
  return {-magnitude, magnitude};
}

Image colour(const Map& map, const MapStyle& style, Size size) {
  CHECK(!map.empty() && size.width_px > 0 && size.height_px > 0, "colouring needs a map and a size");
  const auto [width, height] = size;
  // Every value once, with one more column and row: contours look at the right and the lower neighbour.
  Map values = make_map(height + 1, width + 1, kNone);
  for (int y = 0; y <= height; ++y)
    for (int x = 0; x <= width; ++x) values.at(y, x) = value_under(map, style.interpolation, size, x, y);

  const ColourTable& table = colour_table(style.colour_map);
  Image out = make_image(size);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const float value = values.at(y, x);
      Colour shown = kMissing;
      if (!std::isnan(value)) {
        shown = table[static_cast<std::size_t>(place_in(style.range, value) * 255.0F + 0.5F)];
        const auto crosses = [&](float neighbour) {
          return !std::isnan(neighbour) && band_of(style, neighbour) != band_of(style, value);
        };
        if (style.contour_levels > 0 && (crosses(values.at(y, x + 1)) || crosses(values.at(y + 1, x))))
          shown = line_over(shown);
      }
      std::ranges::copy(shown, out.pixel(x, y));
    }
  }
  return out;
}

}  // namespace core

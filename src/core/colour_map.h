// Colour maps for heat maps: perceptually uniform tables and the rule that turns a value into a place in the table.
// The GPU shader and the PNG writer share both, so that a saved map looks like the one on screen. Pure; any thread.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "core/image.h"
#include "core/map.h"

namespace core {

enum class ColourMap { magma, viridis, cividis, grey, blue_white_red };
inline constexpr ColourMap kColourMaps[] = {ColourMap::magma, ColourMap::viridis, ColourMap::cividis, ColourMap::grey,
                                            ColourMap::blue_white_red};
std::string_view to_string(ColourMap map);
base::Result<ColourMap> parse_colour_map(std::string_view text);

using ColourTable = std::array<std::array<std::uint8_t, 3>, 256>;
const ColourTable& colour_table(ColourMap map);

struct Range {
  float low = 0.0F;
  float high = 1.0F;
  bool operator==(const Range&) const = default;
};
// Lowest to highest value that is not NaN; widened a little when all are equal.
Range range_of(const Map& map);
// ± the largest magnitude: white stays at 0.
Range symmetric(Range range);

enum class Interpolation { nearest, bilinear };

struct MapStyle {
  ColourMap colour_map = ColourMap::magma;
  Range range;
  Interpolation interpolation = Interpolation::nearest;
  float opacity = 1.0F;    // 0 … 1 where it lies over a picture
  int contour_levels = 0;  // lines at this many equally spaced values; 0: none
  bool operator==(const MapStyle&) const = default;
};

// The same picture as the shader draws (opaque; NaN cells are dark grey). For PNG files.
Image colour(const Map& map, const MapStyle& style, Size size);

}  // namespace core

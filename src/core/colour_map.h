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
// Lowest to highest finite value; widened a little when all are equal.
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
  bool fading = false;     // over a picture: opacity grows with the value, from none at the range's lower end
  bool operator==(const MapStyle&) const = default;
};

// The same picture as the shader draws, opaque. For PNG files. The rule, for pixel (px, py) of a w × h picture, which
// the shader follows step by step:
//   place    u = (px + ½) · cols / w − ½, v = (py + ½) · rows / h − ½, in cells
//   nearest  the cell at round(u), round(v), clamped to the map
//   bilinear the four cells around (u, v), each clamped to the map; a NaN cell is left out, as is one that weighs
//            nothing, and the weights of the others are divided by their sum; no value where all of them are left out
//   colour   t = (value − low) / (high − low), 1 from high on (+∞ too), 0 from low down (−∞ too) and where it is no
//            number; table[floor(255 t + ½)]; kMissing where there is no value
//   contour  with n levels, band = floor(t · (n + 1)); where the band differs from that of pixel (px + 1, py) or
//            (px, py + 1), the colour moves 60 % towards white (if 0.299 r + 0.587 g + 0.114 b < 128) or else black.
//            Pixels without a value have no band and draw no line.
inline constexpr std::array<std::uint8_t, 3> kMissing = {35, 40, 51};
Image colour(const Map& map, const MapStyle& style, Size size);

}  // namespace core

// The occluder: where it is, how it is filled, and the grids of positions that sweeps visit.
// Positions are top-left corners in integer pixels of the network-input crop. Pure functions; any thread.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/map.h"

namespace core {

enum class Fill { patch_mean, image_mean, grey, black, noise, blur };
inline constexpr Fill kFills[] = {Fill::patch_mean, Fill::image_mean, Fill::grey, Fill::black, Fill::noise, Fill::blur};
std::string_view to_string(Fill fill);  // "patch-mean", "image-mean", "grey", …: the words of flags and JSON
std::string_view label_of(Fill fill);   // "mean of covered", …: the words on screen
base::Result<Fill> parse_fill(std::string_view text);

enum class Shape { square };  // disc and Gaussian are one enum away

struct Occluder {
  int x_px = 0;  // top-left corner
  int y_px = 0;
  int side_px = 0;
  bool operator==(const Occluder&) const = default;
};

// lround(fraction · shorter side), except the study's 30/40/50 % at 224: 66, 90, 112 px (protocol 1.4).
int side_from_fraction(double fraction, Size picture);
// Moves the corner so that the occluder lies inside the picture; a side larger than the picture becomes its shorter
// side.
Occluder clamp_inside(Occluder occluder, Size picture);

// Draws the occluder, clamped inside, over a copy of the picture. Means are per channel, over the covered pixels
// (patch_mean) or the whole picture, rounded to the nearest byte: what is fed can be shown. Noise is seeded by `seed`
// and the same wherever the occluder stands; blur shows the covered pixels under a Gaussian of side_px / 8. An occluder
// of side 0 changes nothing.
Image occlude(const Image& picture, const Occluder& occluder, Fill fill, std::uint64_t seed = 0);

// Positions 0, s, 2s, … that fit along one axis; at least one while side_px <= length_px.
int positions_along(int length_px, int side_px, int stride_px);

// The answer of a sweep. Cell [row, col] is the occluder at top left (row·stride, col·stride).
struct OcclusionMap {
  Map values;         // activation per position on the finest grid; NaN where not computed
  int stride_px = 2;  // of the finest grid
  int side_px = 0;
  Size picture;
  float baseline = 0.0F;       // the activation of the picture without occluder
  int exact_cells = 0;         // how many values are computed
  int complete_stride_px = 0;  // the finest of 16, 8, 4, 2 whose grid is complete; 0 before the first is

  [[nodiscard]] Occluder occluder_at(int row, int col) const { return {col * stride_px, row * stride_px, side_px}; }
};

// For drawing: computed cells as they are, the others bilinear between computed cells of the finest complete grid
// (nearest beyond its last row and column). All NaN before the first grid is complete.
Map interpolated(const OcclusionMap& map);
// Only the cells of the finest complete grid, in its own rows × cols.
Map complete_grid(const OcclusionMap& map);
// Share of the exact cells whose value is above `value`, 0…1: "lower than at 98 % of the positions tested".
double share_above(const OcclusionMap& map, float value);

}  // namespace core

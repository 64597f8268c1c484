#include "ui/contact_sheet.h"

#include <algorithm>
#include <limits>

#include "core/colour_map.h"

namespace ui {
namespace {

// Means over factor × factor cells.
core::Map reduced(const core::Map& map, int factor) {
  if (factor == 1) return map;
  core::Map small = core::make_map((map.rows + factor - 1) / factor, (map.cols + factor - 1) / factor, 0.0F);
  for (int row = 0; row < small.rows; ++row) {
    for (int col = 0; col < small.cols; ++col) {
      float sum = 0;
      int cells = 0;
      for (int y = row * factor; y < std::min((row + 1) * factor, map.rows); ++y) {
        for (int x = col * factor; x < std::min((col + 1) * factor, map.cols); ++x) {
          sum += map.at(y, x);
          ++cells;
        }
      }
      small.at(row, col) = sum / static_cast<float>(cells);
    }
  }
  return small;
}

}  // namespace

core::Map contact_atlas(const engine::ContactSheetSnapshot& sheet, int columns) {
  if (sheet.order.empty() || sheet.maps.empty() || columns < 1) return {};
  const int rows = sheet.maps.front().rows;
  const int cols = sheet.maps.front().cols;
  if (rows < 1 || cols < 1) return {};
  const int factor = (std::max(rows, cols) + kMaxTileCells - 1) / kMaxTileCells;
  const int tile_rows = (rows + factor - 1) / factor;
  const int tile_cols = (cols + factor - 1) / factor;
  const int count = static_cast<int>(sheet.order.size());
  core::Map atlas = core::make_map((count + columns - 1) / columns * tile_rows, columns * tile_cols,
                                   std::numeric_limits<float>::quiet_NaN());
  for (int i = 0; i < count; ++i) {
    const auto channel = static_cast<std::size_t>(sheet.order[static_cast<std::size_t>(i)]);
    if (channel >= sheet.maps.size()) return {};
    const core::Map& map = sheet.maps[channel];
    if (map.rows != rows || map.cols != cols) return {};
    const core::Map tile = reduced(map, factor);
    const auto [low, high] = std::minmax_element(tile.values.begin(), tile.values.end());
    const float width = *high - *low;
    const int top = i / columns * tile_rows;
    const int left = i % columns * tile_cols;
    for (int row = 0; row < tile_rows; ++row) {
      for (int col = 0; col < tile_cols; ++col) {
        atlas.at(top + row, left + col) = width > 0 ? (tile.at(row, col) - *low) / width : 0.0F;
      }
    }
  }
  return atlas;
}

}  // namespace ui

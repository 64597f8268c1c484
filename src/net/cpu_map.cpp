#include "net/cpu_map.h"

#include <algorithm>

namespace net::cpu {

void repeat_flat(const Region& region) {
  const Rect& flat = region.flat;
  if (flat.empty()) return;
  const float* cell = region.at(flat.row, flat.col);
  for (int col = flat.col + 1; col < flat.end_col(); ++col)
    std::copy_n(cell, region.channels, region.at(flat.row, col));
  const bool whole_rows = region.pixel_pitch == region.channels;
  for (int row = flat.row + 1; row < flat.end_row(); ++row) {
    if (whole_rows) {
      std::copy_n(cell, flat.cols * region.channels, region.at(row, flat.col));
      continue;
    }
    for (int col = flat.col; col < flat.end_col(); ++col) std::copy_n(cell, region.channels, region.at(row, col));
  }
}

}  // namespace net::cpu

#include "core/map.h"

#include <cmath>
#include <span>

#include "base/check.h"
#include "base/hash.h"

namespace core {

Map make_map(int rows, int cols, float value) {
  CHECK(rows >= 0 && cols >= 0, "a map cannot have a negative size");
  return {rows, cols, std::vector<float>(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols), value)};
}

std::uint64_t content_hash(const Map& map) {
  const std::int64_t shape[] = {map.rows, map.cols};
  return base::hash64(std::as_bytes(std::span(map.values)), base::hash64(std::as_bytes(std::span(shape))));
}

std::optional<Extremes> extremes(const Map& map) {
  std::optional<Extremes> found;
  for (int row = 0; row < map.rows; ++row) {
    for (int col = 0; col < map.cols; ++col) {
      const float value = map.at(row, col);
      if (!std::isfinite(value)) continue;
      const Extreme here{value, row, col};
      if (!found) found = Extremes{here, here};
      if (value < found->lowest.value) found->lowest = here;
      if (value > found->highest.value) found->highest = here;
    }
  }
  return found;
}

}  // namespace core

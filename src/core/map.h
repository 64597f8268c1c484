// Map: a grid of floats (an activation map, an occlusion map). Never normalized in storage; colours are chosen where it
// is drawn. A plain value; any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace core {

struct Map {
  int rows = 0;
  int cols = 0;
  std::vector<float> values;  // [rows, cols], row-major; NaN marks a cell that is not there

  [[nodiscard]] bool empty() const { return values.empty(); }
  [[nodiscard]] float at(int row, int col) const {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(cols) + static_cast<std::size_t>(col)];
  }
  [[nodiscard]] float& at(int row, int col) {
    return values[static_cast<std::size_t>(row) * static_cast<std::size_t>(cols) + static_cast<std::size_t>(col)];
  }
};

Map make_map(int rows, int cols, float value);
std::uint64_t content_hash(const Map& map);

struct Extreme {
  float value = 0.0F;
  int row = 0;
  int col = 0;
};
struct Extremes {
  Extreme lowest;
  Extreme highest;
};
// First in row-major order on ties; cells that hold no finite number are skipped. Nothing where none does.
std::optional<Extremes> extremes(const Map& map);

}  // namespace core

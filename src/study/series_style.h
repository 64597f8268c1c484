// How a series of an analysis looks in every plot, in the window and in reports: the colours of the published figures
// for the published conditions (protocol 1.12), a palette for colour-blind readers for others, and a marker of its own
// for each, so that colour never has to tell alone. Plain values; any thread.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "study/analysis.h"

namespace study {

enum class Marker { circle, square, triangle, diamond, triangle_down, cross, plus };

struct SeriesStyle {
  std::array<std::uint8_t, 3> colour{};  // sRGB
  Marker marker = Marker::circle;
  bool operator==(const SeriesStyle&) const = default;
};

// One for each series, in order.
std::vector<SeriesStyle> styles_of(const std::vector<Series>& series);
// Of a baseline's line and marker, beside the series.
inline constexpr SeriesStyle kBaselineStyle = {{153, 123, 102}, Marker::plus};

}  // namespace study

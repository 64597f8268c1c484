#include "study/series_style.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace study {
namespace {

using Colour = std::array<std::uint8_t, 3>;

constexpr std::array<std::pair<std::string_view, Colour>, 5> kPublished = {{{"none", {172, 167, 166}},
                                                                            {"natural", {255, 172, 116}},
                                                                            {"synthetic", {71, 120, 158}},
                                                                            {"mixed", {48, 136, 31}},
                                                                            {"blur", {114, 82, 159}}}};
// Okabe and Ito's, without black and without those near a published one.
constexpr std::array<Colour, 5> kOthers = {
    {{213, 94, 0}, {86, 180, 233}, {0, 158, 115}, {204, 121, 167}, {230, 200, 60}}};
constexpr int kMarkers = 7;

}  // namespace

std::vector<SeriesStyle> styles_of(const std::vector<Series>& series) {
  std::vector<SeriesStyle> styles;
  std::vector<std::vector<std::string>> others;  // conditions without a colour of their own
  for (const Series& one : series) {
    SeriesStyle style;
    style.marker = static_cast<Marker>(static_cast<int>(styles.size()) % kMarkers);
    const auto known = std::find_if(kPublished.begin(), kPublished.end(), [&](const auto& entry) {
      return one.condition.size() == 1 && one.condition.front() == entry.first;
    });
    if (known != kPublished.end()) {
      style.colour = known->second;
    } else {
      auto place = std::find(others.begin(), others.end(), one.condition);
      if (place == others.end()) place = others.insert(others.end(), one.condition);
      style.colour = kOthers[static_cast<std::size_t>(place - others.begin()) % kOthers.size()];
    }
    styles.push_back(style);
  }
  return styles;
}

}  // namespace study

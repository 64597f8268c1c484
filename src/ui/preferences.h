// What the window keeps between starts: sizes, the look of heat maps, the layout. Plain values and their JSON.
// Any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/colour_map.h"

namespace ui {

// The activation; baseline − activation (signed); that as a share of what the baseline is.
enum class MapValues { value, drop, share };

std::string_view to_string(MapValues values);

struct MapLook {
  core::ColourMap colours = core::ColourMap::magma;
  float opacity = 0.6F;  // of the activation map over the picture; 0: the picture alone
  int contour_levels = 0;
  MapValues values = MapValues::value;
  core::Interpolation interpolation = core::Interpolation::nearest;
  bool range_fixed = false;  // false: the range of the present map
  core::Range fixed_range;
  bool operator==(const MapLook&) const = default;
};

enum class Hint { drag, arrow };
inline constexpr int kHints = 2;

struct Preferences {
  float scale = 1.0F;  // 0.8 … 2, times the content scale
  bool motion = true;
  MapLook look;
  std::string layout_ini;  // Dear ImGui's text of the user's own layout; empty: the default for the window's size
  bool hints_done[kHints] = {};
  std::vector<std::string> recent_models;  // paths, newest first
  bool operator==(const Preferences&) const = default;
};

// JSON with "kind" and "version"; an unknown key or a newer version is an error.
std::string to_json(const Preferences& preferences);
base::Result<Preferences> preferences_from_json(std::string_view text);

}  // namespace ui

// Where things stand on a map that is drawn on its own. Pure; any thread.
#pragma once
#include <imgui.h>

#include <algorithm>

#include "core/geometry.h"

namespace ui {

// The place of an occluder, in position space.
inline ImVec2 on_map(const core::Occluder& occluder, core::Size picture, const core::Rect& shown) {
  const core::Point share = core::map_position(occluder, picture);
  return {shown.min.x + share.x * shown.width(), shown.min.y + share.y * shown.height()};
}

// So far inside that a mark of this radius is whole, as far as there is room.
inline ImVec2 inside(ImVec2 at, const core::Rect& shown, float radius) {
  const auto between = [](float value, float low, float high) { return std::max(low, std::min(value, high)); };
  return {between(at.x, shown.min.x + radius, shown.max.x - radius),
          between(at.y, shown.min.y + radius, shown.max.y - radius)};
}

}  // namespace ui

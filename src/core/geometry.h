// Where things are on screen: picture ↔ screen, map ↔ picture, hit tests. Pure functions of plain values; any thread.
#pragma once
#include "core/image.h"
#include "core/image_io.h"
#include "core/occluder.h"

namespace core {

struct Point {
  float x = 0.0F;
  float y = 0.0F;
};
struct Rect {
  Point min;
  Point max;
  [[nodiscard]] float width() const { return max.x - min.x; }
  [[nodiscard]] float height() const { return max.y - min.y; }
  [[nodiscard]] bool contains(Point p) const { return p.x >= min.x && p.x < max.x && p.y >= min.y && p.y < max.y; }
};

// The largest rectangle of the picture's aspect inside `place`, centred.
Rect fit(Size picture, Rect place);
Point picture_to_screen(Point picture_px, Size picture, Rect shown);
Point screen_to_picture(Point screen, Size picture, Rect shown);

// Where an occluder of a picture framed one way is in the same picture framed another way, as large as it is there, and
// inside.
Occluder same_place(const Occluder& occluder, const Framing& from, const Framing& to);

// The centre of an occluder in map coordinates 0 … 1 of position space (a map drawn on its own).
Point map_position(const Occluder& occluder, Size picture);
// The occluder (clamped inside) whose place in position space is `at`, 0 … 1 each way.
Occluder occluder_at_map_position(Point at, int side_px, Size picture);
// Over the picture, a map's cells sit at occluder centres: the picture rectangle that the map's extent covers, in
// pixels.
Rect map_extent_over_picture(const OcclusionMap& map);

}  // namespace core

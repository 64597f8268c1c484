// How far a change reaches: rectangles of cells of a map, and what an operator makes of them. A picture changed inside
// a rectangle changes every later map inside a rectangle only, which grows from layer to layer; where the change is
// flat (one colour), a smaller rectangle of the later map is flat too. Conservative: a cell outside is surely
// unchanged, one inside may be. Geometry alone (Nakandala, Kumar and Papakonstantinou 2019, "incremental view
// maintenance"); pure functions, torch-free, any thread.
#pragma once
#include "net/graph.h"

namespace net {

struct Rect {
  int row = 0, col = 0;  // of the first cell; may be negative where a window overhangs the map
  int rows = 0, cols = 0;

  [[nodiscard]] bool empty() const { return rows <= 0 || cols <= 0; }
  [[nodiscard]] int end_row() const { return row + rows; }
  [[nodiscard]] int end_col() const { return col + cols; }
  [[nodiscard]] bool contains(const Rect& other) const;
  bool operator==(const Rect&) const = default;
};

Rect whole(const Shape& shape);
// The smallest rectangle around both; an empty one adds nothing.
Rect united(const Rect& a, const Rect& b);
Rect intersection(const Rect& a, const Rect& b);

// The cells of a convolution's or pool's map of this shape whose window reaches a cell of `changed` (the gaps of a
// dilated window included). The pads of the window are worked out (padded_for).
Rect seeing(const Window& window, const Shape& out, const Rect& changed);
// The cells whose whole window lies inside `flat`: no border, nothing around it.
Rect seeing_only(const Window& window, const Shape& out, const Rect& flat);
// The cells of the input that the windows of `cells` reach; may overhang the map, where the padding is.
Rect seen_by(const Window& window, const Rect& cells);

}  // namespace net

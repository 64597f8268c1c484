// How far a change reaches: rectangles of cells of a map, and what an operator makes of them. A picture changed inside
// a rectangle changes every later map inside a rectangle only, which grows from layer to layer; where the change is
// flat (one colour), a smaller rectangle of the later map is flat too. Conservative: a cell outside is surely
// unchanged, one inside may be. Geometry alone (Nakandala, Kumar and Papakonstantinou 2019, "incremental view
// maintenance"); pure functions, torch-free, any thread.
#pragma once
#include <cstddef>

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
Rect shifted(const Rect& rect, int rows, int cols);  // an empty one stays where it is
std::size_t cell_count(const Rect& rect);

// work(part) for the up to four parts of `outer` around `inner`, which lies inside it or is empty.
template <class Work>
void each_part_around(const Rect& outer, const Rect& inner, const Work& work) {
  if (inner.empty()) return outer.empty() ? void() : work(outer);
  const Rect parts[] = {
      {outer.row, outer.col, inner.row - outer.row, outer.cols},
      {inner.end_row(), outer.col, outer.end_row() - inner.end_row(), outer.cols},
      {inner.row, outer.col, inner.rows, inner.col - outer.col},
      {inner.row, inner.end_col(), inner.rows, outer.end_col() - inner.end_col()},
  };
  for (const Rect& part : parts)
    if (!part.empty()) work(part);
}

// The cells of a convolution's or pool's map of this shape whose window reaches a cell of `changed` (the gaps of a
// dilated window included). The pads of the window are worked out (padded_for).
Rect seeing(const Window& window, const Shape& out, const Rect& changed);
// The cells whose whole window lies inside `flat`: no border, nothing around it.
Rect seeing_only(const Window& window, const Shape& out, const Rect& flat);
// The cells of the input that the windows of `cells` reach; may overhang the map, where the padding is.
Rect seen_by(const Window& window, const Rect& cells);

// A map that is one row or column where the result has more counts for all of them: what of the result an area of it
// is (`all`), and the other way round what of it an area of the result needs.
Rect stretched(const Rect& area, const Shape& map, const Shape& result, bool all);

}  // namespace net

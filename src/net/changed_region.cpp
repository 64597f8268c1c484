#include "net/changed_region.h"

#include <algorithm>

namespace net {
namespace {

struct Interval {
  int first = 0;
  int count = 0;
};

int floor_of_ratio(int a, int b) {  // b > 0
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int ceil_of_ratio(int a, int b) {
  return -floor_of_ratio(-a, b);
}

int reach(const Window& window, int axis) {
  return static_cast<int>(window.reach(axis));
}

Interval clipped(int low, int high, int outputs) {
  low = std::max(low, 0);
  high = std::min(high, outputs - 1);
  return {low, std::max(0, high - low + 1)};
}

Interval seeing_along(const Window& window, int axis, int outputs, Interval changed) {
  const int pad = window.pad_begin[axis], stride = window.stride[axis];
  return clipped(ceil_of_ratio(changed.first + pad - reach(window, axis) + 1, stride),
                 floor_of_ratio(changed.first + changed.count - 1 + pad, stride), outputs);
}

Interval seeing_only_along(const Window& window, int axis, int outputs, Interval flat) {
  const int pad = window.pad_begin[axis], stride = window.stride[axis];
  return clipped(ceil_of_ratio(flat.first + pad, stride),
                 floor_of_ratio(flat.first + flat.count - 1 + pad - reach(window, axis) + 1, stride), outputs);
}

Rect rect_of(Interval rows, Interval cols) {
  if (rows.count == 0 || cols.count == 0) return {};
  return {rows.first, cols.first, rows.count, cols.count};
}

}  // namespace

bool Rect::contains(const Rect& other) const {
  return other.row >= row && other.col >= col && other.end_row() <= end_row() && other.end_col() <= end_col();
}

Rect whole(const Shape& shape) {
  return {0, 0, shape.rows, shape.cols};
}

Rect united(const Rect& a, const Rect& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  const int row = std::min(a.row, b.row), col = std::min(a.col, b.col);
  return {row, col, std::max(a.end_row(), b.end_row()) - row, std::max(a.end_col(), b.end_col()) - col};
}

Rect intersection(const Rect& a, const Rect& b) {
  const int row = std::max(a.row, b.row), col = std::max(a.col, b.col);
  const Rect common{row, col, std::min(a.end_row(), b.end_row()) - row, std::min(a.end_col(), b.end_col()) - col};
  return common.empty() ? Rect{} : common;
}

Rect seeing(const Window& window, const Shape& out, const Rect& changed) {
  if (changed.empty()) return {};
  return rect_of(seeing_along(window, 0, out.rows, {changed.row, changed.rows}),
                 seeing_along(window, 1, out.cols, {changed.col, changed.cols}));
}

Rect seeing_only(const Window& window, const Shape& out, const Rect& flat) {
  if (flat.empty()) return {};
  return rect_of(seeing_only_along(window, 0, out.rows, {flat.row, flat.rows}),
                 seeing_only_along(window, 1, out.cols, {flat.col, flat.cols}));
}

Rect seen_by(const Window& window, const Rect& cells) {
  if (cells.empty()) return {};
  return {cells.row * window.stride[0] - window.pad_begin[0], cells.col * window.stride[1] - window.pad_begin[1],
          (cells.rows - 1) * window.stride[0] + reach(window, 0),
          (cells.cols - 1) * window.stride[1] + reach(window, 1)};
}

Rect shifted(const Rect& rect, int rows, int cols) {
  return rect.empty() ? rect : Rect{rect.row + rows, rect.col + cols, rect.rows, rect.cols};
}

std::size_t cell_count(const Rect& rect) {
  return rect.empty() ? 0 : static_cast<std::size_t>(rect.rows) * static_cast<std::size_t>(rect.cols);
}

Rect stretched(const Rect& area, const Shape& map, const Shape& result, bool all) {
  if (area.empty()) return area;
  Rect rect = area;
  if (map.rows == 1 && result.rows > 1) rect.row = 0, rect.rows = all ? result.rows : 1;
  if (map.cols == 1 && result.cols > 1) rect.col = 0, rect.cols = all ? result.cols : 1;
  return rect;
}

}  // namespace net

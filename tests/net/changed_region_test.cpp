#include "net/changed_region.h"

#include "base/rng.h"
#include "catch.h"

namespace {

struct Case {
  net::Window window;
  net::Shape in, out;
};

int reach(const net::Window& window, int axis) {
  return (window.kernel[axis] - 1) * window.dilation[axis] + 1;
}

int outputs_along(const net::Window& window, int axis, int side) {
  return (side + window.pad_begin[axis] + window.pad_end[axis] - reach(window, axis)) / window.stride[axis] + 1;
}

Case random_case(base::Rng& rng) {
  for (;;) {
    Case made;
    made.in = {1, 1 + rng.below(14), 1 + rng.below(14)};
    for (int axis = 0; axis < 2; ++axis) {
      made.window.kernel[axis] = 1 + rng.below(5);
      made.window.stride[axis] = 1 + rng.below(4);
      made.window.dilation[axis] = 1 + rng.below(3);
      made.window.pad_begin[axis] = rng.below(5);
      made.window.pad_end[axis] = rng.below(5);
    }
    if (made.in.rows + made.window.pad_begin[0] + made.window.pad_end[0] < reach(made.window, 0)) continue;
    if (made.in.cols + made.window.pad_begin[1] + made.window.pad_end[1] < reach(made.window, 1)) continue;
    made.out = {1, outputs_along(made.window, 0, made.in.rows), outputs_along(made.window, 1, made.in.cols)};
    return made;
  }
}

net::Rect random_part(base::Rng& rng, const net::Shape& of) {
  const int row = rng.below(of.rows), col = rng.below(of.cols);
  return {row, col, 1 + rng.below(of.rows - row), 1 + rng.below(of.cols - col)};
}

// The cells of the input between the first and the last that the window of an output cell reaches, gaps included.
net::Rect seen_by_cell(const net::Window& window, int row, int col) {
  return {row * window.stride[0] - window.pad_begin[0], col * window.stride[1] - window.pad_begin[1], reach(window, 0),
          reach(window, 1)};
}

}  // namespace

TEST_CASE("rectangles unite to what holds both and intersect to what is in both") {
  base::Rng rng(1);
  const net::Shape map{1, 9, 9};
  for (int round = 0; round < 200; ++round) {
    const net::Rect a = random_part(rng, map), b = random_part(rng, map);
    const net::Rect both = net::united(a, b), common = net::intersection(a, b);
    REQUIRE(both.contains(a));
    REQUIRE(both.contains(b));
    for (int row = 0; row < map.rows; ++row)
      for (int col = 0; col < map.cols; ++col) {
        const net::Rect cell{row, col, 1, 1};
        REQUIRE((!common.empty() && common.contains(cell)) == (a.contains(cell) && b.contains(cell)));
      }
    REQUIRE(net::united(a, {}) == a);
    REQUIRE(net::united({}, a) == a);
    REQUIRE(net::intersection(a, {}).empty());
  }
}

TEST_CASE("the rule of changed cells is what carrying a mask through the windows gives") {
  base::Rng rng(2);
  for (int round = 0; round < 2000; ++round) {
    const auto [window, in, out] = random_case(rng);
    const net::Rect changed = random_part(rng, in);
    net::Rect expected;
    for (int row = 0; row < out.rows; ++row)
      for (int col = 0; col < out.cols; ++col)
        if (!net::intersection(seen_by_cell(window, row, col), changed).empty())
          expected = net::united(expected, {row, col, 1, 1});
    REQUIRE(net::seeing(window, out, changed) == expected);
  }
  REQUIRE(net::seeing({}, {1, 5, 5}, {}).empty());
}

TEST_CASE("what sees only a flat part has its whole window there, and nothing else has") {
  base::Rng rng(3);
  int some = 0;
  for (int round = 0; round < 2000; ++round) {
    const auto [window, in, out] = random_case(rng);
    const net::Rect flat = random_part(rng, in), inner = net::seeing_only(window, out, flat);
    some += inner.empty() ? 0 : 1;
    for (int row = 0; row < out.rows; ++row)
      for (int col = 0; col < out.cols; ++col)
        REQUIRE((!inner.empty() && inner.contains({row, col, 1, 1})) == flat.contains(seen_by_cell(window, row, col)));
  }
  REQUIRE(some > 100);
}

TEST_CASE("what cells see is the smallest rectangle around their windows") {
  base::Rng rng(4);
  for (int round = 0; round < 500; ++round) {
    const auto [window, in, out] = random_case(rng);
    const net::Rect cells = random_part(rng, out);
    net::Rect expected;
    for (int row = cells.row; row < cells.end_row(); ++row)
      for (int col = cells.col; col < cells.end_col(); ++col)
        expected = net::united(expected, seen_by_cell(window, row, col));
    REQUIRE(net::seen_by(window, cells) == expected);
  }
}

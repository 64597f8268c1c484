#include "ui/layout.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace ui {
namespace {

constexpr float kMargin = 12;
constexpr float kTopBar = 42;
constexpr float kStatusLine = 34;
constexpr float kColourBar = 36;  // under the map, with its numbers

core::Rect rect(float x, float y, float width, float height) {
  return {{x, y}, {x + width, y + height}};
}

core::Rect scaled(const core::Rect& r, float scale) {
  const auto place = [scale](core::Point p) { return core::Point{std::round(p.x * scale), std::round(p.y * scale)}; };
  return {place(r.min), place(r.max)};
}

struct Frame {  // what is common to all layouts, in design pixels
  float width;
  float height;
  float content;  // between top bar and status line
};
Frame frame_of(core::Size window, float scale) {
  Frame frame{};
  frame.width = std::max(480.0F, static_cast<float>(window.width_px) / scale);
  frame.height = std::max(320.0F, static_cast<float>(window.height_px) / scale);
  frame.content = frame.height - kTopBar - kStatusLine;
  return frame;
}

// The widths of the left and the right side: room that the pictures cannot use goes to the contact sheet first.
void share_extra(float extra, float& left, float& right) {
  const float more = std::max(0.0F, extra);
  left = std::min(520.0F, left + 0.6F * more);
  right = std::min(360.0F, right + 0.4F * more);
}

Layout explore(const Frame& frame) {
  float left = frame.width < 1000 ? 160 : 216;
  float right = frame.width < 1000 ? 190 : 224;
  const float gaps = 5 * kMargin;
  const float tall = std::max(0.0F, frame.height - 800);
  float strip = std::min(96.0F, 62 + 0.05F * tall);
  float trace = std::min(180.0F, 102 + 0.1F * tall);
  if (frame.height < 640) trace = 72;
  // The stage is a square s; beside it two squares of (s − gap − colour bar) / 2 end in line with it.
  const float by_height = frame.content - strip - trace - 2 * kMargin;
  const float by_width = (frame.width - gaps - left - right + (kMargin + kColourBar) / 2) / 1.5F;
  const float side = std::floor(std::max(120.0F, std::min(by_height, by_width)));
  const float small = std::floor((side - kMargin - kColourBar) / 2);
  share_extra(frame.width - gaps - left - right - side - small, left, right);
  const float stage_width = frame.width - gaps - left - right - small;
  const float below = frame.content - side - 2 * kMargin;
  strip = std::min(strip, below / 2);
  trace = below - strip;

  Layout layout;
  layout.dock = rect(kMargin, kTopBar, frame.width - 2 * kMargin, frame.content);
  auto& p = layout.panels;
  const auto at = [&p](Panel panel) -> core::Rect& { return p[static_cast<std::size_t>(panel)]; };
  const float x1 = kMargin + left + kMargin;
  const float x2 = x1 + stage_width + kMargin;
  const float x3 = x2 + small + kMargin;
  const float below_y = kTopBar + side + kMargin;
  at(Panel::layers) = rect(kMargin, kTopBar, left, frame.content);
  at(Panel::stage) = rect(x1, kTopBar, stage_width, side);
  at(Panel::best) = rect(x1, below_y, stage_width, strip);
  at(Panel::trace) = rect(x1, below_y + strip + kMargin, stage_width, trace);
  at(Panel::visualization) = rect(x2, kTopBar, small, small);
  at(Panel::map) = rect(x2, kTopBar + small + kMargin, small, side - small - kMargin);
  at(Panel::objective) = rect(x2, below_y, small, kTopBar + frame.content - below_y);
  at(Panel::inspector) = rect(x3, kTopBar, right, frame.content);
  return layout;
}

Layout lesson(const Frame& frame) {
  float left = frame.width < 1000 ? 160 : 216;
  float right = frame.width < 1000 ? 190 : 224;
  const float middle_height = frame.content - kMargin;
  const auto middle_width = [&] { return frame.width - 4 * kMargin - left - right; };
  float row = std::floor((middle_width() - 2 * kMargin) / 3);
  row = std::max(80.0F, std::min(row, std::floor(0.45F * middle_height)));
  share_extra(middle_width() - (3 * row + 2 * kMargin), left, right);
  const float middle = middle_width();
  const float below = middle_height - row;
  const float objective = std::max(96.0F, 0.3F * below);
  const float map_side = below - objective - kMargin - kColourBar;
  const float side_column = std::floor(std::max(100.0F, std::min(map_side, 0.5F * middle)));
  const float stage_width = middle - side_column - kMargin;

  Layout layout;
  layout.dock = rect(kMargin, kTopBar, frame.width - 2 * kMargin, frame.content);
  const auto at = [&layout](Panel panel) -> core::Rect& { return layout.panels[static_cast<std::size_t>(panel)]; };
  const float x1 = kMargin + left + kMargin;
  const float x2 = x1 + stage_width + kMargin;
  const float y1 = kTopBar + row + kMargin;
  at(Panel::layers) = rect(kMargin, kTopBar, left, frame.content);
  at(Panel::visualization) = rect(x1, kTopBar, middle, row);
  at(Panel::stage) = rect(x1, y1, stage_width, below);
  at(Panel::map) = rect(x2, y1, side_column, below - objective - kMargin);
  at(Panel::objective) = rect(x2, y1 + below - objective, side_column, objective);
  at(Panel::inspector) = rect(x1 + middle + kMargin, kTopBar, right, frame.content);
  return layout;
}

// A tree of splits, written as Dear ImGui's docking ini.
class IniTree {
 public:
  explicit IniTree(const Layout& layout) : layout_(layout) {}

  void split(unsigned id, unsigned parent, const core::Rect& r, char axis) {
    line(id, parent, r);
    nodes_ += std::string(" Split=") + axis + "\n";
  }
  void leaf(unsigned id, unsigned parent, Panel panel) {
    const core::Rect& r = layout_.of(panel);
    line(id, parent, r);
    nodes_ += panel == Panel::stage ? " CentralNode=1 HiddenTabBar=1\n" : " HiddenTabBar=1\n";
    char text[200];
    std::snprintf(text, sizeof text, "[Window][%s]\nPos=%d,%d\nSize=%d,%d\nCollapsed=0\nDockId=0x%08X,0\n\n",
                  window_name(panel), whole(r.min.x), whole(r.min.y), whole(r.width()), whole(r.height()), id);
    windows_ += text;
  }
  [[nodiscard]] std::string text() const { return windows_ + "[Docking][Data]\n" + nodes_; }

 private:
  static int whole(float value) { return static_cast<int>(std::lround(value)); }
  void line(unsigned id, unsigned parent, const core::Rect& r) {
    char text[160];
    if (parent == 0) {
      std::snprintf(text, sizeof text, "DockSpace ID=0x%08X Pos=%d,%d Size=%d,%d", id, whole(r.min.x), whole(r.min.y),
                    whole(r.width()), whole(r.height()));
    } else {
      std::snprintf(text, sizeof text, "  DockNode ID=0x%08X Parent=0x%08X SizeRef=%d,%d", id, parent, whole(r.width()),
                    whole(r.height()));
    }
    nodes_ += text;
  }
  const Layout& layout_;
  std::string windows_;
  std::string nodes_;
};

core::Rect around(const core::Rect& a, const core::Rect& b) {
  return {{std::min(a.min.x, b.min.x), std::min(a.min.y, b.min.y)},
          {std::max(a.max.x, b.max.x), std::max(a.max.y, b.max.y)}};
}

}  // namespace

const char* window_name(Panel panel) {
  constexpr const char* kNames[kPanels] = {"Layers",        "Stage",         "Best pictures", "Trace",
                                           "Visualization", "Occlusion map", "Objective",     "Inspector"};
  return kNames[static_cast<std::size_t>(panel)];
}

Layout default_layout(core::Size window, float scale, bool comparing) {
  const Frame frame = frame_of(window, scale);
  Layout layout = comparing ? lesson(frame) : explore(frame);
  layout.dock = scaled(layout.dock, scale);
  for (core::Rect& panel : layout.panels) panel = scaled(panel, scale);
  return layout;
}

std::string layout_ini(const Layout& layout, bool comparing) {
  IniTree tree(layout);
  const auto id = [](unsigned n) { return kDockId + n; };
  const core::Rect stage_etc = around(layout.of(Panel::stage), layout.of(comparing ? Panel::stage : Panel::trace));
  const core::Rect answers =
      around(layout.of(comparing ? Panel::map : Panel::visualization), layout.of(Panel::objective));
  const core::Rect middle = around(around(stage_etc, answers), layout.of(Panel::visualization));
  tree.split(id(0), 0, layout.dock, 'X');
  tree.leaf(id(1), id(0), Panel::layers);
  tree.split(id(2), id(0), around(middle, layout.of(Panel::inspector)), 'X');
  if (comparing) {
    tree.split(id(3), id(2), middle, 'Y');
    tree.leaf(id(4), id(3), Panel::visualization);
    tree.split(id(5), id(3), around(stage_etc, answers), 'X');
    tree.leaf(id(6), id(5), Panel::stage);
    tree.split(id(7), id(5), answers, 'Y');
    tree.leaf(id(8), id(7), Panel::map);
    tree.leaf(id(9), id(7), Panel::objective);
  } else {
    tree.split(id(3), id(2), middle, 'X');
    tree.split(id(4), id(3), stage_etc, 'Y');
    tree.leaf(id(5), id(4), Panel::stage);
    tree.split(id(6), id(4), around(layout.of(Panel::best), layout.of(Panel::trace)), 'Y');
    tree.leaf(id(7), id(6), Panel::best);
    tree.leaf(id(8), id(6), Panel::trace);
    tree.split(id(9), id(3), answers, 'Y');
    tree.leaf(id(10), id(9), Panel::visualization);
    tree.split(id(11), id(9), around(layout.of(Panel::map), layout.of(Panel::objective)), 'Y');
    tree.leaf(id(12), id(11), Panel::map);
    tree.leaf(id(13), id(11), Panel::objective);
  }
  tree.leaf(id(14), id(2), Panel::inspector);
  return tree.text();
}

PicturesAlone pictures_alone(core::Size window, float scale) {
  const float width = static_cast<float>(window.width_px) / scale - 2 * kMargin;
  const float height = static_cast<float>(window.height_px) / scale - 2 * kMargin;
  // As in the layout with panels: a square and two that end in line with it.
  const float by_width = (width - kMargin + (kMargin + kColourBar) / 2) / 1.5F;
  const float side = std::floor(std::max(60.0F, std::min(height, by_width)));
  const float small = std::floor((side - kMargin - kColourBar) / 2);
  const float x = kMargin + std::max(0.0F, (width - side - kMargin - small) / 2);
  const float y = kMargin + std::max(0.0F, (height - side) / 2);
  const float right = x + side + kMargin;
  return {scaled(rect(x, y, side, side), scale), scaled(rect(right, y, small, small), scale),
          scaled(rect(right, y + small + kMargin, small, side - small - kMargin), scale)};
}

int best_columns(int count, float width, float height) {
  int best = 1;
  float largest = 0;
  for (int columns = 1; columns <= count; ++columns) {
    const int rows = (count + columns - 1) / columns;
    const float side = std::min(width / static_cast<float>(columns), height / static_cast<float>(rows));
    if (side > largest + 0.01F) {
      largest = side;
      best = columns;
    }
  }
  return best;
}

int sheet_columns(int count, float width, float height, float smallest, float largest) {
  const int fewest = std::max(1, static_cast<int>(std::ceil(width / largest)));
  const int most = std::max(fewest, static_cast<int>(width / smallest));
  for (int columns = fewest; columns <= most; ++columns) {
    const int rows = (count + columns - 1) / columns;
    if (static_cast<float>(rows) * width / static_cast<float>(columns) <= height) return columns;
  }
  return most;
}

}  // namespace ui

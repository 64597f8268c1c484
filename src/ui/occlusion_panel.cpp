// The occlusion map in position space: the ring is where the occluder is, and moving the ring moves the occluder. The
// colour bar with its numbers is always under it.
#include <algorithm>
#include <cmath>
#include <optional>

#include "ui/choice.h"
#include "ui/map_places.h"
#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

ImVec2 vec(core::Point p) {
  return {p.x, p.y};
}

// The nearest cell to a place 0 … 1 in position space.
std::pair<int, int> cell_at(core::Point share, const core::Map& map) {
  const auto index = [](float at, int count) {
    return std::clamp(static_cast<int>(std::floor(at * static_cast<float>(count))), 0, count - 1);
  };
  return {index(share.y, map.rows), index(share.x, map.cols)};
}

void handle_hand(View& view, const core::Rect& shown, const core::OcclusionMap& map) {
  ImGui::SetCursorScreenPos(vec(shown.min));
  ImGui::SetNextItemAllowOverlap();
  ImGui::InvisibleButton("map", {std::max(1.0F, shown.width()), std::max(1.0F, shown.height())});
  if (ImGui::IsItemActive()) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const core::Point share{std::clamp((mouse.x - shown.min.x) / shown.width(), 0.0F, 1.0F),
                            std::clamp((mouse.y - shown.min.y) / shown.height(), 0.0F, 1.0F)};
    const core::Occluder there =
        core::occluder_at_map_position(share, view.workspace.chosen.occluder.side_px, map.picture);
    move_occluder(view.workspace, view.in, there.x_px, there.y_px);
    view.workspace.hand.dragging = true;
  }
  if (ImGui::IsItemDeactivated()) view.workspace.hand.dragging = false;
}

// Whole also where the occluder is at a border.
void draw_ring(ImVec2 at, const core::Rect& shown) {
  at = inside(at, shown, px(7));
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddCircle(at, px(5.5F), colour(palette::kGround, 0.9F), 32, px(4));
  list->AddCircle(at, px(5.5F), colour(0xffffff), 32, px(2));
}

// Small triangles at the ends: down for the lowest, up for the highest.
void draw_extremes(const core::OcclusionMap& map, const core::Rect& shown) {
  const std::optional<core::Extremes> ends = core::extremes(map.values);
  if (!ends) return;
  const auto triangle = [&](const core::Extreme& end, float up) {
    const ImVec2 at = on_map(map.occluder_at(end.row, end.col), map.picture, shown);
    const float r = px(4);
    const auto [x, y] = inside(at, shown, r + px(2));
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 a(x - r, y + up * r * 0.7F);
    const ImVec2 b(x + r, y + up * r * 0.7F);
    const ImVec2 c(x, y - up * r * 0.9F);
    list->AddTriangle(a, b, c, colour(palette::kGround, 0.9F), px(2));
    list->AddTriangleFilled(a, b, c, colour(0xffffff));
  };
  triangle(ends->lowest, -1);
  triangle(ends->highest, 1);
}

// Below "copy as command", which stands at the top while the mouse is over the map.
void draw_value_under_mouse(const core::Rect& shown, const core::OcclusionMap& map, const core::Map& drawn,
                            core::Range range) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const core::Point share{(mouse.x - shown.min.x) / shown.width(), (mouse.y - shown.min.y) / shown.height()};
  const auto [row, col] = cell_at(share, drawn);
  const bool exact = std::isfinite(map.values.at(row, col));
  const core::Occluder there = map.occluder_at(row, col);
  const std::string words = "*" + number(drawn.at(row, col), range) + "* at " + std::to_string(there.x_px) + ", " +
                            std::to_string(there.y_px) + (exact ? "" : " · interpolated");
  pill(ImGui::GetWindowDrawList(), {shown.min.x + px(8), shown.min.y + px(16) + pill_size(words).y}, {0, 0}, words);
}

// The bar, its two ends, the baseline's place, and which range it is.
void draw_colour_bar(View& view, const core::Rect& bar, const core::MapStyle& style, float baseline) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const core::ColourTable& table = core::colour_table(style.colour_map);
  constexpr int kPieces = 64;
  for (int i = 0; i < kPieces; ++i) {
    const auto& rgb = table[static_cast<std::size_t>(i * 255 / (kPieces - 1))];
    const float x0 = std::floor(bar.min.x + bar.width() * static_cast<float>(i) / kPieces);
    const float x1 = std::floor(bar.min.x + bar.width() * static_cast<float>(i + 1) / kPieces);
    list->AddRectFilled({x0, bar.min.y}, {x1, bar.max.y}, IM_COL32(rgb[0], rgb[1], rgb[2], 255));
  }
  MapLook& look = view.workspace.preferences.look;
  const bool drop = look.values != MapValues::value;
  const float share = ((drop ? 0.0F : baseline) - style.range.low) / (style.range.high - style.range.low);
  if (share >= 0 && share <= 1) {
    const float x = bar.min.x + share * bar.width();
    list->AddLine({x, bar.min.y - px(2)}, {x, bar.max.y + px(2)}, colour(palette::kGround), px(3));
    list->AddLine({x, bar.min.y - px(2)}, {x, bar.max.y + px(2)}, colour(palette::kStrong), px(1));
  }
  const float y = bar.max.y + px(4);
  const std::string low = number(style.range.low, style.range);
  const std::string high = number(style.range.high, style.range);
  list->AddText({bar.min.x, y}, colour(palette::kLabel), low.c_str());
  list->AddText({bar.max.x - text_width(high), y}, colour(palette::kLabel), high.c_str());

  const char* what = look.values == MapValues::share ? "share of " : drop ? "drop from " : "base ";
  const std::string base = what + (drop ? number(baseline) : number(baseline, style.range));
  const bool shared = view.workspace.standing.shared_range.has_value();
  const std::string lock = shared ? "both maps" : look.range_fixed ? "fixed" : "this map";
  const float room = bar.width() - text_width(low) - text_width(high) - px(16);
  const float lock_width = text_width(lock) + px(14);
  const bool both = text_width(base) + px(10) + lock_width <= room;
  const float width = both ? text_width(base) + px(10) + lock_width : lock_width;
  float x = std::floor(bar.min.x + text_width(low) + px(8) + (room - width) / 2);
  if (both) {
    list->AddText({x, y}, colour(palette::kLabel), base.c_str());
    x += text_width(base) + px(10);
  }
  if (shared) return list->AddText({x, y}, colour(palette::kNormal), lock.c_str());
  ImGui::SetCursorScreenPos({x, y});
  if (ImGui::InvisibleButton("range", {lock_width, ImGui::GetFontSize() + px(2)})) {
    look.range_fixed = !look.range_fixed;
    look.fixed_range = style.range;
  }
  const std::uint32_t ink = ImGui::IsItemHovered() ? palette::kStrong : palette::kNormal;
  list->AddText({x, y}, colour(ink), lock.c_str());
  draw_chevron(list, {x + lock_width - px(5), y + ImGui::GetFontSize() * 0.55F}, colour(palette::kLabel));
  tooltip(look.range_fixed ? "The colours keep this *range* for every map. Click: each map its own."
                           : "The colours span *this map*. Click: keep this range for all maps.");
}

}  // namespace

core::MapStyle occlusion_style(const MapLook& look, core::Range of_map) {
  core::MapStyle style;
  const bool is_drop = look.values != MapValues::value;
  const bool is_signed = is_drop || look.colours == core::ColourMap::blue_white_red;
  style.colour_map = is_drop ? core::ColourMap::blue_white_red : look.colours;
  style.range = is_signed ? core::symmetric(of_map) : of_map;
  style.interpolation = look.interpolation;
  style.contour_levels = look.contour_levels;
  return style;
}

core::Map values_to_show(const core::OcclusionMap& map, MapValues values) {
  core::Map shown = core::interpolated(map);
  if (values != MapValues::value) {
    for (float& value : shown.values) value = map.baseline - value;
  }
  if (values == MapValues::share && map.baseline != 0.0F) {
    for (float& value : shown.values) value /= std::fabs(map.baseline);
  }
  return shown;
}

const core::Map& shown_occlusion_map(Workspace& workspace, const engine::Snapshots& in) {
  ShownMap& shown = workspace.shown_map;
  const MapValues values = workspace.preferences.look.values;
  if (shown.sweep != in.sweep || shown.values != values) {
    shown.sweep = in.sweep;
    shown.values = values;
    shown.map = in.sweep ? values_to_show(in.sweep->sweep.map, values) : core::Map{};
  }
  return shown.map;
}

core::Range shown_range(const MapLook& look, const core::Map& map) {
  return look.range_fixed ? look.fixed_range : core::range_of(map);
}

void draw_occlusion_panel(View& view) {
  const core::Rect place = content_rect();
  Workspace& workspace = view.workspace;
  workspace.standing.map.reset();
  const State state = map_state(workspace, view.in);
  const core::Rect above{place.min, {place.max.x, place.max.y - px(36)}};
  const bool has_map = view.in.sweep && !view.in.sweep->error && view.in.sweep->sweep.map.complete_stride_px > 0;
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (!has_map || state.readiness == Readiness::failed || state.readiness == Readiness::nothing) {
    list->AddRectFilled(vec(place.min), vec(place.max), colour(palette::kPanel), px(6));
    draw_state(place, state);
    return;
  }
  const core::OcclusionMap& map = view.in.sweep->sweep.map;
  const core::Map& drawn = shown_occlusion_map(workspace, view.in);
  const core::Rect shown = core::fit({drawn.cols, drawn.rows}, above);
  workspace.standing.map = shown;

  const core::Range range = workspace.standing.shared_range.value_or(shown_range(workspace.preferences.look, drawn));
  core::MapStyle style = occlusion_style(workspace.preferences.look, range);
  style.range.low = eased(workspace, ImGui::GetID("low"), style.range.low, view.frame.dt_s);
  style.range.high = eased(workspace, ImGui::GetID("high"), style.range.high, view.frame.dt_s);

  handle_hand(view, shown, map);
  const bool hovered = ImGui::IsItemHovered();
  const int light = state.readiness == Readiness::stale ? 120 : view.in.sweep->sweep.done ? 255 : 225;
  list->AddImageRounded(map_texture(view, drawn, style, shown), vec(shown.min), vec(shown.max), {0, 0}, {1, 1},
                        IM_COL32(light, light, light, 255), px(6));
  draw_extremes(map, shown);
  draw_ring(on_map(workspace.chosen.occluder, map.picture, shown), shown);
  const char* title = workspace.preferences.look.values == MapValues::value  ? "occluder's effect"
                      : workspace.preferences.look.values == MapValues::drop ? "drop by the occluder"
                                                                             : "share that the occluder takes";
  if (hovered) {
    draw_value_under_mouse(shown, map, drawn, range);
  }
  const std::string full = std::string("*") + title + "* · " + state.sentence;
  const bool fits = words_width(full) + px(32) <= shown.width();
  pill(list, {shown.min.x + px(8), shown.max.y - px(8)}, {0, 1}, fits ? full : state.sentence);
  draw_colour_bar(view, to_rect({shown.min.x, shown.max.y + px(7)}, {shown.max.x, shown.max.y + px(16)}), style,
                  map.baseline);
  copy_over_picture(view, shown, hovered && !workspace.hand.dragging, core::to_command(view.in.sweep->sweep.spec));
}

}  // namespace ui

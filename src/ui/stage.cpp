// The stage: the picture with its occluder, the unit's activation map over it, and the number that travels with the
// hand.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ui/choice.h"
#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

ImVec2 vec(core::Point p) {
  return {p.x, p.y};
}

core::Rect occluder_on_screen(const core::Occluder& occluder, core::Size picture, const core::Rect& shown) {
  const auto place = [&](int x, int y) {
    return core::picture_to_screen({static_cast<float>(x), static_cast<float>(y)}, picture, shown);
  };
  return {place(occluder.x_px, occluder.y_px),
          place(occluder.x_px + occluder.side_px, occluder.y_px + occluder.side_px)};
}

bool overlap(const core::Rect& a, const core::Rect& b) {
  return a.min.x < b.max.x && b.min.x < a.max.x && a.min.y < b.max.y && b.min.y < a.max.y;
}

// Mouse on the picture: grabs the square, or brings it under the hand.
void handle_hand(View& view, const core::Rect& shown, core::Size size) {
  ImGui::SetCursorScreenPos(vec(shown.min));
  ImGui::SetNextItemAllowOverlap();
  ImGui::InvisibleButton("picture", {std::max(1.0F, shown.width()), std::max(1.0F, shown.height())});
  Hand& hand = view.workspace.hand;
  const core::Point at = core::screen_to_picture({ImGui::GetIO().MousePos.x, ImGui::GetIO().MousePos.y}, size, shown);
  const core::Occluder& occluder = view.workspace.chosen.occluder;
  if (ImGui::IsItemActivated()) {
    const float x = at.x - static_cast<float>(occluder.x_px);
    const float y = at.y - static_cast<float>(occluder.y_px);
    const float side = static_cast<float>(occluder.side_px);
    const bool inside = x >= 0 && y >= 0 && x < side && y < side;
    hand.grab_px = inside ? core::Point{x, y} : core::Point{side / 2, side / 2};
    hand.dragging = true;
  }
  if (hand.dragging && ImGui::IsItemActive()) {
    const core::Occluder before = occluder;
    move_occluder(view.workspace, view.in, static_cast<int>(std::lround(at.x - hand.grab_px.x)),
                  static_cast<int>(std::lround(at.y - hand.grab_px.y)));
    if (!(before == view.workspace.chosen.occluder)) {
      view.workspace.preferences.hints_done[static_cast<int>(Hint::drag)] = true;
    }
  }
  if (ImGui::IsItemDeactivated()) hand.dragging = false;
}

void draw_activation_map(View& view, const core::Rect& shown) {
  const MapLook& look = view.workspace.preferences.look;
  const auto& drag = view.in.drag;
  if (look.opacity <= 0 || !drag || drag->error || drag->map.empty() || drag->request.picture != view.in.picture)
    return;
  if (!view.workspace.chosen.unit || drag->request.unit != *view.workspace.chosen.unit) return;
  // The range of the map without occluder, so that what the square takes away is seen to go.
  MapLook plain;
  plain.colours = look.colours;
  core::MapStyle style = occlusion_style(plain, core::range_of(drag->baseline_map));
  style.opacity = look.opacity;
  style.fading = true;
  style.interpolation = core::Interpolation::bilinear;
  style.contour_levels = look.contour_levels;
  ImGui::GetWindowDrawList()->AddImageRounded(map_texture(view, drag->map, style, shown), vec(shown.min),
                                              vec(shown.max), {0, 0}, {1, 1}, IM_COL32_WHITE, px(6));
}

// The newest occluded picture shows what was fed; where the hand is ahead of it, its square is drawn under the hand.
void draw_occluder(View& view, const core::Rect& square) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto& drag = view.in.drag;
  if (drag && !drag->error && !drag->occluded.empty() && drag->request.picture == view.in.picture) {
    const core::Occluder& fed = drag->request.occluder;
    const float width = static_cast<float>(drag->occluded.size.width_px);
    const float height = static_cast<float>(drag->occluded.size.height_px);
    const ImVec2 uv0(static_cast<float>(fed.x_px) / width, static_cast<float>(fed.y_px) / height);
    const ImVec2 uv1(static_cast<float>(fed.x_px + fed.side_px) / width,
                     static_cast<float>(fed.y_px + fed.side_px) / height);
    const float drawn = square.width() * width / static_cast<float>(std::max(1, fed.side_px));  // all of it would be
    list->AddImage(enlarged(view.textures, drag->occluded, drawn), vec(square.min), vec(square.max), uv0, uv1);
  } else {
    list->AddRectFilled(vec(square.min), vec(square.max), colour(0x808080));
  }
}

void draw_outline(const core::Rect& square) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto frame = [&](float out, std::uint32_t rgb, float thickness) {
    list->AddRect({square.min.x - out, square.min.y - out}, {square.max.x + out, square.max.y + out}, colour(rgb),
                  px(1), thickness);
  };
  frame(px(2), palette::kGround, px(1));
  frame(px(0.5F), 0xffffff, px(2));
}

// "2.01" large, "−1.10 from 3.12" below; beside the square where there is room. Returns where it stands.
core::Rect draw_value_card(View& view, const core::Rect& square, const core::Rect& shown) {
  const auto& drag = view.in.drag;
  if (!drag || drag->error || drag->request.picture != view.in.picture || !view.workspace.chosen.unit) return {};
  const bool stale = drag->request.unit != *view.workspace.chosen.unit;
  const core::Range among = values_here(view.workspace, view.in);
  const std::string value = number(drag->activation, among);
  const std::string change = signed_number(drag->activation - drag->baseline);
  const std::string from = " from " + number(drag->baseline, among);
  ImVec2 value_size;
  {
    const ScopedFont font(fonts().strong, kValueSize);
    value_size = ImGui::CalcTextSize(value.c_str());
  }
  const float width = std::max(value_size.x, text_width(change) + text_width(from)) + px(20);
  const float height = value_size.y + ImGui::GetFontSize() + px(17);
  const float gap = px(8);
  float x = square.max.x + gap;
  if (x + width > shown.max.x - px(4)) x = square.min.x - gap - width;
  if (x < shown.min.x + px(4)) x = std::min(square.max.x - width - gap, shown.max.x - px(4) - width);
  const float y = std::max(shown.min.y + px(4), std::min(square.min.y + px(4), shown.max.y - height - px(4)));
  const core::Rect card = to_rect({std::floor(x), std::floor(y)}, {std::floor(x) + width, std::floor(y) + height});
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float alpha = stale ? 0.5F : 1.0F;
  list->AddRectFilled(vec(card.min), vec(card.max), colour(palette::kGround, 0.84F), px(5));
  {
    const ScopedFont font(fonts().strong, kValueSize);
    list->AddText({card.min.x + px(10), card.min.y + px(6)}, colour(palette::kStrong, alpha), value.c_str());
  }
  const ImVec2 below(card.min.x + px(10), card.min.y + px(8) + value_size.y);
  const bool less = drag->activation < drag->baseline;
  list->AddText(below, colour(less ? palette::kData : palette::kNormal, alpha), change.c_str());
  list->AddText({below.x + text_width(change), below.y}, colour(palette::kLabel, alpha), from.c_str());
  if (ImGui::IsMouseHoveringRect(vec(card.min), vec(card.max)) && ImGui::IsWindowHovered()) {
    ImGui::SetCursorScreenPos(vec(card.min));
    ImGui::Dummy({width, height});
    explain("activation");
  }
  return card;
}

// "yin_yang" as people write it.
std::string spoken(std::string label) {
  std::replace(label.begin(), label.end(), '_', ' ');
  return label;
}

std::string probability(float share) {
  if (share < 0.005F) return "<.01";
  if (share >= 0.995F) return "1.0";
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", static_cast<double>(share));
  return text + 1;  // ".61"
}

// The likeliest classes without → with the square, in the corner that the square leaves free. Returns where they stand.
core::Rect draw_classes(View& view, const core::Rect& shown, const core::Rect& square, const core::Rect& card) {
  const auto& answer = view.in.classes;
  if (!answer || answer->error || answer->classes.empty() || answer->request.picture != view.in.picture) return {};
  const bool stale = !(answer->request.occluder == view.workspace.chosen.occluder) ||
                     answer->request.fill != view.workspace.chosen.fill;
  if (stale && view.workspace.hand.dragging) return {};
  const ScopedFont font(fonts().text, kHeadingSize + 1);
  const std::size_t count = std::min<std::size_t>(answer->classes.size(), 5);
  float widest = 0;
  for (std::size_t i = 0; i < count; ++i) widest = std::max(widest, text_width(spoken(answer->classes[i].label)));
  const float names = std::min(widest, px(132));
  const float figure = text_width("<.00") + px(3);
  const float arrow = text_width(" → ");
  const float line = ImGui::GetFontSize() + px(3);
  const float width = names + px(10) + 2 * figure + arrow + px(18);
  const float height = static_cast<float>(count) * line + px(11);
  const float margin = px(12);
  if (width + 2 * margin > shown.width() || height + 2 * margin > shown.height() / 2) return {};
  const auto corner = [&](bool right, bool bottom) {
    const ImVec2 min(right ? shown.max.x - margin - width : shown.min.x + margin,
                     bottom ? shown.max.y - margin - height : shown.min.y + margin);
    return to_rect(min, {min.x + width, min.y + height});
  };
  core::Rect box = corner(true, true);
  for (const core::Rect& other : {corner(true, true), corner(true, false), corner(false, false)}) {
    box = other;
    if (!overlap(box, square) && !overlap(box, card)) break;
  }
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float alpha = stale ? 0.6F : 1.0F;
  list->AddRectFilled(vec(box.min), vec(box.max), colour(palette::kGround, 0.84F), px(5));
  float y = box.min.y + px(5);
  for (std::size_t i = 0; i < count; ++i, y += line) {
    const engine::LikelyClass& row = answer->classes[i];
    const std::uint32_t ink = i == 0 ? palette::kStrong : 0xa3abb8;
    float x = box.min.x + px(9);
    list->AddText({x, y}, colour(ink, alpha), fitted(spoken(row.label), names).c_str());
    x += names + px(10);
    const std::string before = probability(row.without_occluder);
    const std::string after = probability(row.with_occluder);
    list->AddText({x + figure - text_width(before), y}, colour(ink, alpha), before.c_str());
    list->AddText({x + figure, y}, colour(palette::kLabel, alpha), " → ");
    x += figure + arrow;
    const bool less = row.with_occluder < row.without_occluder - 0.005F;
    list->AddText({x + figure - text_width(after), y}, colour(less ? palette::kData : ink, alpha), after.c_str());
  }
  if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(vec(box.min), vec(box.max))) {
    ImGui::SetCursorScreenPos(vec(box.min));
    ImGui::Dummy({width, height});
    explain("classes");
  }
  return box;
}

// What to do, on the stage itself, until it has been done.
void draw_hint(View& view, Hint hint, ImVec2 at, ImVec2 anchor, const char* words) {
  const bool done = view.workspace.preferences.hints_done[static_cast<int>(hint)];
  const float shown = eased_from(view.workspace, ImGui::GetID(words), 0.0F, done ? 0.0F : 1.0F, view.frame.dt_s);
  if (shown <= 0.01F) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 size = pill_size(words);
  const ImVec2 min(std::floor(at.x - anchor.x * size.x), std::floor(at.y - anchor.y * size.y));
  pill(list, min, {0, 0}, words, shown);
  list->AddRect(min, {min.x + size.x, min.y + size.y}, colour(palette::kAccent, shown), px(4), px(1));
}

// `taken`: where it must not reach.
void draw_captions(View& view, const core::Rect& shown, const core::Rect& taken, bool alone) {
  const engine::PictureSnapshot& picture = *view.in.picture;
  std::string words = "*" + picture.name + "*";
  if (alone) {
    words += " · the picture alone";
  } else {
    words += view.workspace.preferences.look.opacity > 0 ? " · map over it · hold V: picture alone" : "";
  }
  const ImVec2 at(shown.min.x + px(12), shown.max.y - px(10));
  const float height = pill_size(words).y;
  const core::Rect line{{at.x, at.y - height}, {shown.max.x, at.y}};
  const float room = (overlap(line, taken) ? taken.min.x : shown.max.x) - shown.min.x - px(40);
  if (words_width(words) > room) words = "*" + fitted(picture.name, std::max(px(20), room)) + "*";
  pill(ImGui::GetWindowDrawList(), at, {0, 1}, words, 1.0F);
}

}  // namespace

void draw_stage(View& view) {
  const core::Rect place = content_rect();
  Workspace& workspace = view.workspace;
  workspace.standing.stage_picture.reset();
  const State state = stage_state(workspace, view.in);
  const bool has_picture = view.in.picture && !view.in.picture->error && !view.in.picture->image.empty();
  if (!has_picture) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(vec(place.min), vec(place.max), colour(palette::kPanel), px(6));
    draw_state(place, state);
    return;
  }
  const core::Image& image = view.in.picture->seen();
  const core::Rect shown = core::fit(image.size, place);
  workspace.standing.stage_picture = shown;
  handle_hand(view, shown, image.size);
  const bool hovered = ImGui::IsItemHovered();
  const bool stale =
      workspace.asked.picture != workspace.chosen.picture ||
      std::filesystem::path(view.in.picture->file.path).filename() != workspace.chosen.picture.filename();
  ImGui::GetWindowDrawList()->AddImageRounded(enlarged(view.textures, image, shown.width()), vec(shown.min),
                                              vec(shown.max), {0, 0}, {1, 1},
                                              stale ? IM_COL32(150, 150, 150, 255) : IM_COL32_WHITE, px(6));
  const bool v_held = ImGui::IsKeyDown(ImGuiKey_V) && !ImGui::GetIO().WantTextInput && !ImGui::GetIO().KeyCtrl;
  const bool alone = workspace.standing.picture_alone || v_held;
  core::Rect classes;
  if (!alone && workspace.chosen.unit) {
    const core::Rect square = occluder_on_screen(workspace.chosen.occluder, image.size, shown);
    draw_activation_map(view, shown);
    draw_occluder(view, square);
    draw_outline(square);
    const core::Rect card = draw_value_card(view, square, shown);
    classes = draw_classes(view, shown, square, card);
    draw_hint(view, Hint::drag, {(square.min.x + square.max.x) / 2, square.max.y - px(10)}, {0.5F, 1},
              "drag the square");
    draw_hint(view, Hint::arrow, {shown.min.x + px(12), shown.min.y + px(12)}, {0, 0}, "press → for the next unit");
  }
  draw_captions(view, shown, classes, alone);
  if (state.readiness != Readiness::ready) {
    pill(ImGui::GetWindowDrawList(), {shown.min.x + px(12), shown.min.y + px(12)}, {0, 0}, state.sentence);
  }
  if (view.in.model && workspace.chosen.unit) {
    copy_over_picture(
        view, shown, hovered && !workspace.hand.dragging,
        core::to_command(core::RespondSpec{view.in.model->file, view.in.picture->file, *workspace.chosen.unit}));
  }
}

}  // namespace ui

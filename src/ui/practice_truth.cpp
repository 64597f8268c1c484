// What practice shows after the answer: the truth, and the search for the lowest place.
#include <algorithm>
#include <cmath>

#include "ui/map_places.h"
#include "ui/practice_parts.h"
#include "ui/practice_words.h"
#include "ui/widgets.h"

namespace ui {
namespace {

ImVec2 vec(core::Point p) {
  return {p.x, p.y};
}

// Three marks that differ in shape, so that they need no colour: ring, triangle, and a cross for the hand's best.
enum class Mark { lowest, highest, found };

void draw_mark(ImDrawList* list, ImVec2 at, Mark mark) {
  const float r = px(5);
  const ImU32 dark = colour(palette::kGround, 0.9F), light = colour(0xffffff);
  if (mark == Mark::lowest) {
    list->AddCircle(at, r, dark, 32, px(4));
    list->AddCircle(at, r, light, 32, px(2));
  } else if (mark == Mark::highest) {
    const ImVec2 a(at.x - r, at.y + r * 0.8F), b(at.x + r, at.y + r * 0.8F), c(at.x, at.y - r);
    list->AddTriangle(a, b, c, dark, px(3));
    list->AddTriangleFilled(a, b, c, light);
  } else {
    for (const auto& [ink, width] : {std::pair{dark, px(5)}, {light, px(2)}}) {
      list->AddLine({at.x - r, at.y - r}, {at.x + r, at.y + r}, ink, width);
      list->AddLine({at.x - r, at.y + r}, {at.x + r, at.y - r}, ink, width);
    }
  }
}

// The mark, inside the map even where its place is at the edge.
void mark_on_map(const core::Occluder& place, core::Size picture, const core::Rect& shown, Mark mark) {
  draw_mark(ImGui::GetWindowDrawList(), inside(on_map(place, picture, shown), shown, px(7)), mark);
}

// The value at the cell under the mouse.
void explain_map(const core::OcclusionMap& map, const core::Rect& shown) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (!ImGui::IsWindowHovered() || !ImGui::IsMouseHoveringRect(vec(shown.min), vec(shown.max))) return;
  const auto index = [](float share, int count) {
    return std::clamp(static_cast<int>(share * static_cast<float>(count)), 0, count - 1);
  };
  const int row = index((mouse.y - shown.min.y) / shown.height(), map.values.rows);
  const int col = index((mouse.x - shown.min.x) / shown.width(), map.values.cols);
  const core::Occluder there = map.occluder_at(row, col);
  pill(ImGui::GetForegroundDrawList(), {mouse.x + px(14), mouse.y - px(4)}, {0, 1},
       "*" + number(map.values.at(row, col), core::range_of(map.values)) + "* with the square at " +
           std::to_string(there.x_px) + ", " + std::to_string(there.y_px));
}

// "ring lowest · triangle highest", each word after its own mark. Returns where it ends.
float draw_legend(ImVec2 at, bool with_found) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto entry = [&](Mark mark, std::string_view words) {
    draw_mark(list, {at.x + px(6), at.y + ImGui::GetFontSize() / 2}, mark);
    at.x += px(17);
    list->AddText(at, colour(palette::kLabel), words.data(), words.data() + words.size());
    at.x += text_width(words) + px(14);
  };
  entry(Mark::lowest, "lowest");
  entry(Mark::highest, "highest");
  if (with_found) entry(Mark::found, "yours");
  return at.x;
}

// A value large with its words small, on one line.
void draw_value(ImVec2 at, float width, const std::string& value, const std::string& words) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  float value_width = 0, value_height = 0;
  {
    const ScopedFont font(fonts().strong, kValueSize);
    list->AddText(at, colour(palette::kStrong), value.c_str());
    const ImVec2 size = ImGui::CalcTextSize(value.c_str());
    value_width = size.x;
    value_height = size.y;
  }
  const float x = at.x + value_width + px(6);
  list->AddText({x, at.y + value_height - ImGui::GetFontSize() - px(3)}, colour(palette::kLabel),
                fitted(words, at.x + width - x).c_str());
}

void draw_covered(const core::Rect& place) {
  ImGui::GetWindowDrawList()->AddRectFilled(vec(place.min), vec(place.max), colour(palette::kPanel));
  draw_state(place, {Readiness::nothing, "covered while you search"});
}

core::Rect square_on(const core::Occluder& occluder, core::Size picture, const core::Rect& shown) {
  const auto place = [&](int x, int y) {
    return core::picture_to_screen({static_cast<float>(x), static_cast<float>(y)}, picture, shown);
  };
  return {place(occluder.x_px, occluder.y_px),
          place(occluder.x_px + occluder.side_px, occluder.y_px + occluder.side_px)};
}

// Grabs the square where it is held, or brings it under the hand.
void handle_hand(View& view, const core::Rect& shown, core::Size size) {
  ImGui::SetCursorScreenPos(vec(shown.min));
  ImGui::InvisibleButton("search square", {std::max(1.0F, shown.width()), std::max(1.0F, shown.height())});
  Hand& hand = view.workspace.hand;
  const core::Point at = core::screen_to_picture({ImGui::GetIO().MousePos.x, ImGui::GetIO().MousePos.y}, size, shown);
  const core::Occluder& place = view.workspace.practice.hunt->place;
  if (ImGui::IsItemActivated()) {
    const core::Point inside{at.x - static_cast<float>(place.x_px), at.y - static_cast<float>(place.y_px)};
    const auto side = static_cast<float>(place.side_px);
    const bool on_it = inside.x >= 0 && inside.y >= 0 && inside.x < side && inside.y < side;
    hand.grab_px = on_it ? inside : core::Point{side / 2, side / 2};
  }
  if (ImGui::IsItemActive()) {
    move_hunt(view.workspace, static_cast<int>(std::lround(at.x - hand.grab_px.x)),
              static_cast<int>(std::lround(at.y - hand.grab_px.y)));
  }
}

void draw_square(View& view, const core::Rect& shown) {
  const Practice& practice = view.workspace.practice;
  const core::Image& base = practice.question->pictures.base;
  const core::Rect square = square_on(practice.hunt->place, base.size, shown);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto& drag = view.in.drag;
  if (drag && !drag->error && !drag->occluded.empty() && drag->request.picture == practice.question->picture) {
    const core::Occluder& fed = drag->request.occluder;
    const auto u = [&](int x) { return static_cast<float>(x) / static_cast<float>(base.size.width_px); };
    const auto v = [&](int y) { return static_cast<float>(y) / static_cast<float>(base.size.height_px); };
    list->AddImage(enlarged(view.textures, drag->occluded, shown.width()), vec(square.min), vec(square.max),
                   {u(fed.x_px), v(fed.y_px)}, {u(fed.x_px + fed.side_px), v(fed.y_px + fed.side_px)});
  } else {
    list->AddRectFilled(vec(square.min), vec(square.max), colour(0x808080));
  }
  list->AddRect({square.min.x - px(2), square.min.y - px(2)}, {square.max.x + px(2), square.max.y + px(2)},
                colour(palette::kGround), px(1), px(1));
  list->AddRect({square.min.x - px(0.5F), square.min.y - px(0.5F)}, {square.max.x + px(0.5F), square.max.y + px(0.5F)},
                colour(0xffffff), px(1), px(2));
}

}  // namespace

void draw_verdict(View& view, const core::Rect& place) {
  const bool right = view.workspace.practice.answer->correct;
  const std::uint32_t ink = right ? palette::kRight : palette::kWrong;
  const char* word = right ? "right" : "wrong";
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 middle(std::floor((place.min.x + place.max.x) / 2), std::floor((place.min.y + place.max.y) / 2));
  const float r = px(8);
  if (right) {
    const ImVec2 tick[] = {
        {middle.x - r, middle.y - px(14)}, {middle.x - r * 0.25F, middle.y - px(7)}, {middle.x + r, middle.y - px(20)}};
    list->AddPolyline(tick, 3, colour(ink), px(2));
  } else {
    list->AddLine({middle.x - r * 0.8F, middle.y - px(21)}, {middle.x + r * 0.8F, middle.y - px(8)}, colour(ink),
                  px(2));
    list->AddLine({middle.x - r * 0.8F, middle.y - px(8)}, {middle.x + r * 0.8F, middle.y - px(21)}, colour(ink),
                  px(2));
  }
  const float width = text_width(word);
  // Where the two queries leave no room for the word, it stands on its own ground.
  if (width + px(8) > place.width()) {
    pill(list, {middle.x, middle.y}, {0.5F, 0}, word);
    return;
  }
  list->AddText({middle.x - std::floor(width / 2), middle.y}, colour(ink), word);
}

void draw_truth(View& view, const PracticeLayout& layout) {
  Practice& practice = view.workspace.practice;
  const engine::PracticeQuestion& question = *practice.question;
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImGui::SetCursorScreenPos(vec(layout.truth.min));
  heading("the truth");
  const core::Rect& map = layout.map;
  if (practice.hunt && !practice.hunt->over) {
    draw_covered(map);
  } else {
    const core::MapStyle style = occlusion_style(MapLook{}, core::range_of(question.map.values));
    list->AddImageRounded(map_texture(view, question.map.values, style, map), vec(map.min), vec(map.max), {0, 0},
                          {1, 1}, IM_COL32_WHITE, px(4));
    mark_on_map(question.trial.min.place, question.map.picture, map, Mark::lowest);
    mark_on_map(question.trial.max.place, question.map.picture, map, Mark::highest);
    if (practice.hunt && practice.hunt->best) {
      mark_on_map(practice.hunt->best_place, question.map.picture, map, Mark::found);
    }
    explain_map(question.map, map);
  }
  const TruthWords words = truth_words(question);
  const float x = map.max.x + px(14);
  const float width = layout.truth.max.x - x;
  float y = map.min.y - px(4);
  draw_value({x, y}, width, words.highest_value, words.highest);
  draw_value({x, y + px(27)}, width, words.lowest_value, words.lowest);
  y += px(60);
  const bool found = practice.hunt && practice.hunt->over;
  const std::string sentences = found ? found_words(question, *practice.hunt) : words.difference;
  list->PushClipRect({x, y}, {layout.truth.max.x, layout.truth.max.y}, true);
  draw_sentence(list, {x, y}, width, sentences, palette::kLabel);
  list->PopClipRect();
  const float legend = map.max.y - ImGui::GetFontSize();
  if (legend < y + sentence_height(sentences, width) + px(2)) return;
  const float end = draw_legend({x, legend}, found && practice.hunt->best.has_value());
  if (end + text_width("copy as command") + px(8) > layout.truth.max.x) return;
  core::OcclusionSpec spec;
  spec.model = practice.asked->model->file;
  spec.picture = question.picture->file;
  spec.unit = question.trial.unit;
  spec.side_px = question.map.side_px;
  spec.stride_px = question.map.stride_px;
  ImGui::SetCursorScreenPos({end, legend - px(5)});
  if (quiet_button("copy as command")) copy(view.workspace, core::to_command(spec), view.frame.now_s);
  tooltip("The *occlusion map* of this picture from the command line.");
}

void draw_hunt(View& view, const PracticeLayout& layout) {
  const Practice& practice = view.workspace.practice;
  if (practice.hunt->over) return;
  const engine::PracticeQuestion& question = *practice.question;
  const core::Rect& shown = layout.question.base;
  view.workspace.standing.stage_picture = shown;  // for the hand of scripts
  handle_hand(view, shown, question.pictures.base.size);
  draw_square(view, shown);
  draw_covered(layout.question.left);
  draw_covered(layout.question.right);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const core::Rect& place = layout.beside_base;
  ImVec2 at(place.min.x, place.min.y);
  const float width = std::max(px(40), place.width());
  const auto value = hunted_value(view.workspace, view.in);
  const core::Range among = values_of(question.trial);
  {
    const ScopedFont font(fonts().strong, kValueSize);
    list->AddText(at, colour(palette::kStrong), value ? number(*value, among).c_str() : "…");
  }
  at.y += px(30);
  std::string words = "Drag the square to the place that leaves the unit *least* active.";
  if (value) {
    const auto base = static_cast<float>(question.trial.base_activation);
    words = "*" + signed_number(*value - base) + "* from " + number(base, among) + "\n" +
            hunted_words(question.map, *value);
    if (practice.hunt->best) words += "\nYour lowest so far: *" + number(*practice.hunt->best, among) + "*";
  }
  draw_sentence(list, at, width, words, palette::kNormal);
}

}  // namespace ui

// What panels share: places, states, copying a command.
#include <algorithm>
#include <cmath>

#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr int kSmoothCell_px = 8;

}  // namespace

core::Rect to_rect(ImVec2 min, ImVec2 max) {
  return {{min.x, min.y}, {max.x, max.y}};
}

core::Rect content_rect() {
  const ImVec2 min = ImGui::GetCursorScreenPos();
  const ImVec2 room = ImGui::GetContentRegionAvail();
  return to_rect(min, {min.x + std::max(px(8), room.x), min.y + std::max(px(8), room.y)});
}

void draw_state(const core::Rect& place, const State& state) {
  if (state.sentence.empty()) return;
  const bool is_error = state.readiness == Readiness::failed;
  const std::string words = is_error ? "Error: " + state.sentence : state.sentence;
  const float inside = std::max(px(40), place.width() - px(24));
  const float width = std::min(inside, words_width(words) + px(2));
  const float height = sentence_height(words, width);
  const ImVec2 at(std::floor(place.min.x + (place.width() - width) / 2),
                  std::floor(std::max(place.min.y, place.min.y + (place.height() - height) / 2)));
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect({place.min.x, place.min.y}, {place.max.x, place.max.y}, true);
  draw_sentence(list, at, width, words, is_error ? palette::kWrong : palette::kLabel);
  list->PopClipRect();
  if (height <= place.height() || !ImGui::IsMouseHoveringRect({place.min.x, place.min.y}, {place.max.x, place.max.y})) {
    return;
  }
  ImGui::SetCursorScreenPos({place.min.x, place.min.y});
  ImGui::Dummy({place.width(), place.height()});
  tooltip(words);
}

void notify(Workspace& workspace, std::string words, bool is_error, double now_s) {
  workspace.standing.notice = std::move(words);
  workspace.standing.notice_is_error = is_error;
  workspace.standing.notice_until_s = now_s + (is_error ? 8.0 : 3.0);
}

void copy(Workspace& workspace, const std::string& command, double now_s) {
  ImGui::SetClipboardText(command.c_str());
  notify(workspace, "Copied: " + command, false, now_s);
}

void copy_over_picture(View& view, const core::Rect& picture, bool hovered, const std::string& command) {
  const char* label = "copy as command";
  const float width = text_width(label) + px(16);
  const float height = ImGui::GetFontSize() + px(10);
  const core::Rect box = to_rect({picture.max.x - width - px(8), picture.min.y + px(8)},
                                 {picture.max.x - px(8), picture.min.y + px(8) + height});
  const bool on_it =
      ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({box.min.x, box.min.y}, {box.max.x, box.max.y});
  if ((!hovered && !on_it) || picture.width() < 1.5F * width) return;
  ImGui::SetCursorScreenPos({box.min.x, box.min.y});
  if (ImGui::InvisibleButton("copy", {width, height})) copy(view.workspace, command, view.frame.now_s);
  pill(ImGui::GetWindowDrawList(), {box.min.x, box.min.y}, {0, 0},
       ImGui::IsItemHovered() ? "*" + std::string(label) + "*" : std::string(label));
  tooltip(command);
}

ImTextureRef map_texture(View& view, const core::Map& map, const core::MapStyle& style, const core::Rect& shown) {
  const ImVec2 density = ImGui::GetIO().DisplayFramebufferScale;
  // Between so many colours to a cell the sampler mixes as well as the shader would, and a software device draws the
  // dragged map in a fraction of the time. Not where an edge would blur: of nearest cells, of contours.
  const bool is_smooth = style.interpolation == core::Interpolation::bilinear && style.contour_levels == 0;
  const auto pixels = [&](float length, float per, int cells) {
    const int of_screen = std::clamp(static_cast<int>(std::lround(length * per)), 1, 4096);
    return is_smooth ? std::min(of_screen, kSmoothCell_px * std::max(cells, 1)) : of_screen;
  };
  return view.textures.map(map, style,
                           {pixels(shown.width(), density.x, map.cols), pixels(shown.height(), density.y, map.rows)});
}

}  // namespace ui

// The strip of the unit's best pictures in the open folder; a click brings one onto the stage.
#include <algorithm>
#include <cmath>

#include "ui/choice.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

// The thumbnail of a path, if it is there.
const core::Image* thumbnail(const engine::Snapshots& in, const std::filesystem::path& path) {
  if (!in.thumbnails) return nullptr;
  const auto& paths = in.thumbnails->request.paths;
  const auto it = std::find(paths.begin(), paths.end(), path);
  const auto at = static_cast<std::size_t>(it - paths.begin());
  if (it == paths.end() || at >= in.thumbnails->pictures.size() || in.thumbnails->pictures[at].empty()) return nullptr;
  return &in.thumbnails->pictures[at];
}

}  // namespace

void draw_best_pictures(View& view) {
  const State state = best_state(view.workspace, view.in);
  const Ranking& ranking = view.workspace.ranking;
  if (ranking.best.empty() || !ranking.scan || !ranking.scan->request.collection) {
    draw_state(content_rect(), state);
    return;
  }
  const float words = words_width("best of *0,000* pictures") + px(8);
  const core::Rect place = content_rect();
  // Two lines at the right, beside as many pictures as fit.
  const bool one_line = place.width() < px(300);
  const float room = one_line ? place.width() : place.width() - words;
  const float side = std::floor(std::max(px(16), place.height()));
  const float gap = px(6);
  const int fits = std::max(1, static_cast<int>((room + gap) / (side + gap)));
  const auto& pictures = ranking.scan->request.collection->pictures;
  ImDrawList* list = ImGui::GetWindowDrawList();
  float x = place.min.x;
  for (std::size_t i = 0; i < ranking.best.size() && static_cast<int>(i) < fits; ++i) {
    const engine::RankedPicture& ranked = ranking.best[i];
    if (ranked.picture >= pictures.size()) continue;
    const engine::PictureEntry& entry = pictures[ranked.picture];
    ImGui::PushID(static_cast<int>(i));
    ImGui::SetCursorScreenPos({x, place.min.y});
    if (ImGui::InvisibleButton("picture", {side, side})) choose_picture(view.workspace, entry.path);
    const bool hovered = ImGui::IsItemHovered();
    const ImVec2 max(x + side, place.min.y + side);
    if (const core::Image* image = thumbnail(view.in, entry.path)) {
      list->AddImageRounded(enlarged(view.textures, *image, side), {x, place.min.y}, max, {0, 0}, {1, 1},
                            IM_COL32_WHITE, px(3));
    } else {
      list->AddRectFilled({x, place.min.y}, max, colour(palette::kControl), px(3));
    }
    const bool chosen = entry.path == view.workspace.chosen.picture;
    if (chosen || hovered) {
      list->AddRect({x - px(1.5F), place.min.y - px(1.5F)}, {max.x + px(1.5F), max.y + px(1.5F)},
                    colour(chosen ? palette::kAccent : palette::kStrong), px(4), px(chosen ? 2.0F : 1.0F));
    }
    tooltip("*" + entry.name + "*" + (entry.label.empty() ? "" : " · " + entry.label) + "\n" + ordinal(ranked.rank) +
            " of " + thousands(static_cast<long long>(ranking.best.size())) + " · activation *" +
            number(ranked.activation) + "*");
    ImGui::PopID();
    x += side + gap;
  }
  if (one_line) return;
  ImGui::SetCursorScreenPos({std::floor(place.max.x - words + px(8)), place.min.y});
  const float text_height = 2 * (ImGui::GetFontSize() + px(5));
  const std::string& words_shown = state.sentence;
  ImGui::SetCursorScreenPos(
      {std::floor(x + px(6)), std::floor(place.min.y + std::max(0.0F, (side - text_height) / 2))});
  sentence(words_shown);
  explain("best pictures");
}

}  // namespace ui

// What the unit looks for: one run, or three from one seed beside each other (naive pixels, regularized pixels,
// Fourier), each with its steps.
#include <algorithm>
#include <cmath>

#include "ui/choice.h"
#include "ui/layout.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

// Slots in the order in which they are shown: from the worst method to the best.
constexpr int kCompareOrder[engine::kVisualizationSlots] = {1, 2, 0};

std::string title_of(const VisualizationRun& run, bool comparing) {
  if (comparing) {
    if (run.preset == "naive") return "*naive pixels*";
    if (run.preset == "regularized") return "*regularized pixels*";
    return "*Fourier* (Lucid)";
  }
  const bool negative = settings_of(run).sign < 0;
  return std::string("*what it ") + (negative ? "shuns*" : "looks for*") +
         (run.run == engine::Run::running ? " · live" : "");
}

// The pictures of a batch, as large as they fit in a square.
void draw_batch(View& view, const std::vector<core::Image>& pictures, const core::Rect& square, int light) {
  const int count = static_cast<int>(pictures.size());
  const int columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
  const float gap = count > 1 ? px(3) : 0;
  const float side = (square.width() + gap) / static_cast<float>(columns) - gap;
  for (int i = 0; i < count; ++i) {
    const float x = std::floor(square.min.x + static_cast<float>(i % columns) * (side + gap));
    const float y = std::floor(square.min.y + static_cast<float>(i / columns) * (side + gap));
    ImGui::GetWindowDrawList()->AddImageRounded(enlarged(view.textures, pictures[static_cast<std::size_t>(i)], side),
                                                {x, y}, {x + side, y + side}, {0, 0}, {1, 1},
                                                IM_COL32(light, light, light, 255), count > 1 ? px(4) : px(6));
  }
}

void draw_run(View& view, int slot, const core::Rect& place) {
  Workspace& workspace = view.workspace;
  const auto at = static_cast<std::size_t>(slot);
  const VisualizationRun& run = workspace.visualizations[at];
  const auto& answer = view.in.visualize[at];
  const State state = visualization_state(workspace, view.in, slot);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const core::Rect square = core::fit({1, 1}, place);
  const ImVec2 min(square.min.x, square.min.y);
  const ImVec2 max(square.max.x, square.max.y);
  if (!answer || answer->error || answer->visualization.pictures.empty()) {
    list->AddRectFilled(min, max, colour(palette::kPanel), px(6));
    draw_state(square, state);
    return;
  }
  ImGui::PushID(slot);
  ImGui::SetCursorScreenPos(min);
  ImGui::SetNextItemAllowOverlap();
  if (ImGui::InvisibleButton("run", {std::max(1.0F, square.width()), std::max(1.0F, square.height())})) {
    workspace.controlled = slot;
  }
  const bool hovered = ImGui::IsItemHovered();
  draw_batch(view, answer->visualization.pictures, square, state.readiness == Readiness::stale ? 130 : 255);
  const ImVec2 top(min.x + px(8), min.y + px(8));
  if (!hovered) pill(list, top, {0, 0}, title_of(run, workspace.comparing));
  std::string words = state.sentence;
  if (words_width(words) + px(32) > square.width()) words = words.substr(0, words.rfind(" · "));
  pill(list, {min.x + px(8), max.y - px(8)}, {0, 1}, words);
  if (workspace.comparing && workspace.controlled == slot) {
    list->AddRect({min.x, min.y}, {max.x, max.y}, colour(palette::kAccent), px(6), px(2));
  }
  copy_over_picture(view, square, hovered, core::to_command(answer->visualization.spec));
  ImGui::PopID();
}

}  // namespace

void draw_visualizations(View& view) {
  const core::Rect place = content_rect();
  const int count = slots_shown(view.workspace);
  if (!view.workspace.chosen.unit) {
    ImGui::GetWindowDrawList()->AddRectFilled({place.min.x, place.min.y}, {place.max.x, place.max.y},
                                              colour(palette::kPanel), px(6));
    draw_state(place, visualization_state(view.workspace, view.in, 0));
    return;
  }
  const int columns = best_columns(count, place.width(), place.height());
  const int rows = (count + columns - 1) / columns;
  const float gap = px(kGap);
  const float width = (place.width() + gap) / static_cast<float>(columns) - gap;
  const float height = (place.height() + gap) / static_cast<float>(rows) - gap;
  for (int i = 0; i < count; ++i) {
    const float x = place.min.x + static_cast<float>(i % columns) * (width + gap);
    const float y = place.min.y + static_cast<float>(i / columns) * (height + gap);
    draw_run(view, count > 1 ? kCompareOrder[i] : i, to_rect({x, y}, {x + width, y + height}));
  }
}

}  // namespace ui

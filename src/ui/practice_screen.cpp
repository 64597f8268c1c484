// Practice: the question of the study about a unit, and afterwards the truth.
#include "ui/panels.h"
#include "ui/practice_words.h"
#include "ui/theme.h"

namespace ui {

void draw_practice(View& view) {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const core::Rect place = to_rect({0, px(44)}, {size.x, size.y - px(44)});
  draw_state(place, practice_state(view.workspace, view.in));
}

}  // namespace ui

// What the pages of a session are drawn with: centred text, buttons, the space of a question. UI thread, inside a
// frame.
#pragma once
#include <imgui.h>

#include <string_view>

#include "core/geometry.h"
#include "ui/panels.h"
#include "ui/question.h"

namespace ui {

// Lines (split at \n) broken to the width and centred, *stars* in the strong font; returns the height. `size` in design
// pixels. Draws nothing where `list` is null.
float draw_centred(ImDrawList* list, const core::Rect& place, std::string_view words, float size, std::uint32_t rgb);

// A button as on the published pages. True when it was used.
bool page_button(const core::Rect& place, const char* label);

// All of the window but the line at the top.
core::Rect session_place();
QuestionSpace session_question_space(const Session& session);

// Everything but the trials. True when Continue was pressed.
bool draw_page(View& view, Session& session);

}  // namespace ui

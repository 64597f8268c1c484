// The window's own controls on Dear ImGui: text with emphasis, chips, thin sliders, menus, overlay pills, cards. Each
// draws at the cursor, says whether it was used, and keeps nothing. UI thread, inside a frame.
#pragma once
#include <imgui.h>

#include <string>
#include <string_view>
#include <vector>

#include "ui/theme.h"

namespace ui {

// A font for a scope; size in design pixels.
class ScopedFont {
 public:
  ScopedFont(ImFont* font, float size) { ImGui::PushFont(font, size); }
  ~ScopedFont() { ImGui::PopFont(); }
  ScopedFont(const ScopedFont&) = delete;
  ScopedFont& operator=(const ScopedFont&) = delete;
};

// ---- text --------------------------------------------------------------------------------------------------------

void text(std::string_view words, std::uint32_t rgb = palette::kNormal);
void text_right(std::string_view words, std::uint32_t rgb = palette::kNormal);  // on the present line
// Small capitals above a group. With `term`, explains itself.
void heading(std::string_view words, std::string_view term = {});
// Wraps to the width; *stars* mark what matters.
void sentence(std::string_view words, std::uint32_t rgb = palette::kLabel);
float sentence_height(std::string_view words, float width);
void draw_sentence(ImDrawList* list, ImVec2 at, float width, std::string_view words, std::uint32_t rgb);
float text_width(std::string_view words);
// As much of `words` as fits, with "…" where it was cut.
std::string fitted(std::string_view words, float width);
// As much of the end, for names whose ends tell them apart.
std::string fitted_end(std::string_view words, float width);

// Draws emphasised text on one line at `at`; returns its width.
float draw_words(ImDrawList* list, ImVec2 at, std::string_view words, std::uint32_t rgb,
                 std::uint32_t strong = palette::kStrong);
float words_width(std::string_view words);  // without the stars

// A tooltip for the last item after a short rest of the mouse.
void explain(std::string_view term);  // a word of the glossary
void tooltip(std::string_view words);

// ---- controls ------------------------------------------------------------------------------------------------------

// A small rounded button; `chosen` fills it with the accent.
bool chip(const char* label, bool chosen, float width = 0.0F);
bool button(const char* label, float width = 0.0F);
// Quieter than a chip, where nothing runs by the choice: the chosen one of a row is only brighter. True when another
// one was chosen.
bool option(const char* label, bool chosen);
bool quiet_button(const char* label);  // only text, brighter when pointed at
// Starts a new line when `width` does not fit on the present one.
void flow(float width);
float chip_width(const char* label);

// Label left, value right, a thin track below. Double click goes back to `standard`. True while it changes.
struct SliderRange {
  float low = 0.0F;
  float high = 1.0F;
  float standard = 0.0F;
  float step = 0.0F;         // 0: continuous
  bool logarithmic = false;  // low > 0
};
bool slider(const char* label, std::string_view term, float& value, const SliderRange& range, std::string_view shown);

// Label left, choice right with ▾; opens a menu.
bool choice(const char* label, std::string_view term, const std::vector<std::string>& names, int& chosen);
// Label left, "on"/"off" right.
bool toggle(const char* label, std::string_view term, bool& on);
// A button with ▾ that opens the popup of that id.
bool menu_button(const char* label, const char* popup);
// The popup of that id; call ImGui::EndPopup() where true.
bool begin_menu(const char* id, float width);
// A line of text to be edited; true when Enter was pressed. `hint` stands in it while it is empty.
bool text_field(const char* id, std::string& text, float width, const char* hint = "");
// One line of a menu or list; `note` right, in label colour.
bool list_row(std::string_view name, std::string_view note, bool chosen, float width = 0.0F);

// ---- over pictures -----------------------------------------------------------------------------------------------

// A dark translucent box with one or more lines (split at \n); returns its size. `anchor` (0 or 1 each way) says which
// corner of the box is at `at`.
ImVec2 pill(ImDrawList* list, ImVec2 at, ImVec2 anchor, std::string_view words, float alpha = 1.0F);
ImVec2 pill_size(std::string_view words);
// A triangle pointing down, as in menus.
void draw_chevron(ImDrawList* list, ImVec2 centre, ImU32 rgba);
// A dashed horizontal line.
void draw_dashes(ImDrawList* list, ImVec2 from, float to_x, ImU32 rgba);

// ---- cards -------------------------------------------------------------------------------------------------------

// A docked panel without title: rounded, own background. Always call end_card().
bool begin_card(const char* name, ImGuiWindowFlags flags = 0);
// A panel that is only its picture: no padding.
bool begin_bare_card(const char* name, ImGuiWindowFlags flags = 0);
void end_card();
// Of a window over everything: dims what is behind it, but for so much at the lower edge, then draws its own ground.
// `shown` from 0 to 1.
void draw_backdrop(float shown, float clear_below = 0.0F);

}  // namespace ui

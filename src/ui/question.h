// The question as people see it (protocol 1.10): references in a grid on the left, the picture without occlusion at the
// top right, its two occlusions below with six buttons 3 2 1 | 1 2 3. Shared by practice, pilots and real sessions. It
// takes pictures and words and gives back which button was pressed; what is right it cannot know. UI thread, inside a
// frame; the layout is a pure function.
#pragma once
#include <imgui.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/geometry.h"
#include "study/question.h"
#include "ui/textures.h"

namespace ui {

// Everything in Dear ImGui units, on whole framebuffer pixels.
struct QuestionLayout {
  int image_scale = 0;        // framebuffer pixels for each picture pixel; 0: see whole_pixels
  float side = 0.0F;          // of base and queries; 0: the place is too small
  int reference_side_px = 0;  // in framebuffer pixels: references are made this small before they are drawn
  std::vector<core::Rect> references;
  core::Rect base, left, right;
  std::array<core::Rect, 6> buttons;
  std::array<core::Rect, 2> hints;  // "more confident", under the buttons
  core::Rect verdict;               // between the two queries; narrow in small windows
  core::Rect foot;                  // for Continue: under the hints, or between them where there is no room
  core::Rect references_title, base_title, question;  // lines of text; the question is centred in its line
};
struct QuestionSpace {
  core::Rect place;
  core::Size picture{224, 224};
  int references = 9;
  float scale = 1.0F;        // Dear ImGui units for each design pixel (theme.h)
  float framebuffer = 1.0F;  // framebuffer pixels for each Dear ImGui unit
  // Base and queries at the largest integer scale that fits, else nothing fits. False: any size that fits, so that
  // small windows show something.
  bool whole_pixels = true;
  bool fills = false;  // as large as fits, whatever the scale: for an example
};
QuestionLayout lay_out_question(const QuestionSpace& space);

struct QuestionColours {  // 0xRRGGBB
  std::uint32_t text, label, button, button_hovered, button_text, frame, chosen_button, chosen_text;
};
// White on #747474 with a black frame, as published; and the window's own.
inline constexpr std::uint32_t kPublishedGround = 0x747474;
const QuestionColours& published_colours();
const QuestionColours& window_colours();

enum class QuestionPart { references, base, queries, question, buttons };  // in the order of an explanation

struct QuestionView {
  const study::QuestionPictures* pictures = nullptr;  // null: not loaded yet; the words stand there already
  std::string_view references_title, base_title, question, more_confident;
  const QuestionColours* colours = nullptr;
  std::optional<int> chosen;                      // framed; the buttons are locked
  bool answerable = false;                        // keys and buttons answer
  QuestionPart shown_to = QuestionPart::buttons;  // this part and those before it are drawn
};
struct QuestionAnswer {
  int button = 0;  // 0 … 5, left to right
  bool by_key = false;
};
// The answer of this frame, if there is one: on the press of a mouse button or of s d f j k l, not on its release.
std::optional<QuestionAnswer> draw_question(Textures& textures, const QuestionLayout& layout, const QuestionView& view);

// The ImGui key of a button: s d f and j k l, by position.
ImGuiKey key_of_answer(int button);

}  // namespace ui

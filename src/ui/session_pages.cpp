// The pages of a session around its trials: welcome, instructions with an example, full screen, practice again, start,
// the slider, the comment, the end.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/session_parts.h"
#include "ui/theme.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr float kPageText = 19;
constexpr float kButtonHeight = 36, kButtonWidth = 130;
constexpr std::uint32_t kInk = 0xffffff;
constexpr int kSliderEnd = 100;
constexpr std::size_t kMostComment = 8000;

struct Run {  // of letters in one font
  std::string text;
  bool strong = false;
};
using Word = std::vector<Run>;

ImFont* font_of(bool strong) {
  ImFont* font = strong ? fonts().strong : fonts().text;
  return font != nullptr ? font : ImGui::GetFont();
}

float width_of(const Word& word, float size) {
  float width = 0;
  for (const Run& run : word) {
    const char* begin = run.text.c_str();
    width += font_of(run.strong)->CalcTextSizeA(size, FLT_MAX, 0.0F, begin, begin + run.text.size()).x;
  }
  return width;
}

// One line's words; `strong` goes on over the ends of words and lines.
std::vector<Word> words_of(std::string_view line, bool& strong) {
  std::vector<Word> words(1);
  for (const char c : line) {
    if (c == '*') {
      strong = !strong;
    } else if (c == ' ') {
      words.emplace_back();
    } else {
      if (words.back().empty() || words.back().back().strong != strong) words.back().push_back({"", strong});
      words.back().back().text += c;
    }
  }
  return words;
}

void draw_line(ImDrawList* list, const std::vector<Word>& words, ImVec2 at, float size, float space,
               std::uint32_t rgb) {
  for (const Word& word : words) {
    for (const Run& run : word) {
      const char* begin = run.text.c_str();
      list->AddText(font_of(run.strong), size, at, colour(rgb), begin, begin + run.text.size());
      at.x += width_of({run}, size);
    }
    at.x += space;
  }
}

core::Rect button_place(const core::Rect& page, float centre_x) {
  const float width = px(kButtonWidth), height = px(kButtonHeight);
  const float x = std::floor(centre_x - width / 2), y = page.max.y - px(24) - height;
  return {{x, y}, {x + width, y + height}};
}

float middle_of(const core::Rect& place) {
  return (place.min.x + place.max.x) / 2;
}

QuestionPart part_of(study::Shows shows) {
  switch (shows) {
    case study::Shows::base:
      return QuestionPart::base;
    case study::Shows::queries:
      return QuestionPart::queries;
    case study::Shows::question:
      return QuestionPart::question;
    case study::Shows::buttons:
    case study::Shows::answered:
      return QuestionPart::buttons;
    default:
      return QuestionPart::references;
  }
}

// The screen of a trial, small, as far as this page explains it; the answer on it is always the same one.
void draw_example(View& view, Session& session, const core::Rect& place, study::Shows shows) {
  const study::QuestionPictures* pictures = present_pictures(session, view.in);
  if (pictures == nullptr || pictures->base.empty()) return;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRect({place.min.x, place.min.y}, {place.max.x, place.max.y}, colour(0x000000), 0.0F, px(2));
  QuestionSpace space = session_question_space(session);
  space.place = {{place.min.x + px(16), place.min.y + px(12)}, {place.max.x - px(16), place.max.y - px(10)}};
  space.fills = true;
  space.references = static_cast<int>(pictures->references.size());
  QuestionView question;
  question.pictures = pictures;
  question.references_title = session.texts.references_title;
  question.base_title = study::base_title_for(session.texts, session.run->condition());
  question.question = session.texts.question;
  question.more_confident = session.texts.more_confident;
  question.colours = &published_colours();
  question.shown_to = part_of(shows);
  if (shows == study::Shows::answered) question.chosen = 1;
  static_cast<void>(draw_question(view.textures, lay_out_question(space), question));
}

void draw_instructions(View& view, Session& session, const core::Rect& page) {
  const auto& shown = session.instructions[static_cast<std::size_t>(session.run->instruction())];
  if (shown.shows == study::Shows::nothing) {
    const core::Rect middle{{page.min.x, page.min.y + page.height() * 0.36F}, page.max};
    draw_centred(ImGui::GetWindowDrawList(), middle, shown.text, kPageText, kInk);
    return;
  }
  const core::Rect top{{page.min.x + px(20), page.min.y + px(12)}, {page.max.x - px(20), page.max.y}};
  draw_centred(ImGui::GetWindowDrawList(), top, shown.text, kPageText, kInk);
  // The example keeps its place whatever the text is.
  const float height = page.height() - px(110) - px(kButtonHeight + 48);
  const float width = std::min(page.width() - px(60), height * 1.75F);
  const float x = middle_of(page) - width / 2;
  draw_example(view, session, {{x, page.min.y + px(110)}, {x + width, page.min.y + px(110) + height}}, shown.shows);
}

int slider_value_at(float x, float left, float width) {
  const float share = std::clamp((x - left) / width, 0.0F, 1.0F);
  return static_cast<int>(std::lround(share * 2 * kSliderEnd)) - kSliderEnd;
}

// No knob before the first touch: where it stood would be an answer already.
void draw_slider(Session& session, const core::Rect& page) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float width = std::min(page.width() - px(120), px(560));
  const float x = middle_of(page) - width / 2, y = page.min.y + page.height() * 0.46F;
  draw_centred(list, {{page.min.x, y - px(90)}, page.max}, session.texts.intuitiveness, kPageText, kInk);
  ImGui::SetCursorScreenPos({x - px(12), y - px(16)});
  ImGui::InvisibleButton("intuitiveness", {width + px(24), px(32)});
  const std::optional<int> before = session.run->intuitiveness();
  if (ImGui::IsItemActive())
    static_cast<void>(set_intuitiveness(session, slider_value_at(ImGui::GetIO().MousePos.x, x, width)));
  for (const auto& [key, by] : {std::pair{ImGuiKey_LeftArrow, -1}, std::pair{ImGuiKey_RightArrow, 1}})
    if (ImGui::IsKeyPressed(key))
      static_cast<void>(set_intuitiveness(session, before.value_or(0) + by * (ImGui::GetIO().KeyShift ? 10 : 1)));
  list->AddRectFilled({x, y - px(2)}, {x + width, y + px(2)}, colour(kInk, 0.6F), px(2));
  list->AddRectFilled({x + width / 2 - px(1), y - px(8)}, {x + width / 2 + px(1), y + px(8)}, colour(kInk, 0.6F));
  if (const std::optional<int> value = session.run->intuitiveness()) {
    const float share = static_cast<float>(*value + kSliderEnd) / (2.0F * kSliderEnd);
    list->AddCircleFilled({x + share * width, y}, px(10), colour(0x000000));
    list->AddCircleFilled({x + share * width, y}, px(8), colour(kInk));
    const core::Rect over{{x + share * width - px(40), y - px(40)}, {x + share * width + px(40), y}};
    draw_centred(list, over, (*value > 0 ? "+" : "") + std::to_string(*value), 15, kInk);
  }
  draw_centred(list, {{x - px(110), y + px(18)}, {x + px(110), page.max.y}}, session.texts.intuitiveness_low, 15, kInk);
  draw_centred(list, {{x + width - px(110), y + px(18)}, {x + width + px(110), page.max.y}},
               session.texts.intuitiveness_high, 15, kInk);
}

void draw_comment(Session& session, const core::Rect& page) {
  const float width = std::min(page.width() - px(120), px(640)), height = px(180);
  const float x = middle_of(page) - width / 2, y = page.min.y + page.height() * 0.34F;
  draw_centred(ImGui::GetWindowDrawList(), {{page.min.x, y - px(60)}, page.max}, session.texts.comment, kPageText,
               kInk);
  std::vector<char>& text = session.comment_text;
  if (text.empty()) {  // room for all that may be typed; it ends with a zero wherever it ends
    text.assign(kMostComment, '\0');
    session.run->comment().copy(text.data(), kMostComment - 1);
  }
  ImGui::SetCursorScreenPos({x, y});
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colour(0xffffff));
  ImGui::PushStyleColor(ImGuiCol_Text, colour(0x1c1c1c));
  const ScopedFont font(fonts().text, 15);
  if (ImGui::InputTextMultiline("##comment", text.data(), text.size(), {width, height}))
    static_cast<void>(set_comment(session, text.data()));
  ImGui::PopStyleColor(2);
  draw_centred(ImGui::GetWindowDrawList(), {{page.min.x, y + height + px(10)}, page.max},
               "*Ctrl + Enter* goes on; *Enter* begins a new line.", 13, kInk);
}

const std::string& words_of_page(const Session& session) {
  switch (session.run->page()) {
    case study::RunPage::welcome:
      return session.texts.welcome;
    case study::RunPage::full_screen:
      return session.texts.full_screen;
    case study::RunPage::practice_again:
      return session.texts.practice_again;
    case study::RunPage::start:
      return session.texts.start;
    default:
      return session.texts.end;
  }
}

void draw_end(View& view, Session& session, const core::Rect& middle) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (!is_over(session, view.in)) {
    draw_centred(list, middle, "Saving your answers …", kPageText, kInk);
    return;
  }
  const float height = draw_centred(list, middle, session.texts.end, kPageText, kInk);
  draw_centred(list, {{middle.min.x, middle.min.y + height + px(16)}, middle.max}, "The Enter key closes this window.",
               15, kInk);
}

void draw_words(View& view, Session& session, const core::Rect& page) {
  const core::Rect middle{{page.min.x + px(40), page.min.y + page.height() * 0.36F}, {page.max.x - px(40), page.max.y}};
  if (session.run->page() == study::RunPage::end) return draw_end(view, session, middle);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float height = draw_centred(list, middle, words_of_page(session), kPageText, kInk);
  if (session.run->page() != study::RunPage::welcome) return;
  // Not part of the editable texts: whoever sits here must be able to leave.
  std::string leave =
      "You may stop at any time: press *Ctrl + Shift + Q* twice. What you have answered until then is kept.";
  if (session.resumed) leave = "The session goes on where it was interrupted, after the instructions.\n" + leave;
  draw_centred(list, {{middle.min.x, middle.min.y + height + px(28)}, middle.max}, leave, 15, kInk);
}

}  // namespace

float draw_centred(ImDrawList* list, const core::Rect& place, std::string_view words, float size, std::uint32_t rgb) {
  const float size_units = px(size);
  const float line_height = std::round(size_units * 1.45F);
  const float space = font_of(false)->CalcTextSizeA(size_units, FLT_MAX, 0.0F, " ").x;
  float y = place.min.y;
  bool strong = false;
  const auto end_line = [&](std::vector<Word>& line, float width) {
    const float x = std::round(place.min.x + (place.width() - width) / 2);
    if (list != nullptr) draw_line(list, line, {x, std::round(y)}, size_units, space, rgb);
    line.clear();
    y += line_height;
  };
  while (true) {
    const std::size_t stop = words.find('\n');
    std::vector<Word> line;
    float width = 0;
    for (Word& word : words_of(words.substr(0, stop), strong)) {
      const float wide = width_of(word, size_units);
      if (!line.empty() && width + space + wide > place.width()) {
        end_line(line, width);
        width = 0;
      }
      width += (line.empty() ? 0.0F : space) + wide;
      line.push_back(std::move(word));
    }
    end_line(line, width);
    if (stop == std::string_view::npos) break;
    words.remove_prefix(stop + 1);
  }
  return y - place.min.y;
}

bool page_button(const core::Rect& place, const char* label) {
  const QuestionColours& colours = published_colours();
  ImGui::SetCursorScreenPos({place.min.x, place.min.y});
  const bool used = ImGui::InvisibleButton(label, {place.width(), place.height()});
  const std::uint32_t fill = ImGui::IsItemHovered() ? colours.button_hovered : colours.button;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({place.min.x, place.min.y}, {place.max.x, place.max.y}, colour(fill), px(4));
  const ScopedFont font(fonts().text, 15);
  const ImVec2 size = ImGui::CalcTextSize(label, nullptr, true);
  list->AddText({std::floor(middle_of(place) - size.x / 2), std::floor((place.min.y + place.max.y - size.y) / 2)},
                colour(colours.button_text), label);
  return used;
}

bool draw_page(View& view, Session& session) {
  const core::Rect page = session_place();
  switch (session.run->page()) {
    case study::RunPage::instructions:
      draw_instructions(view, session, page);
      break;
    case study::RunPage::intuitiveness:
      draw_slider(session, page);
      break;
    case study::RunPage::comment:
      draw_comment(session, page);
      break;
    default:
      draw_words(view, session, page);
  }
  const float middle = middle_of(page);
  const bool instructs = session.run->page() == study::RunPage::instructions;
  if (session.run->may_go_back() &&
      page_button(button_place(page, middle - px(kButtonWidth / 2 + 6)), session.texts.previous.c_str()))
    static_cast<void>(go_back(session));
  const bool offered = may_go_on(session, view.in, view.frame.now_s);
  const float x = instructs ? middle + px(kButtonWidth / 2 + 6) : middle;
  const std::string& label = instructs ? session.texts.next : session.texts.go_on;
  return offered && page_button(button_place(page, x), label.c_str());
}

}  // namespace ui

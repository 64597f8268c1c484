#include "ui/widgets.h"

#include <algorithm>
#include <cmath>

#include "ui/glossary.h"

namespace ui {
namespace {

const char* end_of(std::string_view words) {
  return words.data() + words.size();
}

// Dear ImGui's CalcTextSize rounds up, which would stretch what is put together from words.
ImVec2 size_of(std::string_view words) {
  return ImGui::GetFont()->CalcTextSizeA(ImGui::GetFontSize(), FLT_MAX, 0.0F, words.data(), end_of(words));
}

// Calls draw(part, strong) for the parts between stars.
template <class Draw>
void for_parts(std::string_view words, Draw draw) {
  bool strong = false;
  while (!words.empty()) {
    const std::size_t star = words.find('*');
    const std::string_view part = words.substr(0, star);
    if (!part.empty()) draw(part, strong);
    if (star == std::string_view::npos) return;
    words.remove_prefix(star + 1);
    strong = !strong;
  }
}

// How much of a word that is wider than a line stands in one: names of files and layers break behind / . _ -, and where
// there is none of those before the end, anywhere.
std::size_t part_of_word(std::string_view word, float width) {
  std::size_t fits = 0, joint = 0;
  for (std::size_t end = 1; end < word.size(); ++end) {
    if ((word[end] & 0xC0) == 0x80) continue;  // inside a character
    if (fits > 0 && words_width(word.substr(0, end)) > width) break;
    fits = end;
    if (std::string_view("/._-").find(word[end - 1]) != std::string_view::npos) joint = end;
  }
  return joint > 0 ? joint : fits > 0 ? fits : word.size();
}

// Breaks words into lines of this width and calls draw(place, part, strong); returns the height.
template <class Draw>
float lay_out(std::string_view words, ImVec2 from, float width, Draw draw) {
  const float line = ImGui::GetFontSize() + px(5);
  const float space = size_of(" ").x;
  ImVec2 at = from;
  bool strong = false;
  while (!words.empty()) {
    const std::size_t stop = words.find_first_of(" \n");
    std::string_view word = words.substr(0, stop);
    const float word_width = words_width(word);
    if (at.x > from.x && at.x + word_width > from.x + width) at = {from.x, at.y + line};
    const bool goes_on = word_width > width && word.size() > 1;
    if (goes_on) word = word.substr(0, part_of_word(word, width));
    std::string_view rest = word;
    for (;;) {
      const std::size_t star = rest.find('*');
      const std::string_view part = rest.substr(0, star);
      if (!part.empty()) draw(at, part, strong);
      at.x += size_of(part).x;
      if (star == std::string_view::npos) break;
      strong = !strong;
      rest.remove_prefix(star + 1);
    }
    if (goes_on) {
      at = {from.x, at.y + line};
      words.remove_prefix(word.size());
      continue;
    }
    if (stop == std::string_view::npos) break;
    at = words[stop] == '\n' ? ImVec2(from.x, at.y + line) : ImVec2(at.x + space, at.y);
    words.remove_prefix(stop + 1);
  }
  return at.y + line - from.y;
}

}  // namespace

// ---- text --------------------------------------------------------------------------------------------------------

void text(std::string_view words, std::uint32_t rgb) {
  ImGui::PushStyleColor(ImGuiCol_Text, colour(rgb));
  ImGui::TextUnformatted(words.data(), end_of(words));
  ImGui::PopStyleColor();
}

float text_width(std::string_view words) {
  return size_of(words).x;
}

void text_right(std::string_view words, std::uint32_t rgb) {
  const float left = ImGui::GetContentRegionAvail().x - text_width(words);
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(0.0F, left));
  text(words, rgb);
}

void heading(std::string_view words, std::string_view term) {
  const ScopedFont font(fonts().text, kHeadingSize);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  // Capitals want air: a tenth of an em between letters, as in print.
  const float track = ImGui::GetFontSize() * 0.08F;
  float x = at.x;
  for (const char letter : words) {
    const char capital = static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
    ImGui::GetWindowDrawList()->AddText({x, at.y}, colour(palette::kLabel), &capital, &capital + 1);
    x += text_width({&capital, 1}) + track;
  }
  ImGui::Dummy({x - at.x, ImGui::GetFontSize() + px(6)});
  if (!term.empty()) explain(term);
}

std::string fitted(std::string_view words, float width) {
  if (text_width(words) <= width) return std::string(words);
  const float room = width - text_width("…");
  std::size_t keep = words.size();
  while (keep > 0 && (text_width(words.substr(0, keep)) > room || (words[keep] & 0xC0) == 0x80)) --keep;
  return std::string(words.substr(0, keep)) + "…";
}

std::string fitted_end(std::string_view words, float width) {
  if (text_width(words) <= width) return std::string(words);
  const float room = width - text_width("…");
  while (!words.empty() && (text_width(words) > room || (words.front() & 0xC0) == 0x80)) words.remove_prefix(1);
  return "…" + std::string(words);
}

float draw_words(ImDrawList* list, ImVec2 at, std::string_view words, std::uint32_t rgb, std::uint32_t strong_rgb) {
  const float from = at.x;
  const float alpha = ImGui::GetStyle().Alpha;
  for_parts(words, [&](std::string_view part, bool strong) {
    list->AddText(at, colour(strong ? strong_rgb : rgb, alpha), part.data(), end_of(part));
    at.x += text_width(part);
  });
  return at.x - from;
}

float words_width(std::string_view words) {
  float width = 0;
  for_parts(words, [&](std::string_view part, bool) { width += text_width(part); });
  return width;
}

float sentence_height(std::string_view words, float width) {
  return lay_out(words, {0, 0}, width, [](ImVec2, std::string_view, bool) {});
}

void sentence(std::string_view words, std::uint32_t rgb) {
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float alpha = ImGui::GetStyle().Alpha;
  const float height = lay_out(words, from, width, [&](ImVec2 at, std::string_view part, bool strong) {
    list->AddText(at, colour(strong ? palette::kStrong : rgb, alpha), part.data(), end_of(part));
  });
  ImGui::Dummy({width, height});
}

void draw_sentence(ImDrawList* list, ImVec2 at, float width, std::string_view words, std::uint32_t rgb) {
  const float alpha = ImGui::GetStyle().Alpha;
  lay_out(words, at, width, [&](ImVec2 place, std::string_view part, bool strong) {
    list->AddText(place, colour(strong ? palette::kStrong : rgb, alpha), part.data(), end_of(part));
  });
}

void tooltip(std::string_view words) {
  if (!ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip | ImGuiHoveredFlags_DelayNormal)) return;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(10), px(8)});
  ImGui::SetNextWindowSize({std::min(px(300), words_width(words) + px(24)), 0});
  if (ImGui::BeginTooltip()) {
    sentence(words, palette::kNormal);
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar();
}

void explain(std::string_view term) {
  if (term.empty()) return;
  tooltip("*" + std::string(term) + "*: " + std::string(meaning_of(term)));
}

// ---- over pictures -----------------------------------------------------------------------------------------------

ImVec2 pill_size(std::string_view words) {
  float width = 0;
  int lines = 0;
  for (;;) {
    const std::size_t stop = words.find('\n');
    width = std::max(width, words_width(words.substr(0, stop)));
    ++lines;
    if (stop == std::string_view::npos) break;
    words.remove_prefix(stop + 1);
  }
  const float line = ImGui::GetFontSize() + px(3);
  return {width + px(16), static_cast<float>(lines) * line + px(7)};
}

ImVec2 pill(ImDrawList* list, ImVec2 at, ImVec2 anchor, std::string_view words, float alpha) {
  const ImVec2 size = pill_size(words);
  const ImVec2 min(std::floor(at.x - anchor.x * size.x), std::floor(at.y - anchor.y * size.y));
  list->AddRectFilled(min, {min.x + size.x, min.y + size.y}, colour(palette::kGround, 0.82F * alpha), px(4));
  const float line = ImGui::GetFontSize() + px(3);
  ImGui::PushStyleVar(ImGuiStyleVar_Alpha, alpha);
  ImVec2 pen(min.x + px(8), min.y + px(4));
  for (;;) {
    const std::size_t stop = words.find('\n');
    draw_words(list, pen, words.substr(0, stop), 0xa3abb8);
    if (stop == std::string_view::npos) break;
    words.remove_prefix(stop + 1);
    pen.y += line;
  }
  ImGui::PopStyleVar();
  return size;
}

void draw_chevron(ImDrawList* list, ImVec2 centre, ImU32 rgba) {
  const float r = px(3.2F);
  list->AddTriangleFilled({centre.x - r, centre.y - r * 0.55F}, {centre.x + r, centre.y - r * 0.55F},
                          {centre.x, centre.y + r * 0.75F}, rgba);
}

void draw_dashes(ImDrawList* list, ImVec2 from, float to_x, ImU32 rgba) {
  const float dash = px(4);
  for (float x = from.x; x < to_x; x += 2 * dash) {
    list->AddLine({x, from.y}, {std::min(x + dash, to_x), from.y}, rgba, px(1));
  }
}

// ---- cards -------------------------------------------------------------------------------------------------------

bool begin_card(const char* name, ImGuiWindowFlags flags) {
  const ImGuiWindowFlags always = ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoBackground |
                                  ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav |
                                  ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoScrollbar;
  const bool visible = ImGui::Begin(name, nullptr, always | flags);
  if (!visible) return false;
  const ImVec2 min = ImGui::GetWindowPos();
  const ImVec2 max(min.x + ImGui::GetWindowSize().x, min.y + ImGui::GetWindowSize().y);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(min, max);
  list->AddRectFilled(min, max, colour(palette::kPanel), px(6));
  list->AddRect(min, max, colour(palette::kLine), px(6), px(1));
  list->PopClipRect();
  return true;
}

bool begin_bare_card(const char* name, ImGuiWindowFlags flags) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  const ImGuiWindowFlags always = ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoBackground |
                                  ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav |
                                  ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoScrollbar;
  const bool visible = ImGui::Begin(name, nullptr, always | flags);
  ImGui::PopStyleVar();
  return visible;
}

void draw_backdrop(float shown, float clear_below) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 min = ImGui::GetWindowPos();
  const ImVec2 max(min.x + ImGui::GetWindowSize().x, min.y + ImGui::GetWindowSize().y);
  list->PushClipRectFullScreen();
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  list->AddRectFilled({0, 0}, {window.x, window.y - clear_below}, colour(palette::kGround, 0.72F * shown));
  list->AddRectFilled(min, max, colour(palette::kPanel, shown), px(8));
  list->AddRect(min, max, colour(palette::kLine, shown), px(8), px(1));
  list->PopClipRect();
}

void end_card() {
  ImGui::End();
}

}  // namespace ui

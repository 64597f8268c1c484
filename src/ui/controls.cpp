// The controls of ui/widgets.h: chips, sliders, choices, list rows.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ui/widgets.h"

namespace ui {
namespace {

enum class Look { plain, chosen, quiet, option, chosen_option };

float control_height() {
  return ImGui::GetFontSize() + px(11);
}

bool draw_button(const char* label, Look look, float width) {
  const char* label_end = label;
  while (*label_end != '\0' && !(label_end[0] == '#' && label_end[1] == '#')) ++label_end;
  const ImVec2 words = ImGui::CalcTextSize(label, label_end);
  const float padding = look == Look::quiet ? px(2) : px(10);
  const ImVec2 size(width > 0 ? width : std::ceil(words.x + 2 * padding), control_height());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool used = ImGui::InvisibleButton(label, size, ImGuiButtonFlags_EnableNav);
  const bool hovered = ImGui::IsItemHovered();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float alpha = ImGui::GetStyle().Alpha;
  std::uint32_t ink = hovered ? palette::kStrong : palette::kNormal;
  if (look == Look::quiet) ink = hovered ? palette::kStrong : palette::kLabel;
  if (look == Look::chosen) ink = palette::kOnAccent;
  if (look == Look::option) ink = hovered ? palette::kStrong : palette::kLabel;
  if (look == Look::chosen_option) ink = palette::kStrong;
  if (look != Look::quiet) {
    const std::uint32_t fill = look == Look::chosen          ? palette::kAccent
                               : look == Look::chosen_option ? palette::kTrack
                               : hovered                     ? palette::kControlHovered
                                                             : palette::kControl;
    list->AddRectFilled(at, {at.x + size.x, at.y + size.y}, colour(fill, alpha), px(4));
  }
  list->AddText({std::floor(at.x + (size.x - words.x) / 2), std::floor(at.y + (size.y - words.y) / 2)},
                colour(ink, alpha), label, label_end);
  return used;
}

// Label left on the present line, leaving the cursor where the value is drawn right.
void row_label(const char* label, std::string_view term) {
  text(label, palette::kNormal);
  explain(term);
  ImGui::SameLine(0, 0);
}

float to_share(float value, const SliderRange& range) {
  if (range.logarithmic) return std::log(value / range.low) / std::log(range.high / range.low);
  return (value - range.low) / (range.high - range.low);
}
float from_share(float share, const SliderRange& range) {
  const float value = range.logarithmic ? range.low * std::pow(range.high / range.low, share)
                                        : range.low + share * (range.high - range.low);
  return range.step > 0 ? std::round(value / range.step) * range.step : value;
}

}  // namespace

float chip_width(const char* label) {
  return std::ceil(ImGui::CalcTextSize(label, nullptr, true).x + px(20));
}

bool chip(const char* label, bool chosen, float width) {
  return draw_button(label, chosen ? Look::chosen : Look::plain, width);
}
bool button(const char* label, float width) {
  return draw_button(label, Look::plain, width);
}
bool option(const char* label, bool chosen) {
  return draw_button(label, chosen ? Look::chosen_option : Look::option, 0) && !chosen;
}
bool quiet_button(const char* label) {
  return draw_button(label, Look::quiet, 0);
}

void flow(float width) {
  ImGui::SameLine(0, px(6));
  if (ImGui::GetContentRegionAvail().x < width) ImGui::NewLine();
}

bool slider(const char* label, std::string_view term, float& value, const SliderRange& range, std::string_view shown) {
  ImGui::PushID(label);
  row_label(label, term);
  text_right(shown, palette::kNormal);
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() - px(2));
  const float width = std::max(px(24), ImGui::GetContentRegionAvail().x);
  const float height = px(16);
  const float knob = px(6.5F);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton("track", {width, height});
  const bool held = ImGui::IsItemActive();
  bool changed = false;
  float wanted = value;
  if (held && ImGui::GetIO().MouseDownDuration[0] >= 0) {
    const float share = (ImGui::GetIO().MousePos.x - at.x - knob) / (width - 2 * knob);
    wanted = std::clamp(from_share(std::clamp(share, 0.0F, 1.0F), range), range.low, range.high);
  }
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) wanted = range.standard;
  if (wanted != value) {
    value = wanted;
    changed = true;
  }
  const float share = std::clamp(to_share(std::clamp(value, range.low, range.high), range), 0.0F, 1.0F);
  const float x = at.x + knob + share * (width - 2 * knob);
  const float y = at.y + height / 2;
  const float thin = px(1.75F);
  const float alpha = ImGui::GetStyle().Alpha;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({at.x, y - thin}, {at.x + width, y + thin}, colour(palette::kTrack, alpha), thin);
  list->AddRectFilled({at.x, y - thin}, {x, y + thin}, colour(palette::kTrackFilled, alpha), thin);
  const bool bright = held || ImGui::IsItemHovered();
  list->AddCircleFilled({x, y}, knob, colour(bright ? palette::kStrong : palette::kKnob, alpha), 32);
  ImGui::PopID();
  return changed;
}

bool choice(const char* label, std::string_view term, const std::vector<std::string>& names, int& chosen) {
  ImGui::PushID(label);
  row_label(label, term);
  const std::string& shown = names[static_cast<std::size_t>(chosen)];
  const float chevron = px(14);
  const float width = text_width(shown) + chevron;
  const float left = ImGui::GetContentRegionAvail().x - width;
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(px(4), left));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  if (ImGui::InvisibleButton("choice", {width, ImGui::GetTextLineHeight()})) ImGui::OpenPopup("names");
  const std::uint32_t ink = ImGui::IsItemHovered() ? palette::kStrong : palette::kNormal;
  ImGui::GetWindowDrawList()->AddText(at, colour(ink, ImGui::GetStyle().Alpha), shown.c_str());
  draw_chevron(ImGui::GetWindowDrawList(), {at.x + width - px(5), at.y + ImGui::GetTextLineHeight() * 0.55F},
               colour(palette::kLabel));
  bool changed = false;
  if (ImGui::BeginPopup("names")) {
    float widest = 0;
    for (const std::string& name : names) widest = std::max(widest, text_width(name));
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!list_row(names[i], "", static_cast<int>(i) == chosen, widest + px(24))) continue;
      changed = chosen != static_cast<int>(i);
      chosen = static_cast<int>(i);
      ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
  }
  ImGui::PopID();
  return changed;
}

bool toggle(const char* label, std::string_view term, bool& on) {
  ImGui::PushID(label);
  row_label(label, term);
  const char* shown = on ? "on" : "off";
  const float width = std::max(text_width("off"), text_width("on"));
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(px(4), ImGui::GetContentRegionAvail().x - width));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool used = ImGui::InvisibleButton("toggle", {width, ImGui::GetTextLineHeight()}, ImGuiButtonFlags_EnableNav);
  const std::uint32_t ink = ImGui::IsItemHovered() ? palette::kStrong : on ? palette::kNormal : palette::kLabel;
  ImGui::GetWindowDrawList()->AddText({at.x + width - text_width(shown), at.y}, colour(ink, ImGui::GetStyle().Alpha),
                                      shown);
  if (used) on = !on;
  ImGui::PopID();
  return used;
}

bool menu_button(const char* label, const char* popup) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = std::ceil(ImGui::CalcTextSize(label, nullptr, true).x + px(34));
  ImGui::PushID(popup);
  const bool used = ImGui::InvisibleButton("menu", {width, control_height()});
  ImGui::PopID();
  const bool hovered = ImGui::IsItemHovered();
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + width, at.y + control_height()},
                      colour(hovered ? palette::kControlHovered : palette::kControl), px(4));
  list->AddText({at.x + px(10), std::floor(at.y + px(5.5F))}, colour(palette::kNormal), label);
  draw_chevron(list, {at.x + width - px(14), at.y + control_height() * 0.52F}, colour(palette::kLabel));
  if (used) ImGui::OpenPopup(popup);
  return used;
}

bool begin_menu(const char* id, float width) {
  ImGui::SetNextWindowSize({px(width), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(8), px(8)});
  const bool open = ImGui::BeginPopup(id);
  ImGui::PopStyleVar();
  return open;
}

bool text_field(const char* id, std::string& text, float width, const char* hint) {
  char buffer[2048];
  std::snprintf(buffer, sizeof buffer, "%s", text.c_str());
  ImGui::SetNextItemWidth(width);
  ImGui::PushStyleColor(ImGuiCol_FrameBg, colour(palette::kControl));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {px(8), px(5)});
  const bool entered = ImGui::InputTextWithHint(id, hint, buffer, sizeof buffer, ImGuiInputTextFlags_EnterReturnsTrue);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  const ImVec2 min = ImGui::GetItemRectMin();
  const ImVec2 max = ImGui::GetItemRectMax();
  const bool active = ImGui::IsItemActive();
  ImGui::GetWindowDrawList()->AddRect(min, max, colour(active ? palette::kTrackFilled : palette::kLine), px(4), px(1));
  text = buffer;
  return entered;
}

bool list_row(std::string_view name, std::string_view note, bool chosen, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float full = width > 0 ? width : ImGui::GetContentRegionAvail().x;
  const float height = ImGui::GetFontSize() + px(10);
  ImGui::PushID(name.data(), name.data() + name.size());
  const bool used = ImGui::InvisibleButton("row", {std::max(full, px(8)), height});
  ImGui::PopID();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 max(at.x + full, at.y + height);
  if (chosen || ImGui::IsItemHovered()) {
    list->AddRectFilled(at, max, colour(chosen ? palette::kLine : palette::kControl), px(4));
  }
  if (chosen) list->AddRectFilled(at, {at.x + px(3), max.y}, colour(palette::kAccent), px(1.5F));
  const float y = std::floor(at.y + px(5));
  const float indent = chosen ? px(11) : px(8);
  const float note_width = note.empty() ? 0 : text_width(note) + px(12);
  const std::string cut = fitted(name, full - indent - px(8) - note_width);
  list->AddText({at.x + indent, y}, colour(chosen ? palette::kStrong : palette::kNormal), cut.c_str());
  if (!note.empty()) {
    list->AddText({max.x - px(8) - text_width(note), y}, colour(chosen ? palette::kNormal : palette::kLabel),
                  note.data(), note.data() + note.size());
  }
  return used;
}

}  // namespace ui

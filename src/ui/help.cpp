// All actions with their keys, over the window.
#include <algorithm>
#include <cmath>

#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace ui {
namespace {

std::vector<std::string_view> groups(Screen screen) {
  std::vector<std::string_view> names;
  for (const Action& action : actions()) {
    if (!acts_on(action, screen) || keys_label(action).empty()) continue;
    if (std::find(names.begin(), names.end(), action.group) == names.end()) names.push_back(action.group);
  }
  return names;
}

bool is_listed(const Action& action, std::string_view group, Screen screen) {
  return action.group == group && acts_on(action, screen) && !keys_label(action).empty();
}

float keys_width(std::string_view group, Screen screen) {
  float keys = px(72);
  for (const Action& action : actions())
    if (is_listed(action, group, screen)) keys = std::max(keys, text_width(keys_label(action)) + px(14));
  return keys;
}

float group_height(std::string_view group, Screen screen, float width) {
  const float room = width - keys_width(group, screen);
  float height = px(36);  // its heading and the space behind it
  for (const Action& action : actions())
    if (is_listed(action, group, screen))
      height += sentence_height(action.help, room) + ImGui::GetStyle().ItemSpacing.y;
  return height;
}

// The tallest first, each to the column that is shortest so far; a column keeps the groups' order.
std::vector<std::vector<std::string_view>> in_columns(std::size_t count, Screen screen, float width) {
  const std::vector<std::string_view> all = groups(screen);
  std::vector<std::pair<float, std::size_t>> tallest;
  for (std::size_t i = 0; i < all.size(); ++i) tallest.emplace_back(-group_height(all[i], screen, width), i);
  std::ranges::sort(tallest);
  std::vector<std::vector<std::size_t>> chosen(count);
  std::vector<float> heights(count, 0.0F);
  for (const auto& [height, group] : tallest) {
    const auto shortest = static_cast<std::size_t>(std::ranges::min_element(heights) - heights.begin());
    chosen[shortest].push_back(group);
    heights[shortest] -= height;
  }
  for (std::vector<std::size_t>& column : chosen) std::ranges::sort(column);
  std::ranges::sort(chosen, {}, [&](const auto& column) { return column.empty() ? all.size() : column.front(); });
  std::vector<std::vector<std::string_view>> columns(count);
  for (std::size_t c = 0; c < count; ++c)
    for (const std::size_t group : chosen[c]) columns[c].push_back(all[group]);
  return columns;
}

void draw_group(std::string_view group, Screen screen) {
  heading(group);
  const float keys = keys_width(group, screen);
  for (const Action& action : actions()) {
    const std::string label = keys_label(action);
    if (!is_listed(action, group, screen)) continue;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddText(at, colour(palette::kStrong, ImGui::GetStyle().Alpha), label.c_str());
    const float room = ImGui::GetContentRegionAvail().x - keys;
    draw_sentence(list, {at.x + keys, at.y}, room, action.help, palette::kNormal);
    ImGui::Dummy({keys + room, sentence_height(action.help, room)});
  }
  ImGui::Dummy({0, px(8)});
}

}  // namespace

void draw_help(View& view) {
  Standing& standing = view.workspace.standing;
  const std::uint32_t id = ImGui::GetID("##help");
  if (!standing.help_open) {
    forget_motion(view.workspace, id);
    return;
  }
  const float shown = eased_from(view.workspace, id, 0.0F, 1.0F, view.frame.dt_s);
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const float width = std::min(px(1100), window.x - px(48));
  const float height = std::min(px(600), window.y - px(48));
  ImGui::SetNextWindowPos({std::floor((window.x - width) / 2), std::floor((window.y - height) / 2)});
  ImGui::SetNextWindowSize({width, height});
  ImGui::SetNextWindowFocus();
  ImGui::PushStyleVar(ImGuiStyleVar_Alpha, shown);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(24), px(20)});
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                                 ImGuiWindowFlags_NoDocking | ImGuiWindowFlags_NoBackground;
  bool hovered = false;
  if (ImGui::Begin("##help", nullptr, flags)) {
    draw_backdrop(shown);
    hovered = ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows);
    {
      const ScopedFont font(fonts().strong, 16);
      text("Keys", palette::kStrong);
    }
    sentence(
        "Everything else is reached by */* and its name. Hold *V* for the picture alone. Words explain themselves "
        "when pointed at.");
    ImGui::Dummy({0, px(10)});
    const int columns = width > px(700) ? 3 : 2;
    const float column = std::floor((ImGui::GetContentRegionAvail().x - px(24) * static_cast<float>(columns - 1)) /
                                    static_cast<float>(columns));
    std::vector<std::vector<std::string_view>> columns_of =
        in_columns(static_cast<std::size_t>(columns), view.workspace.screen, column);
    for (std::size_t c = 0; c < columns_of.size(); ++c) {
      if (c > 0) ImGui::SameLine(0, px(24));
      ImGui::PushID(static_cast<int>(c));
      if (ImGui::BeginChild("column", {column, 0})) {
        for (const std::string_view group : columns_of[c]) draw_group(group, view.workspace.screen);
      }
      ImGui::EndChild();
      ImGui::PopID();
    }
  }
  ImGui::End();
  ImGui::PopStyleVar(2);
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !hovered && shown > 0.5F) standing.help_open = false;
}

}  // namespace ui

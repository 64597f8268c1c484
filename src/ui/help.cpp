// All actions with their keys, over the window.
#include <algorithm>
#include <cmath>

#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace ui {
namespace {

std::vector<std::string_view> groups() {
  std::vector<std::string_view> names;
  for (const Action& action : actions()) {
    if (std::find(names.begin(), names.end(), action.group) == names.end()) names.push_back(action.group);
  }
  return names;
}

void draw_group(std::string_view group) {
  heading(group);
  const float keys = px(96);
  for (const Action& action : actions()) {
    const std::string label = keys_label(action);
    if (action.group != group || label.empty()) continue;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddText(at, colour(palette::kStrong), fitted(label, keys - px(8)).c_str());
    const float room = ImGui::GetContentRegionAvail().x - keys;
    const std::string name = fitted(action.name, room);
    ImGui::GetWindowDrawList()->AddText({at.x + keys, at.y}, colour(palette::kNormal), name.c_str());
    ImGui::Dummy({keys + room, ImGui::GetFontSize() + px(5)});
    tooltip(action.help);
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
  const float width = std::min(px(860), window.x - px(48));
  const float height = std::min(px(520), window.y - px(48));
  ImGui::SetNextWindowPos({std::floor((window.x - width) / 2), std::floor((window.y - height) / 2)});
  ImGui::SetNextWindowSize({width, height});
  ImGui::SetNextWindowFocus();
  ImGui::PushStyleVar(ImGuiStyleVar_Alpha, shown);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(24), px(20)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, px(1));
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoDocking;
  bool hovered = false;
  if (ImGui::Begin("##help", nullptr, flags)) {
    hovered = ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows);
    {
      const ScopedFont font(fonts().strong, 16);
      text("Keys", palette::kStrong);
    }
    sentence("Everything else is reached by */* and its name. Hold *V* for the picture alone. Words explain themselves "
             "when pointed at.");
    ImGui::Dummy({0, px(10)});
    const int columns = width > px(700) ? 3 : 2;
    const float column = std::floor((ImGui::GetContentRegionAvail().x - px(24) * static_cast<float>(columns - 1)) /
                                    static_cast<float>(columns));
    // Groups fill the columns in order, so that each column is about as long as the others.
    const std::vector<std::string_view> names = groups();
    std::vector<std::vector<std::string_view>> columns_of(static_cast<std::size_t>(columns));
    for (std::size_t i = 0; i < names.size(); ++i) columns_of[i % columns_of.size()].push_back(names[i]);
    for (std::size_t c = 0; c < columns_of.size(); ++c) {
      if (c > 0) ImGui::SameLine(0, px(24));
      ImGui::PushID(static_cast<int>(c));
      if (ImGui::BeginChild("column", {column, 0})) {
        for (const std::string_view group : columns_of[c]) draw_group(group);
      }
      ImGui::EndChild();
      ImGui::PopID();
    }
  }
  ImGui::End();
  ImGui::PopStyleVar(3);
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !hovered && shown > 0.5F) standing.help_open = false;
}

}  // namespace ui

// The top bar: the product's name, the model, the pictures, the search box that reaches everything and the ways of
// working; and the status line at the bottom.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ui/choice.h"
#include "ui/panels.h"
#include "ui/practice_words.h"
#include "ui/search.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr std::size_t kSuggestions = 10;
constexpr float kBarHeight = 24;

// Puts the beginning of a command into the search box.
void begin_command(Workspace& workspace, const char* command) {
  workspace.standing.search_text = command;
  workspace.standing.search_open = true;
  workspace.standing.focus_search = true;
}

void draw_skipped(const std::vector<engine::SkippedEntry>& skipped) {
  if (skipped.empty()) return;
  ImGui::Dummy({0, px(4)});
  heading(thousands(static_cast<long long>(skipped.size())) +
          (skipped.size() == 1 ? " file skipped" : " files skipped"));
  const float height = std::min(px(140), static_cast<float>(skipped.size()) * px(44));
  if (ImGui::BeginChild("skipped", {0, height})) {
    for (const engine::SkippedEntry& entry : skipped) {
      sentence("*" + entry.name + "* " + entry.reason.why);
    }
  }
  ImGui::EndChild();
}

void draw_pictures_menu(View& view) {
  const auto& collection = view.in.collection;
  if (!begin_menu("pictures", 340)) return;
  if (collection && collection->error) sentence(collection->error->sentence(), palette::kWrong);
  if (collection && !collection->error) {
    text(collection->name, palette::kStrong);
    sentence("*" + thousands(static_cast<long long>(collection->pictures.size())) + "* pictures in " +
             collection->folder.string());
    const float row = ImGui::GetFontSize() + px(14);
    const float height = std::min(px(300), row * static_cast<float>(collection->pictures.size()));
    if (ImGui::BeginChild("names", {0, height})) {
      ImGuiListClipper clipper;
      clipper.Begin(static_cast<int>(collection->pictures.size()));
      while (clipper.Step()) {
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
          const engine::PictureEntry& picture = collection->pictures[static_cast<std::size_t>(i)];
          ImGui::PushID(i);
          if (list_row(picture.name, picture.label, picture.path == view.workspace.chosen.picture)) {
            choose_picture(view.workspace, picture.path);
          }
          ImGui::PopID();
        }
      }
    }
    ImGui::EndChild();
    draw_skipped(collection->skipped);
  }
  ImGui::Dummy({0, px(4)});
  if (list_row("Open a folder…", "or drop it here", false)) begin_command(view.workspace, "open folder ");
  ImGui::EndPopup();
}

void choose_suggestion(View& view, const Suggestion& suggestion) {
  Standing& standing = view.workspace.standing;
  if (suggestion.command.empty()) {
    standing.search_text = suggestion.name + " ";
    standing.focus_search = true;
    return;
  }
  const base::Status status = perform(view.workspace, view.in, view.out, suggestion.command);
  if (!status) {
    notify(view.workspace, status.error().sentence(), true, view.frame.now_s);
    return;
  }
  standing.search_open = false;
  standing.search_text.clear();
}

// Keeps the text's end in place when the box is filled from outside, and walks the suggestions with the arrows.
int on_search_key(ImGuiInputTextCallbackData* data) {
  auto* standing = static_cast<Standing*>(data->UserData);
  if (data->EventFlag == ImGuiInputTextFlags_CallbackHistory) {
    standing->search_chosen += data->EventKey == ImGuiKey_DownArrow ? 1 : -1;
  }
  return 0;
}

void draw_search_field(View& view, float width) {
  Standing& standing = view.workspace.standing;
  char buffer[256];
  std::snprintf(buffer, sizeof buffer, "%s", standing.search_text.c_str());
  if (standing.focus_search) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(width);
  ImGui::PushItemFlag(ImGuiItemFlags_NoTabStop, true);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {px(12), px(5)});
  const ImGuiInputTextFlags flags = ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CallbackHistory;
  const bool entered = ImGui::InputText("##search", buffer, sizeof buffer, flags, on_search_key, &standing);
  ImGui::PopStyleVar();
  ImGui::PopItemFlag();
  if (standing.search_text != buffer) standing.search_chosen = 0;
  standing.search_text = buffer;
  const bool active = ImGui::IsItemActive();
  if (active) standing.focus_search = false;
  if (ImGui::IsItemActivated()) standing.search_open = true;
  if (entered) {
    const std::vector<Suggestion> found = suggestions(standing.search_text, view.in, kSuggestions);
    const auto chosen = static_cast<std::size_t>(std::max(0, standing.search_chosen));
    if (chosen < found.size()) {
      choose_suggestion(view, found[chosen]);
    } else {
      notify(view.workspace, understood_as(standing.search_text, view.in), true, view.frame.now_s);
    }
  } else if (ImGui::IsItemDeactivated() && ImGui::IsKeyPressed(ImGuiKey_Escape)) {
    standing.search_open = false;
    standing.search_text.clear();
  }
}

// At rest the box shows the chosen unit in both its names.
void draw_search(View& view, float x, float width) {
  Standing& standing = view.workspace.standing;
  const float height = px(kBarHeight + 4);
  ImGui::SetCursorPos({x, px(5)});
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 max(at.x + width, at.y + height);
  list->AddRectFilled(at, max, colour(palette::kPanel), px(5));
  list->AddRect(at, max, colour(standing.search_open ? palette::kTrackFilled : palette::kLine), px(5), px(1));
  if (standing.search_open) {
    ImGui::SetCursorPos({x, px(6)});
    draw_search_field(view, width);
    return;
  }
  if (ImGui::InvisibleButton("search", {width, height})) {
    standing.search_open = true;
    standing.focus_search = true;
    standing.search_text.clear();
    standing.search_chosen = 0;
  }
  tooltip("Find a *unit* by any of its names, a layer, a picture, or anything the window can do.");
  const float y = std::floor(at.y + (height - ImGui::GetFontSize()) / 2);
  const float right = max.x - px(20);
  list->AddText({right, y}, colour(palette::kLabel), "/");
  if (!view.workspace.chosen.unit) {
    list->AddText({at.x + px(12), y}, colour(palette::kLabel), "Find a unit, a layer, a picture, a command");
    return;
  }
  const std::string name = fitted_end(spoken_name(view.in.model, *view.workspace.chosen.unit), right - at.x - px(20));
  list->AddText({at.x + px(12), y}, colour(palette::kStrong), name.c_str());
  const float after = at.x + px(12) + text_width(name) + px(10);
  const auto& model = view.in.model;
  if (!model || model->error || !model->describe) return;
  const std::string described = model->describe(*view.workspace.chosen.unit);
  if (!described.empty()) {
    list->AddText({after, y}, colour(palette::kLabel), fitted("= " + described, right - px(8) - after).c_str());
  }
}

// The ways of working, up to `right`. Returns where they begin.
float draw_screens(View& view, float right) {
  constexpr std::pair<const char*, const char*> kScreens[] = {
      {"Explore", "One unit, one picture, one square: *what changes?*"},
      {"Practice", "Which of two squares leaves the unit more active? *Guess, then see* (P)."},
      {"Analyse", "What do the answers of people, pilots and observers say? *Drop a folder of sessions.*"}};
  const float gap = px(6);
  float left = right + gap;
  for (const auto& [name, meaning] : kScreens) left -= chip_width(name) + gap;
  ImGui::SetCursorPos({left, px(6)});
  for (std::size_t i = 0; i < std::size(kScreens); ++i) {
    const auto screen = static_cast<Screen>(i);
    if (i > 0) ImGui::SameLine(0, gap);
    if (chip(kScreens[i].first, view.workspace.screen == screen)) go_to(view.workspace, screen);
    tooltip(kScreens[i].second);
  }
  return left;
}

}  // namespace

void draw_top_bar(View& view) {
  const float width = ImGui::GetWindowWidth();
  ImGui::SetCursorPos({px(16), px(9)});
  {
    const ScopedFont font(fonts().strong, 15);
    text("unitscope", palette::kStrong);
  }
  const float menus = px(116);
  ImGui::SetCursorPos({menus, px(6)});
  const auto& model = view.in.model;
  const std::string opening = opening_words(view.workspace, false);
  const std::string model_name = !opening.empty()         ? opening
                                 : model && !model->error ? model->name
                                 : model                  ? "no model"
                                                          : "Opening…";
  const float room = std::max(px(60), (width - px(116 + 396 + 250)) / 2 - px(40));
  menu_button(fitted(model_name, std::max(px(90), room)).c_str(), "model");
  draw_model_menu(view);
  ImGui::SameLine(0, px(8));
  ImGui::SetCursorPosY(px(6));
  const auto& collection = view.in.collection;
  const std::string pictures = collection && !collection->error ? collection->name : "pictures";
  menu_button(fitted(pictures, std::max(px(90), room)).c_str(), "pictures");
  draw_pictures_menu(view);
  ImGui::SameLine(0, 0);
  const float left = ImGui::GetCursorPosX() + px(12);

  const float search_right = draw_screens(view, width - px(16)) - px(12);
  const float search_width = std::clamp(search_right - left, px(120), px(520));
  const float centred = (width - search_width) / 2;
  draw_search(view, std::clamp(centred, left, std::max(left, search_right - search_width)), search_width);
}

void draw_suggestions(View& view) {
  Standing& standing = view.workspace.standing;
  if (standing.panels_hidden) standing.search_open = false;
  if (!standing.search_open) return;
  const std::vector<Suggestion> found = suggestions(standing.search_text, view.in, kSuggestions);
  standing.search_chosen = std::clamp(standing.search_chosen, 0, std::max(0, static_cast<int>(found.size()) - 1));
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const float width = std::min(px(560), window.x - px(24));
  ImGui::SetNextWindowPos({std::floor((window.x - width) / 2), px(38)});
  ImGui::SetNextWindowSize({width, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(8), px(8)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, px(1));
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoSavedSettings |
                                 ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoDocking;
  bool used = false;
  bool hovered = false;
  if (ImGui::Begin("##suggestions", nullptr, flags)) {
    hovered = ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    for (std::size_t i = 0; i < found.size(); ++i) {
      ImGui::PushID(static_cast<int>(i));
      const float note = std::max(px(60), ImGui::GetContentRegionAvail().x - text_width(found[i].name) - px(48));
      if (list_row(found[i].name, fitted(found[i].note, note), static_cast<int>(i) == standing.search_chosen)) {
        choose_suggestion(view, found[i]);
        used = true;
      }
      ImGui::PopID();
    }
    ImGui::PopStyleVar();
    // How a name was read, or why it was not, where the row above has no room for it.
    const std::string understood = understood_as(standing.search_text, view.in);
    const bool is_read = understood.starts_with("= ");
    const bool names_unit = standing.search_text.find(':') != std::string::npos;
    const bool is_cut = is_read && text_width(understood) > 0.55F * ImGui::GetContentRegionAvail().x;
    if (found.empty() || is_cut || (names_unit && !is_read)) sentence(understood, palette::kLabel);
  }
  ImGui::End();
  ImGui::PopStyleVar(2);
  // A click elsewhere closes it.
  const bool elsewhere =
      ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !hovered && !used && ImGui::GetIO().MousePos.y > px(38);
  if (elsewhere) {
    standing.search_open = false;
    standing.search_text.clear();
  }
}

void draw_status_line(View& view) {
  const float width = ImGui::GetWindowWidth();
  const float y = ImGui::GetWindowHeight() - px(34) + px(10);
  const Standing& standing = view.workspace.standing;
  const ImVec2 origin = ImGui::GetWindowPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  std::string right;
  const auto add = [&right](const std::string& part) { right += (right.empty() ? "" : " · ") + part; };
  char number_text[48];
  if (view.frame.drag_ms > 0) {
    std::snprintf(number_text, sizeof number_text, "drag %.0f ms", view.frame.drag_ms);
    add(number_text);
  }
  const Screen screen = view.workspace.screen;
  const bool exploring = screen == Screen::explore || screen == Screen::graph || screen == Screen::beside;
  if (exploring && view.in.sweep && !view.in.sweep->error && view.in.sweep->sweep.map.complete_stride_px > 0) {
    const core::OcclusionMap& map = view.in.sweep->sweep.map;
    add("map " + grid(core::positions_along(map.picture.height_px, map.side_px, map.complete_stride_px),
                      core::positions_along(map.picture.width_px, map.side_px, map.complete_stride_px)));
  }
  if (view.frame.frames_per_s > 0) {
    std::snprintf(number_text, sizeof number_text, "%.0f fps", view.frame.frames_per_s);
    add(number_text);
  }
  add("*?* keys");
  const float right_width = words_width(right);
  draw_words(list, {origin.x + width - px(16) - right_width, origin.y + y}, right, palette::kLabel, palette::kNormal);

  const float room = width - px(56) - right_width;
  const bool notice = !standing.notice.empty() && view.frame.now_s < standing.notice_until_s;
  std::string left = notice                                     ? standing.notice
                     : exploring                                ? status_sentence(view.workspace, view.in)
                     : view.workspace.screen == Screen::analyse ? analysis_status(view.in)
                                                                : practice_status(view.workspace, view.in);
  // Parts are left out from the end rather than cut.
  while (words_width(left) > room && left.rfind(" · ") != std::string::npos && !notice) {
    left.resize(left.rfind(" · "));
  }
  if (notice && words_width(left) > room) left = fitted(left, room);
  const std::uint32_t ink = !notice ? palette::kLabel : standing.notice_is_error ? palette::kWrong : palette::kNormal;
  draw_words(list, {origin.x + px(16), origin.y + y}, left, ink);
  if (notice) {
    ImGui::SetCursorScreenPos({origin.x + px(16), origin.y + y - px(4)});
    ImGui::Dummy({room, px(22)});
    tooltip(standing.notice);
  }
}

}  // namespace ui

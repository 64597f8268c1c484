// The model's menu in the top bar, and the box in which the path of another one is typed.
#include <algorithm>
#include <cmath>

#include "ui/choice.h"
#include "ui/panels.h"
#include "ui/widgets.h"

namespace ui {
namespace {

namespace fs = std::filesystem;

void gap() {
  ImGui::Dummy({0, px(4)});
}

void draw_open_model(const engine::ModelPointer& model) {
  if (!model) return sentence("Opening the model…");
  if (model->error) return sentence(model->error->sentence(), palette::kWrong);
  text(model->name, palette::kStrong);
  sentence("*" + std::to_string(model->layers.size()) + "* layers, " +
           (model->labels > 0 ? "*" + std::to_string(model->labels) + "* classes. " : "no labels of classes. ") +
           model->made_by);
  sentence(model->path.string());
}

// "resnet50.onnx", and right the folder that it lies in.
bool recent_row(const std::string& path, bool chosen) {
  const fs::path file(path);
  const std::string name = file.filename().string();
  ImGui::PushID(path.c_str());
  const float room = ImGui::GetContentRegionAvail().x - text_width(name) - px(48);
  const bool used = list_row(name, fitted(file.parent_path().filename().string(), std::max(px(40), room)), chosen);
  tooltip(path);
  ImGui::PopID();
  return used;
}

}  // namespace

void draw_model_choices(View& view, bool beside) {
  Opening& opening = view.workspace.opening;
  const engine::ModelPointer& model = beside ? view.in.beside.model : view.in.model;
  const fs::path present = model && !model->error ? model->path : fs::path();
  const auto open = [&](const fs::path& path) {
    open_model(view.workspace, view.in, view.out, path, beside);
    ImGui::CloseCurrentPopup();
  };
  if (ImGui::IsWindowAppearing()) opening.told_to_fetch = false;
  if (list_row("inception-mini", "comes with unitscope", present == opening.embedded)) open(opening.embedded);
  if (list_row("InceptionV1 (Lucid's)", "of the papers", present == opening.lucid)) {
    const base::Status opened = open_lucid(view.workspace, view.in, view.out, beside);
    opening.told_to_fetch = !opened.ok();
    if (opened) ImGui::CloseCurrentPopup();
  }
  if (opening.told_to_fetch) {
    sentence("It is not in " + opening.lucid.parent_path().string() +
             " yet: *scripts/fetch_models.sh inception-v1* fetches it once.");
    gap();
  }
  for (const std::string& path : std::vector<std::string>(view.workspace.preferences.recent_models))
    if (recent_row(path, !present.empty() && fs::absolute(present).lexically_normal() == path)) open(path);
  if (list_row("Open a file…", beside ? "or type its path" : "Ctrl O · or drop it here", false)) {
    open_path_box(view.workspace, beside);
    ImGui::CloseCurrentPopup();
  }
}

void draw_model_menu(View& view) {
  if (!begin_menu("model", 340)) return;
  draw_open_model(view.in.model);
  gap();
  if (list_row("Its layers as a graph", "W", false)) {
    go_to(view.workspace, Screen::graph);
    ImGui::CloseCurrentPopup();
  }
  if (list_row("Beside another model", "X", false)) {
    go_to(view.workspace, Screen::beside);
    ImGui::CloseCurrentPopup();
  }
  gap();
  heading("open");
  draw_model_choices(view, false);
  ImGui::EndPopup();
}

void draw_path_box(View& view) {
  PathBox& box = view.workspace.opening.box;
  if (!box.open) return;
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const float width = std::min(px(560), window.x - px(24));
  ImGui::SetNextWindowPos({std::floor((window.x - width) / 2), px(46)});
  ImGui::SetNextWindowSize({width, 0});
  ImGui::SetNextWindowFocus();
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(14), px(12)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, px(1));
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoDocking;
  bool left = false;
  if (ImGui::Begin("##path", nullptr, flags)) {
    heading(box.beside ? "open a model beside the other" : "open a model");
    if (box.focus) ImGui::SetKeyboardFocusHere();
    const bool entered =
        text_field("##typed", box.text, ImGui::GetContentRegionAvail().x, "Path of an .onnx or .pb file");
    if (ImGui::IsItemActive()) box.focus = false;
    left = ImGui::IsItemDeactivated() && ImGui::IsKeyPressed(ImGuiKey_Escape);
    if (entered) open_typed(view.workspace, view.in, view.out);
    if (!box.error.empty())
      sentence("Error: " + box.error, palette::kWrong);
    else
      sentence(box.asked ? "Opening…"
                         : "*Enter* opens it, *Esc* closes the box. A file dropped on the window opens too.");
    const bool hovered = ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
    left = left || (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !hovered && !ImGui::IsWindowAppearing());
  }
  ImGui::End();
  ImGui::PopStyleVar(2);
  if (left) box = {};
}

}  // namespace ui

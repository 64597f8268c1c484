// Two models side by side: one picture and one square for both, each with its value, its classes and its map; the maps
// on one scale.
#include <algorithm>
#include <cmath>

#include "ui/choice.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr float kEdge = 12, kTop = 42, kBottom = 34, kGapBetween = 12;  // design pixels
constexpr float kSide = 236;
constexpr float kHead = 48;

struct Places {
  core::Rect head, stage, map;
};

Places places_for(core::Rect column) {
  const float top = column.min.y + px(kHead);
  const float room = column.max.y - top;
  const float map = std::min(0.42F * room, column.width());
  Places places;
  places.head = {column.min, {column.max.x, top}};
  places.map = {{column.min.x, column.max.y - map}, column.max};
  places.stage = {{column.min.x, top}, {column.max.x, places.map.min.y - px(kGapBetween)}};
  return places;
}

void in_child(const char* name, const core::Rect& place, const auto& draw) {
  ImGui::SetCursorScreenPos({place.min.x, place.min.y});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;
  if (ImGui::BeginChild(name, {std::max(1.0F, place.width()), std::max(1.0F, place.height())}, 0, flags)) draw();
  ImGui::EndChild();
  ImGui::PopStyleVar();
}

// The model's name, the unit and what it is there.
void draw_head(const core::Rect& place, const engine::ModelSnapshot& model, const std::string& unit,
               const std::string& words, bool is_error) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float width = place.width();
  const std::string name = fitted(model.name, 0.5F * width);
  list->AddText({place.min.x, place.min.y + px(4)}, colour(palette::kLabel), name.c_str());
  const float after = text_width(name) + px(10);
  list->AddText({place.min.x + after, place.min.y + px(4)}, colour(palette::kStrong),
                fitted(unit, width - after).c_str());
  ImGui::SetCursorScreenPos({place.min.x, place.min.y + px(22)});
  const std::string all = is_error ? "Error: " + words : words;
  list->AddText({place.min.x, place.min.y + px(23)}, colour(is_error ? palette::kWrong : palette::kLabel),
                fitted(all, width).c_str());
  ImGui::Dummy({width, ImGui::GetFontSize() + px(4)});
  if (text_width(all) > width) tooltip(all);
}

// `without_unit`: why there is none, in the place of its map.
void draw_column(View& view, const char* id, const Places& places, const State& without_unit) {
  ImGui::PushID(id);
  in_child("stage", places.stage, [&] { draw_stage(view); });
  in_child("map", places.map, [&] {
    if (without_unit.sentence.empty()) return draw_occlusion_panel(view);
    const core::Rect place = content_rect();
    ImGui::GetWindowDrawList()->AddRectFilled({place.min.x, place.min.y}, {place.max.x, place.max.y},
                                              colour(palette::kPanel), px(6));
    draw_state(place, without_unit);
  });
  ImGui::PopID();
}

void draw_first(View& view, const Places& places) {
  const auto& unit = view.workspace.chosen.unit;
  const auto& model = *view.in.model;
  draw_head(places.head, model, unit ? spoken_name(view.in.model, *unit) : "no unit",
            unit && model.describe ? model.describe(*unit) : "", false);
  MapLook& look = view.workspace.preferences.look;
  const MapValues own = look.values;
  look.values = view.workspace.beside.values;
  draw_column(view, "first", places, State{});
  look.values = own;
}

void draw_second(View& view, const Places& places) {
  Beside& beside = view.workspace.beside;
  const bool is_missing = !beside.is_there && !beside.words.empty();
  const bool is_error = is_missing && !beside.written.empty();
  const std::string opening = opening_words(view.workspace, true);
  const std::string words = is_error ? "it has no unit of that name" : is_missing ? "" : beside.words;
  draw_head(places.head, *view.in.beside.model,
            beside.unit              ? spoken_name(view.in.beside.model, *beside.unit)
            : beside.written.empty() ? "no unit yet"
                                     : beside.written,
            opening.empty() ? words : opening, is_error && opening.empty());
  const engine::Snapshots seen = seen_by_second(view.in);
  View second{*beside.second, seen, view.out, view.textures, view.frame};
  beside.second->standing.in_motion = false;
  beside.second->standing.without_unit = "Choose a unit of " + view.in.beside.model->name + " on the right.";
  const Readiness readiness = is_error ? Readiness::failed : Readiness::nothing;
  draw_column(second, "second", places, is_missing ? State{readiness, missing_words(beside)} : State{});
}

void draw_choice(View& view, const core::Rect& column) {
  const float width = std::min(px(340), column.width());
  const core::Rect place{{column.min.x + (column.width() - width) / 2, column.min.y + px(60)},
                         {column.min.x + (column.width() + width) / 2, column.max.y}};
  in_child("choice", place, [&] {
    heading("a second model");
    if (const std::string opening = opening_words(view.workspace, true); !opening.empty()) sentence(opening);
    const auto& model = view.in.beside.model;
    if (model && model->error && !model->question) sentence("Error: " + model->error->sentence(), palette::kWrong);
    sentence("The same picture and the same square go to both. Choose it, or drop its file here.");
    ImGui::Dummy({0, px(4)});
    draw_model_choices(view, true);
  });
}

void draw_values(const char* name, const Workspace& workspace, const engine::Snapshots& in) {
  const auto& drag = in.drag;
  text(fitted(name, px(96)), palette::kLabel);
  ImGui::SameLine();
  if (!drag || drag->error) return text_right("–");
  const core::Range among = values_here(workspace, in);
  const float change = drag->activation - drag->baseline;
  const std::string share =
      drag->baseline != 0.0F ? " (" + signed_number(100.0F * change / std::fabs(drag->baseline)) + " %)" : "";
  text_right(number(drag->activation, among), palette::kStrong);
  text_right(signed_number(change) + share + " from " + number(drag->baseline, among), palette::kLabel);
}

void draw_scale(Beside& beside) {
  heading("both maps on one scale", "range");
  constexpr std::pair<const char*, MapValues> kShown[] = {
      {"share", MapValues::share}, {"drop", MapValues::drop}, {"value", MapValues::value}};
  for (const auto& [name, values] : kShown) {
    if (values != MapValues::share) ImGui::SameLine(0, px(6));
    if (option(name, beside.values == values)) beside.values = values;
    tooltip(values == MapValues::share
                ? "What the square takes, as a *share* of what the unit says without it: units of "
                  "two networks have no common measure."
            : values == MapValues::drop ? "What the square takes, in each unit's own measure."
                                        : "What each unit says, in its own measure.");
  }
}

// A layer takes over the first's channel, where it has as many.
void draw_second_layers(Beside& beside, const engine::ModelSnapshot& model, const std::optional<core::Unit>& first) {
  const float row = ImGui::GetFontSize() + px(10);
  const int chosen = beside.unit ? layer_index(model, beside.unit->layer) : -1;
  const auto clicked = layer_list(model, chosen, std::min(row * static_cast<float>(model.layers.size()), px(190)));
  if (!clicked) return;
  const engine::LayerInfo& layer = model.layers[static_cast<std::size_t>(*clicked)];
  const int channel = first ? std::min(first->channel, layer.channels - 1) : 0;
  beside.written = layer.name + ":" + std::to_string(channel);
}

void draw_side(View& view) {
  Workspace& workspace = view.workspace;
  Beside& beside = workspace.beside;
  const engine::Snapshots& in = view.in;
  const float width = ImGui::GetContentRegionAvail().x;
  const bool pair = beside.second != nullptr;
  heading("unit in the second");
  if (beside.focus_unit) ImGui::SetKeyboardFocusHere();
  text_field("##unit", beside.written, width, "the same name");
  if (ImGui::IsItemActive()) beside.focus_unit = false;
  tooltip("Another unit for the second model, by any of its names there. Empty: the *same name* as in the first.");
  ImGui::Dummy({0, px(4)});
  if (!pair) return;
  draw_second_layers(beside, *in.beside.model, workspace.chosen.unit);
  ImGui::Dummy({0, px(8)});
  heading("with the square", "activation");
  draw_values(in.model->name.c_str(), workspace, in);
  draw_values(in.beside.model->name.c_str(), *beside.second,
              beside.is_there ? seen_by_second(in) : engine::Snapshots{});
  ImGui::Dummy({0, px(8)});
  draw_scale(beside);
  ImGui::Dummy({0, px(4)});
  sentence(likeness_sentence(workspace, in));
  if (!(in.model->framing == in.beside.model->framing))
    sentence("Each sees the picture at its own size; the square covers the same place.");
  ImGui::Dummy({0, px(8)});
  menu_button("Another second model", "second");
  if (begin_menu("second", 340)) {
    draw_model_choices(view, true);
    ImGui::EndPopup();
  }
  const std::string command = compare_command(workspace, in);
  if (command.empty()) return;
  ImGui::Dummy({0, px(4)});
  if (button("Copy as command", width)) copy(workspace, command, view.frame.now_s);
  tooltip(command + "\nThe same over every picture of the folder.");
}

}  // namespace

void draw_beside(View& view) {
  Workspace& workspace = view.workspace;
  align_second(workspace, view.in);
  const ImVec2 window = ImGui::GetWindowSize();
  const ImVec2 origin = ImGui::GetWindowPos();
  const float side = std::min(px(kSide), 0.3F * window.x);
  const float right = origin.x + window.x - px(kEdge) - side;
  const float width = (right - origin.x - px(kEdge + 2 * kGapBetween)) / 2;
  const auto column = [&](int index) {
    const float x = origin.x + px(kEdge) + static_cast<float>(index) * (width + px(kGapBetween));
    return core::Rect{{x, origin.y + px(kTop)}, {x + width, origin.y + window.y - px(kBottom)}};
  };
  if (!view.in.model || view.in.model->error) {
    draw_state(column(0), {Readiness::nothing, "Open a first model."});
    return;
  }
  const bool pair = workspace.beside.second && view.in.beside.model && !view.in.beside.model->error;
  const std::optional<core::Range> range = shared_range(workspace, view.in);
  workspace.standing.shared_range = range;
  draw_first(view, places_for(column(0)));
  workspace.standing.shared_range.reset();
  if (pair) {
    workspace.beside.second->standing.shared_range = range;
    draw_second(view, places_for(column(1)));
  } else {
    draw_choice(view, column(1));
  }
  ImGui::SetCursorScreenPos({right, origin.y + px(kTop)});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, colour(palette::kPanel));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(14), px(12)});
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, px(6));
  if (ImGui::BeginChild("side", {side, window.y - px(kTop + kBottom)}, ImGuiChildFlags_AlwaysUseWindowPadding))
    draw_side(view);
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
}

}  // namespace ui

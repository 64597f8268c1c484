// Left: the layers, and the contact sheet of the chosen layer: every unit's activation map on the present picture.
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/choice.h"
#include "ui/contact_sheet.h"
#include "ui/layout.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

std::string layer_words(const engine::LayerInfo& layer) {
  return "*" + layer.name + "*\n*" + std::to_string(layer.channels) + "* units (channels), map " +
         grid(layer.rows, layer.cols) + ". One cell sees at most " + std::to_string(layer.receptive_field_px) +
         " px of the picture: its *receptive field*. Values are *pre-ReLU* where the name says so.";
}

// Another layer is scrolled to once, so that the wheel may leave it, and not where all of its row is seen.
void follow_chosen_row(const engine::ModelSnapshot& model, int chosen) {
  void** of = ImGui::GetStateStorage()->GetVoidPtrRef(ImGui::GetID("of"));
  int* followed = ImGui::GetStateStorage()->GetIntRef(ImGui::GetID("followed"), -1);
  if (*followed == chosen && *of == &model) return;
  *followed = chosen;
  *of = const_cast<engine::ModelSnapshot*>(&model);  // only compared
  const float top = ImGui::GetWindowPos().y;
  if (ImGui::GetItemRectMin().y < top || ImGui::GetItemRectMax().y > top + ImGui::GetWindowHeight())
    ImGui::SetScrollHereY();
}

void draw_layers(View& view, float height) {
  const engine::ModelSnapshot& model = *view.in.model;
  const Workspace& workspace = view.workspace;
  const std::string chosen = workspace.wanted_layer  ? *workspace.wanted_layer
                             : workspace.chosen.unit ? workspace.chosen.unit->layer
                                                     : std::string();
  const auto clicked = layer_list(model, chosen.empty() ? -1 : layer_index(model, chosen), height);
  if (clicked) choose_layer(view.workspace, view.in, model.layers[static_cast<std::size_t>(*clicked)].name);
}

std::string unit_words(View& view, const engine::ContactSheetSnapshot& sheet, int channel) {
  const core::Unit unit{sheet.request.layer, channel, std::nullopt};
  std::string words = "*" + spoken_name(view.in.model, unit) + "*";
  const auto& describe = view.in.model->describe;
  if (describe) words += "\n" + describe(unit);
  const auto at = static_cast<std::size_t>(channel);
  if (at < sheet.activations.size()) words += "\nactivation *" + number(sheet.activations[at]) + "* on this picture";
  return words;
}

// Steps by key may leave what is visible: scrolls to the chosen unit when it, or the sheet, has changed.
void follow_chosen(View& view, const engine::ContactSheetSnapshot& sheet, int columns, float pitch) {
  ShownSheet& shown = view.workspace.shown_sheet;
  const std::optional<core::Unit>& unit = view.workspace.chosen.unit;
  if (!unit || unit->layer != sheet.request.layer) return;
  if (shown.followed == unit->channel && shown.followed_sheet == view.in.contact_sheet) return;
  const auto place = std::find(sheet.order.begin(), sheet.order.end(), unit->channel);
  if (place == sheet.order.end()) return;
  shown.followed = unit->channel;
  shown.followed_sheet = view.in.contact_sheet;
  const float y = static_cast<float>((place - sheet.order.begin()) / columns) * pitch;
  const float height = ImGui::GetWindowHeight();
  if (y < ImGui::GetScrollY() || y + pitch > ImGui::GetScrollY() + height) {
    ImGui::SetScrollY(std::max(0.0F, y - height / 2));
  }
}

void draw_sheet(View& view, const State& state) {
  const auto& sheet = view.in.contact_sheet;
  ShownSheet& shown = view.workspace.shown_sheet;
  // The scrollbar stands in the card's padding.
  const float full = ImGui::GetContentRegionAvail().x + px(10);
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 density = ImGui::GetIO().DisplayFramebufferScale;
  const int count = static_cast<int>(sheet->order.size());
  const int columns = sheet_columns(count, width, ImGui::GetContentRegionAvail().y, px(22.5F), px(44));
  const float gap = std::max(1.0F, std::round(px(2)));
  const float tile = std::floor((width + gap) / static_cast<float>(columns)) - gap;
  if (shown.sheet != sheet || shown.columns != columns) {
    shown.sheet = sheet;
    shown.columns = columns;
    shown.atlas = contact_atlas(*sheet, columns);
  }
  if (shown.atlas.empty() || tile < 4) return;
  const int rows = (count + columns - 1) / columns;
  core::MapStyle style;
  style.colour_map = view.workspace.preferences.look.colours == core::ColourMap::blue_white_red
                         ? core::ColourMap::magma
                         : view.workspace.preferences.look.colours;
  style.range = {0.0F, 1.0F};
  const auto tile_px = static_cast<int>(std::lround(tile * density.x));
  const ImTextureRef texture = view.textures.map(shown.atlas, style, {columns * tile_px, rows * tile_px});
  const int light = state.readiness == Readiness::ready ? 255 : 120;

  if (ImGui::BeginChild("sheet", {full, 0})) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const float pitch = tile + gap;
    ImGui::InvisibleButton("tiles", {static_cast<float>(columns) * pitch, static_cast<float>(rows) * pitch});
    follow_chosen(view, *sheet, columns, pitch);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    int pointed = -1;
    if (ImGui::IsItemHovered()) {
      const int column = static_cast<int>((mouse.x - from.x) / pitch);
      const int row = static_cast<int>((mouse.y - from.y) / pitch);
      const int place = row * columns + column;
      if (column >= 0 && column < columns && place >= 0 && place < count) pointed = place;
    }
    for (int i = 0; i < count; ++i) {
      const int row = i / columns;
      const int column = i % columns;
      const ImVec2 min(from.x + static_cast<float>(column) * pitch, from.y + static_cast<float>(row) * pitch);
      if (!ImGui::IsRectVisible(min, {min.x + tile, min.y + tile})) continue;
      const ImVec2 uv0(static_cast<float>(column) / static_cast<float>(columns),
                       static_cast<float>(row) / static_cast<float>(rows));
      const ImVec2 uv1(static_cast<float>(column + 1) / static_cast<float>(columns),
                       static_cast<float>(row + 1) / static_cast<float>(rows));
      list->AddImage(texture, min, {min.x + tile, min.y + tile}, uv0, uv1, IM_COL32(light, light, light, 255));
      const int channel = sheet->order[static_cast<std::size_t>(i)];
      const std::optional<core::Unit>& unit = view.workspace.chosen.unit;
      const bool chosen = unit && unit->layer == sheet->request.layer && unit->channel == channel;
      if (chosen || i == pointed) {
        list->AddRect({min.x - px(1), min.y - px(1)}, {min.x + tile + px(1), min.y + tile + px(1)},
                      colour(chosen ? palette::kAccent : palette::kStrong), px(1), px(chosen ? 2.0F : 1.0F));
      }
    }
    if (pointed >= 0) {
      const int channel = sheet->order[static_cast<std::size_t>(pointed)];
      tooltip(unit_words(view, *sheet, channel));
      if (ImGui::IsItemClicked()) choose_unit(view.workspace, {sheet->request.layer, channel, std::nullopt});
    }
  }
  ImGui::EndChild();
}

// Right of the heading that was drawn at `at`.
void draw_way_to_graph(View& view, ImVec2 at) {
  const ImVec2 after = ImGui::GetCursorPos();
  const char* label = "as a graph";
  ImGui::SetCursorPos({at.x + ImGui::GetContentRegionAvail().x - text_width(label) - px(4), at.y - px(6)});
  if (quiet_button(label)) go_to(view.workspace, Screen::graph);
  tooltip("How the layers are joined, and what a unit *depends on* (W).");
  ImGui::SetCursorPos(after);
}

}  // namespace

std::optional<int> layer_list(const engine::ModelSnapshot& model, int chosen, float height) {
  std::optional<int> clicked;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
  const float outdent = px(8);  // the row's own padding: names stand in line with the heading
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() - outdent);
  if (ImGui::BeginChild("layers", {ImGui::GetContentRegionAvail().x + outdent, height})) {
    for (int i = 0; i < static_cast<int>(model.layers.size()); ++i) {
      const engine::LayerInfo& layer = model.layers[static_cast<std::size_t>(i)];
      const std::string note =
          std::to_string(layer.channels) + " · " +
          (layer.whole_input ? std::string("all") : std::to_string(layer.receptive_field_px) + " px");
      const float room = ImGui::GetContentRegionAvail().x - px(32) - text_width(note);
      ImGui::PushID(i);
      if (list_row(fitted_end(layer.short_name, room), note, i == chosen)) clicked = i;
      ImGui::PopID();
      tooltip(layer_words(layer));
      if (i == chosen) follow_chosen_row(model, chosen);
    }
  }
  ImGui::EndChild();
  ImGui::PopStyleVar();
  return clicked;
}

void draw_layers_panel(View& view) {
  const ImVec2 at = ImGui::GetCursorPos();
  heading("layers", "layer");
  if (!view.in.model || view.in.model->error) {
    sentence(view.in.model ? "No model is open." : "Opening the model…");
    return;
  }
  draw_way_to_graph(view, at);
  const float row = ImGui::GetFontSize() + px(10);
  const float wanted = row * static_cast<float>(view.in.model->layers.size());
  draw_layers(view, std::min(wanted, 0.5F * ImGui::GetContentRegionAvail().y));
  ImGui::Dummy({0, px(10)});
  draw_units_of_layer(view);
}

void draw_units_of_layer(View& view) {
  heading("units on this picture", "contact sheet");
  const State state = sheet_state(view.workspace, view.in);
  const bool has_sheet =
      view.in.contact_sheet && !view.in.contact_sheet->error && !view.in.contact_sheet->order.empty();
  if (state.readiness == Readiness::failed) {
    sentence(state.sentence, palette::kWrong);
    return;
  }
  const bool ready = state.readiness == Readiness::ready;
  sentence(ready ? "strongest first · arrows move" : state.sentence);
  ImGui::Dummy({0, px(2)});
  if (has_sheet) draw_sheet(view, state);
}

}  // namespace ui

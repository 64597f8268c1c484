#include "ui/choice.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ui {
namespace {

int wrapped(int index, int count) {
  return count <= 0 ? 0 : ((index % count) + count) % count;
}

// The channels of the unit's layer in the order in which the arrows walk.
const std::vector<int>* sheet_order(const Workspace& workspace, const engine::Snapshots& in) {
  if (!workspace.chosen.unit || !in.contact_sheet || in.contact_sheet->error) return nullptr;
  if (in.contact_sheet->request.layer != workspace.chosen.unit->layer || in.contact_sheet->order.empty())
    return nullptr;
  return &in.contact_sheet->order;
}

constexpr double kOneChange_s = 1.0;
constexpr std::size_t kMaxHistory = 200;

}  // namespace

void go_to(Workspace& workspace, Screen screen) {
  if (screen == workspace.screen) return;
  workspace.screen = screen;
  workspace.hand.dragging = false;
}

int layer_index(const engine::ModelSnapshot& model, const std::string& layer) {
  const auto find = [&](const std::string& name) {
    const auto it = std::find_if(model.layers.begin(), model.layers.end(),
                                 [&](const engine::LayerInfo& info) { return info.name == name; });
    return it == model.layers.end() ? -1 : static_cast<int>(it - model.layers.begin());
  };
  const int itself = find(layer);
  return itself >= 0 ? itself : find(layer + "_pre_relu");
}

void choose_unit(Workspace& workspace, core::Unit unit) {
  workspace.wanted_layer.reset();
  workspace.last_channel[unit.layer] = unit.channel;
  workspace.chosen.unit = std::move(unit);
  workspace.hand.acted = true;
}

void choose_layer(Workspace& workspace, const engine::Snapshots& in, const std::string& layer) {
  workspace.hand.acted = true;
  const auto left = workspace.last_channel.find(layer);
  if (left != workspace.last_channel.end()) {
    choose_unit(workspace, {layer, left->second, std::nullopt});
  } else if (!in.picture || in.picture->error) {
    choose_unit(workspace, {layer, 0, std::nullopt});
  } else {
    workspace.wanted_layer = layer;
  }
}

void step_unit(Workspace& workspace, const engine::Snapshots& in, int by) {
  if (!workspace.chosen.unit || !in.model) return;
  core::Unit unit = *workspace.chosen.unit;
  unit.neuron.reset();
  if (const std::vector<int>* order = sheet_order(workspace, in)) {
    const auto place = std::find(order->begin(), order->end(), unit.channel);
    const int at = place == order->end() ? 0 : static_cast<int>(place - order->begin());
    unit.channel = (*order)[static_cast<std::size_t>(wrapped(at + by, static_cast<int>(order->size())))];
  } else {
    const int layer = layer_index(*in.model, unit.layer);
    if (layer < 0) return;
    unit.channel = wrapped(unit.channel + by, in.model->layers[static_cast<std::size_t>(layer)].channels);
  }
  choose_unit(workspace, std::move(unit));
}

void step_layer(Workspace& workspace, const engine::Snapshots& in, int by) {
  if (!in.model || in.model->layers.empty()) return;
  int at = -1;
  if (workspace.wanted_layer) {
    at = layer_index(*in.model, *workspace.wanted_layer);
  } else if (workspace.chosen.unit) {
    at = layer_index(*in.model, workspace.chosen.unit->layer);
  }
  const int count = static_cast<int>(in.model->layers.size());
  const int next = at < 0 ? 0 : wrapped(at + by, count);
  choose_layer(workspace, in, in.model->layers[static_cast<std::size_t>(next)].name);
}

void choose_picture(Workspace& workspace, const std::filesystem::path& path) {
  workspace.chosen.picture = path;
  workspace.hand.acted = true;
}

std::optional<std::size_t> picture_index(const engine::CollectionSnapshot& collection,
                                         const std::filesystem::path& path) {
  const auto it = std::find_if(collection.pictures.begin(), collection.pictures.end(),
                               [&](const engine::PictureEntry& entry) { return entry.path == path; });
  if (it == collection.pictures.end()) return std::nullopt;
  return static_cast<std::size_t>(it - collection.pictures.begin());
}

void step_picture(Workspace& workspace, const engine::Snapshots& in, int by) {
  if (!in.collection || in.collection->pictures.empty()) return;
  const int count = static_cast<int>(in.collection->pictures.size());
  const std::optional<std::size_t> at = picture_index(*in.collection, workspace.chosen.picture);
  const int next = at ? wrapped(static_cast<int>(*at) + by, count) : 0;
  choose_picture(workspace, in.collection->pictures[static_cast<std::size_t>(next)].path);
}

core::Size stage_size(const engine::Snapshots& in) {
  if (in.picture && !in.picture->image.empty()) return in.picture->image.size;
  return in.model && !in.model->error ? in.model->framing.crop : core::Framing{}.crop;
}

void move_occluder(Workspace& workspace, const engine::Snapshots& in, int x_px, int y_px) {
  workspace.chosen.occluder = core::clamp_inside({x_px, y_px, workspace.chosen.occluder.side_px}, stage_size(in));
  workspace.hand.acted = true;
}

void nudge_occluder(Workspace& workspace, const engine::Snapshots& in, int dx_px, int dy_px) {
  move_occluder(workspace, in, workspace.chosen.occluder.x_px + dx_px, workspace.chosen.occluder.y_px + dy_px);
}

void resize_occluder(Workspace& workspace, const engine::Snapshots& in, int side_px) {
  const core::Size size = stage_size(in);
  core::Occluder& occluder = workspace.chosen.occluder;
  const int side = std::max(2, std::min({side_px, size.width_px, size.height_px}));
  const int shift = (occluder.side_px - side) / 2;
  occluder = core::clamp_inside({occluder.x_px + shift, occluder.y_px + shift, side}, size);
  workspace.hand.acted = true;
}

bool sweep_is_current(const Workspace& workspace, const engine::Snapshots& in) {
  if (!in.sweep || in.sweep->error || !in.picture || !workspace.chosen.unit) return false;
  const core::OcclusionSpec& spec = in.sweep->sweep.spec;
  return spec.unit == *workspace.chosen.unit && spec.side_px == workspace.chosen.occluder.side_px &&
         spec.fill == workspace.chosen.fill && spec.picture == in.picture->file && spec.seed == workspace.seed;
}

bool drag_is_current(const Workspace& workspace, const engine::Snapshots& in) {
  if (!in.drag || in.drag->error || !workspace.chosen.unit) return false;
  const engine::DragRequest& request = in.drag->request;
  return request.unit == *workspace.chosen.unit && request.picture == in.picture &&
         request.occluder == workspace.chosen.occluder && request.fill == workspace.chosen.fill;
}

bool move_to_extreme(Workspace& workspace, const engine::Snapshots& in, bool highest) {
  if (!sweep_is_current(workspace, in)) return false;
  const core::OcclusionMap& map = in.sweep->sweep.map;
  const std::optional<core::Extremes> ends = core::extremes(map.values);
  if (!ends) return false;
  const core::Extreme& end = highest ? ends->highest : ends->lowest;
  const core::Occluder there = map.occluder_at(end.row, end.col);
  move_occluder(workspace, in, there.x_px, there.y_px);
  return true;
}

void record_history(Workspace& workspace, double now_s) {
  History& history = workspace.history;
  const Chosen& chosen = workspace.chosen;
  if (!chosen.unit || chosen.picture.empty() || workspace.hand.dragging) return;
  if (!history.present) history.present = chosen;
  if (*history.present == chosen) return;
  Chosen but_for_place = *history.present;
  but_for_place.occluder = chosen.occluder;
  const bool same_gesture =
      but_for_place == chosen && now_s - history.recorded_s < kOneChange_s && !history.past.empty();
  if (!same_gesture) history.past.push_back(*history.present);
  if (history.past.size() > kMaxHistory) history.past.erase(history.past.begin());
  history.future.clear();
  history.present = chosen;
  history.recorded_s = now_s;
}

bool undo(Workspace& workspace) {
  History& history = workspace.history;
  if (history.past.empty()) return false;
  history.future.push_back(workspace.chosen);
  workspace.chosen = history.past.back();
  history.past.pop_back();
  history.present = workspace.chosen;
  history.recorded_s = -1.0;
  workspace.wanted_layer.reset();
  return true;
}

bool redo(Workspace& workspace) {
  History& history = workspace.history;
  if (history.future.empty()) return false;
  history.past.push_back(workspace.chosen);
  workspace.chosen = history.future.back();
  history.future.pop_back();
  history.present = workspace.chosen;
  history.recorded_s = -1.0;
  workspace.wanted_layer.reset();
  return true;
}

}  // namespace ui

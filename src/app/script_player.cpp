#include "app/script_player.h"

#include <imgui.h>

#include <algorithm>
#include <utility>

#include "ui/actions.h"
#include "ui/choice.h"

namespace app {
namespace {

// ---- what is waited for ------------------------------------------------------------------------------------------

bool map_has(const ui::Workspace& workspace, const engine::Snapshots& in, int rows, int cols) {
  if (!in.sweep || !ui::sweep_is_current(workspace, in)) return false;
  const core::OcclusionMap& map = in.sweep->sweep.map;
  if (map.complete_stride_px == 0) return false;
  return core::positions_along(map.picture.height_px, map.side_px, map.complete_stride_px) >= rows &&
         core::positions_along(map.picture.width_px, map.side_px, map.complete_stride_px) >= cols;
}

bool visualizations_reach(const ui::Workspace& workspace, const engine::Snapshots& in, double step) {
  for (int slot = 0; slot < ui::slots_shown(workspace); ++slot) {
    const auto i = static_cast<std::size_t>(slot);
    const auto& answer = in.visualize[i];
    const auto& asked = workspace.asked.visualize[i];
    if (!answer || !asked || answer->restarts != asked->restarts ||
        !core::same_identity(answer->visualization.spec, asked->spec) || answer->visualization.step < step)
      return false;
  }
  return true;
}

bool classes_are_current(const ui::Workspace& workspace, const engine::Snapshots& in) {
  return in.classes && in.classes->request.picture == in.picture &&
         in.classes->request.occluder == workspace.chosen.occluder;
}

bool sheet_is_current(const engine::Snapshots& in, const ui::Workspace& workspace) {
  return in.contact_sheet && in.contact_sheet->request.picture == in.picture && workspace.asked.contact_sheet &&
         in.contact_sheet->request.layer == workspace.asked.contact_sheet->layer;
}

// ---- the hand ----------------------------------------------------------------------------------------------------

void press(int chord, bool down) {
  ImGuiIO& io = ImGui::GetIO();
  constexpr std::pair<int, ImGuiKey> kModifiers[] = {
      {ImGuiMod_Ctrl, ImGuiKey_LeftCtrl}, {ImGuiMod_Shift, ImGuiKey_LeftShift}, {ImGuiMod_Alt, ImGuiKey_LeftAlt}};
  const auto key = static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_);
  if (!down) io.AddKeyEvent(key, false);
  for (const auto& [modifier, its_key] : kModifiers) {
    if ((chord & modifier) == 0) continue;
    io.AddKeyEvent(static_cast<ImGuiKey>(modifier), down);
    io.AddKeyEvent(its_key, down);
  }
  if (down) io.AddKeyEvent(key, true);
}

}  // namespace

base::Error ScriptPlayer::stopped(const std::string& text, std::string why, std::string what_to_do) const {
  return {"The script stops at step " + std::to_string(next_step_) + ", \"" + text + "\"", std::move(why),
          std::move(what_to_do)};
}

base::Result<ScriptPlayer::Next> ScriptPlayer::before_frame(Scene& scene) {
  if (!std::exchange(began_, true)) refusal_before_ = scene.in.refusal;
  if (!movements_.empty()) {
    const Movement movement = std::move(movements_.front());
    movements_.pop_front();
    if (auto status = move(scene, movement); !status) return status.error();
    return Next::frame;
  }
  if (waiting_) return keep_waiting(scene);
  if (next_step_ == script_.size()) return Next::done;
  return begin_step(scene, script_[next_step_++]);
}

base::Result<ScriptPlayer::Next> ScriptPlayer::begin_step(Scene& scene, const ScriptStep& step) {
  if (const auto* shot = std::get_if<Shot>(&step.what)) {
    shot_name_ = shot->name;
    return Next::shot;
  }
  if (const auto* wait = std::get_if<Wait>(&step.what)) {
    waiting_ = Waiting{*wait, step.text, scene.now, scene.now_s, 0};
    return Next::frame;  // what was done before it has to be seen first
  }
  if (auto status = begin_deed(scene, std::get<Deed>(step.what)); !status)
    return stopped(step.text, status.error().sentence(), "");
  return Next::frame;
}

base::Status ScriptPlayer::begin_deed(Scene& scene, const Deed& deed) {
  scene.input_time = scene.now;
  if (const auto* action = std::get_if<Perform>(&deed))
    return ui::perform(scene.workspace, scene.in, scene.out, action->command);

  const auto movement = [&] { return &movements_.emplace_back(); };
  if (const auto* point = std::get_if<Point>(&deed)) {
    movement()->to = point->at;
  } else if (const auto* click = std::get_if<Click>(&deed)) {
    movement()->to = click->at;
    movement()->button = true;
    movement()->button = false;
  } else if (const auto* drag = std::get_if<Drag>(&deed)) {
    movement()->to = drag->from;
    movement()->button = true;
    for (int i = 1; i <= drag->frames; ++i) {
      const float share = static_cast<float>(i) / static_cast<float>(drag->frames);
      movement()->to = Place{drag->from.where, drag->from.x + share * (drag->to.x - drag->from.x),
                             drag->from.y + share * (drag->to.y - drag->from.y)};
    }
    movement()->button = false;
  } else if (const auto* key = std::get_if<Key>(&deed)) {
    const auto turn = [&](Key::How how) {
      Movement* next = movement();
      next->key = key->chord;
      next->how = how;
    };
    turn(key->how == Key::How::press ? Key::How::hold : key->how);
    movements_.back().text = key->text;
    if (key->how == Key::How::press) turn(Key::How::release);
  } else if (const auto* type = std::get_if<Type>(&deed)) {
    movement()->text = type->text;
  } else {
    movement()->wheel = std::get<Wheel>(deed).notches;
  }
  return {};
}

base::Status ScriptPlayer::move(Scene& scene, const Movement& movement) {
  scene.input_time = scene.now;
  ImGuiIO& io = ImGui::GetIO();
  if (movement.to) {
    const Place& to = *movement.to;
    core::Point at{to.x * scene.content_scale, to.y * scene.content_scale};
    if (to.where != Where::window) {
      const auto rect =
          to.where == Where::map ? ui::map_rect(scene.workspace) : ui::stage_picture_rect(scene.workspace);
      if (!rect)
        return base::Error{"The script's hand finds no place",
                           to.where == Where::map ? "the occlusion map is not on screen" : "no picture is on screen",
                           "Wait for it first."};
      const core::Size unit = to.where == Where::map ? core::Size{1, 1} : ui::stage_size(scene.in);
      at = {rect->min.x + to.x / static_cast<float>(unit.width_px) * rect->width(),
            rect->min.y + to.y / static_cast<float>(unit.height_px) * rect->height()};
    }
    io.AddMousePosEvent(at.x, at.y);
  }
  if (movement.button) io.AddMouseButtonEvent(ImGuiMouseButton_Left, *movement.button);
  if (movement.key != 0) press(movement.key, movement.how == Key::How::hold);
  if (!movement.text.empty()) io.AddInputCharactersUTF8(movement.text.c_str());
  if (movement.wheel != 0.0F) io.AddMouseWheelEvent(0.0F, movement.wheel);
  return {};
}

base::Result<ScriptPlayer::Next> ScriptPlayer::keep_waiting(Scene& scene) {
  Waiting& waiting = *waiting_;
  ++waiting.frames;
  const Wait& wait = waiting.wait;
  const auto met = [&] {
    switch (wait.what) {
      case Wait::For::frames:
        return waiting.frames >= wait.amount;
      case Wait::For::seconds:
        return scene.now_s - waiting.since_s >= wait.amount;
      case Wait::For::map:
        return map_has(scene.workspace, scene.in, wait.rows, wait.cols);
      case Wait::For::step:
        return visualizations_reach(scene.workspace, scene.in, wait.amount);
      case Wait::For::value:
        return ui::drag_is_current(scene.workspace, scene.in);
      case Wait::For::classes:
        return classes_are_current(scene.workspace, scene.in);
      case Wait::For::sheet:
        return sheet_is_current(scene.in, scene.workspace);
      case Wait::For::scan:
        return scene.in.scan && scene.in.scan->done;
      case Wait::For::question:
        return scene.workspace.practice.question && !scene.workspace.practice.next_wanted;
      case Wait::For::next:
        return ui::next_is_ready(scene.workspace, scene.in);
      case Wait::For::idle:
        return scene.settled;
    }
    return true;
  };
  const double seconds = std::chrono::duration<double>(scene.now - waiting.since).count();
  const bool counts_frames = wait.what == Wait::For::frames || wait.what == Wait::For::seconds;
  if (!counts_frames && scene.in.model && scene.in.model->error)
    return stopped(waiting.text, scene.in.model->error->sentence(), "");
  if (!counts_frames && scene.in.refusal != refusal_before_)
    return stopped(waiting.text, scene.in.refusal->error.sentence(), "");
  if (met()) {
    waits_.push_back({waiting.text, seconds});
    waiting_.reset();
    return Next::frame;
  }
  if (seconds > wait.timeout_s)
    return stopped(waiting.text, "it did not happen within " + std::to_string(static_cast<int>(wait.timeout_s)) + " s",
                   "Give the step a larger \"timeout_s\", or check what was done before it.");
  return counts_frames ? Next::frame : Next::patience;
}

}  // namespace app

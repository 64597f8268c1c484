// The practice screen without an engine: a made-up question of which either square may be right.
#pragma once
#include <memory>
#include <string>

#include "scene.h"
#include "ui/practice_layout.h"

namespace practising {

inline constexpr int kSide_px = 90;

// The same three pictures; which of the two is right is what differs.
inline std::shared_ptr<engine::PracticeQuestion> question(int number, bool right_is_max) {
  auto made = std::make_shared<engine::PracticeQuestion>();
  made->number = number;
  const std::string name = number == 0 ? "p3.png" : "p2.png";
  made->picture = scene::picture(name);
  made->path = "pictures/" + name;
  const core::Image& base = made->picture->image;
  const core::Occluder left{10, 20, kSide_px}, right{120, 100, kSide_px};
  made->pictures.base = base;
  made->pictures.left = core::occlude(base, left, core::Fill::grey);
  made->pictures.right = core::occlude(base, right, core::Fill::black);
  for (int i = 0; i < 9; ++i)
    made->pictures.references.push_back(core::make_image({224, 224}, static_cast<std::uint8_t>(20 * i), 90, 10));
  study::Trial& trial = made->trial;
  trial.id = "practice-" + std::to_string(number);
  trial.role = study::Role::less_obvious_practice;
  trial.unit = {"two_pre_relu", 3, std::nullopt};
  trial.picture = name;
  trial.max.place = right_is_max ? right : left;
  trial.min.place = right_is_max ? left : right;
  trial.max.activation = right_is_max ? 2.87 : 9.5;
  trial.min.activation = right_is_max ? 2.01 : -4.25;
  trial.base_activation = trial.highest = 3.12;
  trial.lowest = trial.min.activation;
  trial.unit_spread = 0.5;
  trial.max.centre_distance_px = right_is_max ? 70 : 20;
  trial.min.centre_distance_px = right_is_max ? 20 : 70;
  made->switched_queries = !right_is_max;
  core::OcclusionMap& map = made->map;
  map.values = scene::ramp(68);
  if (!right_is_max)
    for (float& value : map.values.values) value = -3.0F * value;
  map.side_px = kSide_px;
  map.picture = base.size;
  map.exact_cells = 68 * 68;
  map.complete_stride_px = 2;
  return made;
}

struct Practising {
  scene::Headless gui;
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 3, std::nullopt});
  engine::Snapshots in;

  explicit Practising(core::Size size = {1280, 800}) : gui(size) {
    in = scene::everything(workspace);
    workspace.preferences.motion = false;
    gui.frames(8, workspace, in);
    ui::go_to(workspace, ui::Screen::practice);
    gui.frame(workspace, in);
  }
  // As the engine would, when it has the question that was asked for.
  void answer_request(bool right_is_max = true) {
    auto snapshot = std::make_shared<engine::PracticeSnapshot>();
    snapshot->request = *workspace.practice.asked;
    snapshot->question = question(workspace.practice.asked->number, right_is_max);
    in.practice = snapshot;
    gui.frames(2, workspace, in);
  }
  engine::Requests press(ImGuiKey key) {
    ImGui::GetIO().AddKeyEvent(key, true);
    engine::Requests out = gui.frame(workspace, in);
    ImGui::GetIO().AddKeyEvent(key, false);
    gui.frame(workspace, in);
    return out;
  }
  void click(core::Rect place) {
    ImGui::GetIO().AddMousePosEvent((place.min.x + place.max.x) / 2, (place.min.y + place.max.y) / 2);
    gui.frames(2, workspace, in);
    ImGui::GetIO().AddMouseButtonEvent(0, true);
    gui.frames(2, workspace, in);
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    gui.frames(2, workspace, in);
  }
  ui::PracticeLayout layout() const { return ui::practice_layout({1280, 800}, 1.0F, 1.0F, {224, 224}); }
};

// Everything that the renderer is given for the present frame.
inline std::string drawn(scene::Headless& gui) {
  std::string bytes;
  const ImDrawData* data = ImGui::GetDrawData();
  for (const ImDrawList* list : data->CmdLists) {
    const auto append = [&](const auto& buffer) {
      bytes.append(reinterpret_cast<const char*>(buffer.Data), static_cast<std::size_t>(buffer.size_in_bytes()));
    };
    append(list->VtxBuffer);
    append(list->IdxBuffer);
  }
  bytes.append(reinterpret_cast<const char*>(gui.textures.shown.data()),
               gui.textures.shown.size() * sizeof(std::uint64_t));
  gui.textures.shown.clear();
  return bytes;
}

}  // namespace practising

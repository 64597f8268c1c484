// The whole window, drawn once a frame: top bar, dockable panels, status line, palette and help. The app calls
// before_new_frame(), ImGui::NewFrame(), draw_window(), ImGui::Render(), and posts the requests. UI thread.
#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "core/geometry.h"
#include "engine/messages.h"
#include "ui/textures.h"
#include "ui/workspace.h"

namespace ui {

struct Frame {
  double now_s = 0.0;  // monotonic; in scripts a fixed time per frame
  float dt_s = 1.0F / 60.0F;
  engine::Clock::time_point input_time{};  // of the newest input event that this frame handles
  engine::Clock::time_point press_time{};  // of the newest press of a key or of a mouse button
  double frames_per_s = 0.0;               // for the status line; 0: not shown
  double drag_ms = 0.0;   // input event → present of the frame that shows its value; 0: not known yet
  std::string_view gpu;   // "llvmpipe (LLVM 15.0.6)"
  bool gpu_lost = false;  // then the window says so, in a sentence
};

// Before ImGui::NewFrame(): applies the theme when content_scale · preferences.scale changed, and loads the default
// layout for this window size as long as the user has not made an own one. `window` in Dear ImGui units
// (io.DisplaySize). The app keeps preferences (to_json) between starts; io.IniFilename stays null.
void before_new_frame(Workspace& workspace, core::Size window, float content_scale);

// Draws everything, handles keys and mouse, and fills the requests of what changed.
void draw_window(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, Textures& textures,
                 const Frame& frame);

// Where things were drawn last, in Dear ImGui units; nothing while they are not on screen. For scripts and tests.
std::optional<core::Rect> stage_picture_rect(const Workspace& workspace);
std::optional<core::Rect> map_rect(const Workspace& workspace);

// True while something on screen still moves by itself (a transition): the app draws another frame without an event.
bool wants_another_frame(const Workspace& workspace, const Frame& frame);
// When something is due without an event (the hand has rested, a notice ends), in Frame::now_s's time.
std::optional<double> next_frame_due_s(const Workspace& workspace);

}  // namespace ui

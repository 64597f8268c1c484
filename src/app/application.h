// One running unitscope: the engine, what the user has chosen, the renderer, and one frame of all of them. The same
// for a window, a script without one, and the bench: they differ in who feeds Dear ImGui and when. UI thread, while a
// Gui lives.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/frame_times.h"
#include "app/renderer.h"
#include "base/result.h"
#include "core/unit.h"
#include "engine/engine.h"
#include "ui/window.h"
#include "ui/workspace.h"

namespace app {

// What is opened first.
struct Opening {
  std::filesystem::path model;
  std::filesystem::path embedded_model;  // for the menu, as the next
  std::filesystem::path lucid_model;     // where it lies once it has been fetched
  std::filesystem::path images;
  std::optional<core::Unit> unit;  // absent: chosen by measuring
  ui::Preferences preferences;
  std::optional<ui::Session> session;      // a pilot or a real session: then nothing else is opened
  bool practice = false;                   // begin with questions
  std::filesystem::path practice_results;  // where practice answers are kept; empty: in memory
  std::filesystem::path answers;           // to be analysed when the Analyse screen is shown
  bool analyse = false;                    // begin with it
};

class Application {
 public:
  using Clock = engine::Clock;
  // Called at the start, and again after a device was lost.
  using MakeRenderer = std::function<base::Result<std::unique_ptr<Renderer>>()>;

  // `wake` is called on engine threads whenever there is something new to see.
  static base::Result<std::unique_ptr<Application>> create(const Opening& opening, MakeRenderer make_renderer,
                                                           std::function<void()> wake);

  // Loads the newest snapshots. Before what acts on them (a script), once a frame.
  void look();

  struct FrameInput {
    core::Size framebuffer;  // pixels; 0 while minimized
    float content_scale = 1.0F;
    double now_s = 0.0;  // the window's clock; fixed steps in a script
    float dt_s = 1.0F / 60.0F;
    Clock::time_point polled{};      // when the events of this frame had been handled
    Clock::time_point input_time{};  // of the newest of them
    Clock::time_point press_time{};  // of the newest press of a key or of a mouse button
    bool presented = false;          // on a screen; else into pictures
    double refresh_hz = 0.0;         // of the screen; 0 where that is not known
    std::function<void()> feed;      // tells Dear ImGui size, time and mouse
  };
  // Panels, requests, pixels. A lost device is started again and said on screen; an error is the end.
  base::Status frame(const FrameInput& input);
  // As frame(), and gives the picture.
  base::Result<core::Image> frame_and_read(const FrameInput& input);

  // True while something moves by itself, or Dear ImGui still settles after an input or a publication.
  [[nodiscard]] bool wants_another_frame() const;
  // Nothing works, nothing moves.
  [[nodiscard]] bool settled() const;
  [[nodiscard]] std::optional<double> next_frame_due_s() const;

  [[nodiscard]] ui::Workspace& workspace() { return workspace_; }
  [[nodiscard]] const engine::Snapshots& snapshots() const { return in_; }
  // Of the coming frame: scripts and dropped files add theirs.
  [[nodiscard]] engine::Requests& requests() { return out_; }
  [[nodiscard]] engine::Engine& engine() { return *engine_; }
  [[nodiscard]] const Renderer& renderer() const { return *renderer_; }

  [[nodiscard]] FrameTimes& times() { return times_; }
  // Input event → present of the frame that shows its value; those since the last call.
  [[nodiscard]] std::vector<double> take_drag_ms() { return std::exchange(drag_ms_, {}); }

 private:
  Application() = default;
  base::Status draw(const FrameInput& input, std::optional<core::Image>* picture);
  base::Status recover(const base::Error& error);
  [[nodiscard]] bool holds_frame(const FrameInput& input, bool hand_asked);
  void describe_machine(const FrameInput& input);
  void measure(const FrameInput& input, const std::shared_ptr<const engine::DragSnapshot>& shown);

  MakeRenderer make_renderer_;
  std::unique_ptr<Renderer> renderer_;
  ui::Workspace workspace_;
  ui::Frame frame_;
  engine::Snapshots in_;
  engine::Requests out_;

  FrameTimes times_;
  std::vector<double> drag_ms_;
  std::shared_ptr<const engine::DragSnapshot> shown_drag_;
  std::optional<double> held_since_s_;  // a frame waits for the value of the hand's place; the window's time
  Clock::time_point last_input_{};
  int frames_to_settle_ = 0;
  int losses_ = 0;
  double last_loss_s_ = 0.0;
  std::vector<Clock::time_point> recent_frames_;  // for frames per second

  struct News;  // what the engine's threads say
  std::shared_ptr<News> news_;
  std::unique_ptr<engine::Engine> engine_;  // last: its threads end first
};

}  // namespace app

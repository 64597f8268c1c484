// Plays a script on the running window, one step after the other: the hand goes through Dear ImGui's input queue, so
// that the panels' own code answers, actions go through ui::perform. It only looks at snapshots; the loop draws the
// frames and saves the pictures. UI thread.
#pragma once
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "app/script.h"
#include "base/result.h"
#include "engine/messages.h"
#include "ui/window.h"
#include "ui/workspace.h"

namespace app {

class ScriptPlayer {
 public:
  using Clock = std::chrono::steady_clock;

  explicit ScriptPlayer(Script script) : script_(std::move(script)) {}

  // What the player may look at and act on. `settled`: no work is going on and the last frame changed nothing.
  struct Scene {
    ui::Workspace& workspace;
    const engine::Snapshots& in;
    engine::Requests& out;  // of the coming frame
    float content_scale = 1.0F;
    double now_s = 0.0;  // the window's clock
    Clock::time_point now{};
    Clock::time_point input_time{};  // set to `now` when the hand or an action did something
    bool settled = false;
  };
  enum class Next {
    frame,     // draw a frame
    patience,  // draw a frame, but nothing is due: there is time to wait for the engine
    shot,      // draw a frame and save it as shot_name()
    done,
  };
  // Once before each frame's ImGui::NewFrame(). An error is a step that cannot be done or a wait that took too long.
  base::Result<Next> before_frame(Scene& scene);
  [[nodiscard]] const std::string& shot_name() const { return shot_name_; }

  struct Waited {
    std::string text;
    double seconds = 0.0;
  };
  [[nodiscard]] const std::vector<Waited>& waits() const { return waits_; }

 private:
  // One frame's worth of the hand.
  struct Movement {
    std::optional<Place> to;
    std::optional<bool> button;  // pressed or let go
    int key = 0;                 // a chord, with how
    Key::How how = Key::How::press;
    std::string text;
    float wheel = 0.0F;
  };

  base::Result<Next> begin_step(Scene& scene, const ScriptStep& step);
  base::Status begin_deed(Scene& scene, const Deed& deed);
  base::Result<Next> keep_waiting(Scene& scene);
  [[nodiscard]] base::Error stopped(const std::string& text, std::string why, std::string what_to_do) const;
  base::Status move(Scene& scene, const Movement& movement);

  Script script_;
  std::size_t next_step_ = 0;
  std::deque<Movement> movements_;
  struct Waiting {
    Wait wait;
    std::string text;
    Clock::time_point since;
    double since_s = 0.0;
    int frames = 0;
  };
  std::optional<Waiting> waiting_;
  std::vector<Waited> waits_;
  std::string shot_name_;
  bool began_ = false;
  std::shared_ptr<const engine::RefusalSnapshot> refusal_before_;  // one that is older than the script
};

}  // namespace app

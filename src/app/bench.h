// Measures the window as a person meets it: the real loop, frames drawn when something changed, a hand that moves the
// occluder 60 times a second while a visualization optimizes and a sweep fills. On a screen where there is one, else
// offscreen. Drags are taken per layer. UI thread.
#pragma once
#include <string>
#include <vector>

#include "app/application.h"
#include "app/host.h"
#include "base/result.h"

namespace app {

struct LayerDrags {
  std::string layer;
  Percentiles drag_ms;  // input callback → present returned for the frame that shows the value of that place
  std::size_t drags = 0;
  Percentiles answer_ms;  // the engine's part of it: input callback → value published
};
struct WindowBench {
  std::string device;  // that draws
  core::Size size;
  bool on_screen = false;  // else a frame counts as presented when it has been drawn
  std::vector<LayerDrags> layers;
  std::size_t frames = 0;
  Percentiles frame_ms;        // events polled → submit returned, without waiting
  Percentiles device_wait_ms;  // for an earlier frame to be drawn
  Percentiles present_ms;      // submit returned → present returned; a software device draws in this time
  Percentiles cancel_ms;       // request posted → old work stopped
  std::size_t cancels = 0;
};

base::Result<WindowBench> measure_window(Application& application, Host& host, bool quick);
std::string to_json(const WindowBench& bench);
std::string to_text(const WindowBench& bench);

}  // namespace app

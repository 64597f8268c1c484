// Measures the window while a hand drags the occluder, a visualization optimizes and a sweep fills: frame times, drag
// and cancel latency. Frames begin 1/60 s apart, as on a screen. UI thread.
#pragma once
#include <string>

#include "app/application.h"
#include "app/host.h"
#include "base/result.h"

namespace app {

struct WindowBench {
  std::string device;  // that draws
  core::Size size;
  std::size_t frames = 0;
  Percentiles frame_ms;        // events polled → submit returned, without waiting
  Percentiles device_wait_ms;  // for an earlier frame to be drawn
  Percentiles drag_ms;         // input → its value handed to the screen
  std::size_t drags = 0;
  Percentiles cancel_ms;  // request posted → old work stopped
  std::size_t cancels = 0;
};

base::Result<WindowBench> measure_window(Application& application, Host& host);
std::string to_json(const WindowBench& bench);
std::string to_text(const WindowBench& bench);

}  // namespace app

// Dear ImGui's context as unitscope wants it: docking, no windows outside the window, keys that are ours, no files
// written behind our back. Without a window it is fed by hand. UI thread.
#pragma once
#include <imgui.h>

#include "core/image.h"

namespace app {

class Gui {
 public:
  Gui();
  ~Gui();
  Gui(const Gui&) = delete;
  Gui& operator=(const Gui&) = delete;
};

// Where there is no window system: the size of the picture and a fixed time since the last frame.
void feed_offscreen_frame(core::Size size, float dt_s);

}  // namespace app

// The window of the window system: events, size, scale, dropped files, and the surface Vulkan draws to. The only code
// that names GLFW. UI thread, except wake().
#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/geometry.h"
#include "core/image.h"
#include "gpu/device.h"

struct GLFWwindow;

namespace app {

class Window {
 public:
  // Needs a Gui; `size` in design pixels, made larger by the screen's content scale.
  static base::Result<std::unique_ptr<Window>> open(core::Size size, const std::string& title);
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  ~Window();

  // Handles what has happened; with nothing to handle, waits for it for at most timeout_s (0: not at all).
  void handle_events(double timeout_s);
  // Makes handle_events() return. Any thread.
  static void wake();
  // Before ImGui::NewFrame(): tells Dear ImGui the window's size, the time and the mouse.
  void begin_frame();

  [[nodiscard]] bool wants_to_close() const;
  void keep_open();  // the wish to close is not granted
  // The whole screen that most of the window is on, in its present mode.
  void fill_screen();
  void set_least_size(core::Size design);
  // Of the screen that it was opened on, or fills.
  [[nodiscard]] double refresh_hz() const { return refresh_hz_; }
  [[nodiscard]] core::Size framebuffer_size() const;  // 0 × 0 while minimized
  [[nodiscard]] core::Size design_size() const;       // without the content scale, to be opened with again
  // Dear ImGui units for each design pixel.
  [[nodiscard]] float content_scale() const;
  // When the newest key, button, wheel or movement came in.
  [[nodiscard]] std::chrono::steady_clock::time_point input_time() const { return input_time_; }
  // When the newest press of a key (not its repeats) or of a mouse button came in.
  [[nodiscard]] std::chrono::steady_clock::time_point press_time() const { return press_time_; }
  [[nodiscard]] std::vector<std::filesystem::path> take_dropped();
  // Calls what GLFW calls when the pointer moves, or its left button: a hand for the bench. In pixels of the window.
  void point(core::Point at);
  void press(bool down);

  // How gpu::Device gets at the window; the window must outlive the device.
  [[nodiscard]] gpu::DeviceOptions device_options() const;

 private:
  Window() = default;
  void install_callbacks();
  void note_button(int action);

  GLFWwindow* window_ = nullptr;
  bool gui_attached_ = false;
  double refresh_hz_ = 0.0;  // kept, because asking takes the window system long
  std::chrono::steady_clock::time_point input_time_{};
  std::chrono::steady_clock::time_point press_time_{};
  std::vector<std::filesystem::path> dropped_;
};

}  // namespace app

// Who shows the frames: a window, or nobody. It says when the next frame may begin and what Dear ImGui is told of it.
// UI thread, except ring().
#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>

#include "app/application.h"
#include "app/window.h"
#include "core/image.h"
#include "gpu/device.h"

namespace app {

class Host {
 public:
  virtual ~Host() = default;
  // Handles events; with none, waits for one or for ring(), at most timeout_s.
  virtual void wait(double timeout_s) = 0;
  virtual Application::FrameInput next_frame() = 0;
  [[nodiscard]] virtual bool wants_to_close() const = 0;
  // For Renderer::create.
  [[nodiscard]] virtual gpu::DeviceOptions device_options() const = 0;
  [[nodiscard]] virtual core::Size framebuffer_size() const = 0;
  // Ends a wait. Any thread.
  virtual void ring() = 0;
  // A hand that is not there, for the bench: as if the window system had told of it now. In pixels of the window.
  virtual void point(core::Point at) = 0;
  virtual void press(bool down) = 0;
};

class WindowHost final : public Host {
 public:
  // The window must outlive the host; a Gui must live.
  explicit WindowHost(Window& window) : window_(window) {}
  void wait(double timeout_s) override { window_.handle_events(timeout_s); }
  Application::FrameInput next_frame() override;
  [[nodiscard]] bool wants_to_close() const override { return window_.wants_to_close(); }
  [[nodiscard]] gpu::DeviceOptions device_options() const override { return window_.device_options(); }
  [[nodiscard]] core::Size framebuffer_size() const override { return window_.framebuffer_size(); }
  void ring() override { Window::wake(); }
  void point(core::Point at) override { window_.point(at); }
  void press(bool down) override { window_.press(down); }

 private:
  Window& window_;
  Application::Clock::time_point start_ = Application::Clock::now();
  double last_s_ = 0.0;
};

// No window system is touched.
class OffscreenHost final : public Host {
 public:
  enum class Time {
    fixed,  // every frame is 1/60 s after the one before, however long it took
    real,
  };
  OffscreenHost(core::Size size, int pixel_scale, Time time = Time::fixed);
  void wait(double timeout_s) override;
  Application::FrameInput next_frame() override;
  [[nodiscard]] bool wants_to_close() const override { return false; }
  [[nodiscard]] gpu::DeviceOptions device_options() const override { return {}; }
  [[nodiscard]] core::Size framebuffer_size() const override { return size_; }
  void ring() override;
  void point(core::Point at) override;
  void press(bool down) override;

 private:
  core::Size size_;
  float scale_;
  Time time_;
  Application::Clock::time_point start_ = Application::Clock::now();
  Application::Clock::time_point input_time_{};
  double now_s_ = 0.0;
  std::mutex mutex_;
  std::condition_variable rung_;
  bool ringing_ = false;
};

}  // namespace app

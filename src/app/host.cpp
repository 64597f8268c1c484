#include "app/host.h"

#include <imgui.h>

#include <algorithm>
#include <chrono>

#include "app/gui.h"

namespace app {
namespace {

constexpr float kFrame_s = 1.0F / 60.0F;
constexpr double kLongest_s = 1.0 / 20.0;  // after a sleep, what moves goes on instead of jumping to its end

}  // namespace

Application::FrameInput WindowHost::next_frame() {
  Application::FrameInput input;
  input.framebuffer = window_.framebuffer_size();
  input.content_scale = window_.content_scale();
  input.polled = Application::Clock::now();
  input.now_s = std::chrono::duration<double>(input.polled - start_).count();
  input.dt_s = static_cast<float>(std::clamp(input.now_s - last_s_, 1e-4, kLongest_s));
  last_s_ = input.now_s;
  input.input_time = window_.input_time();
  input.press_time = window_.press_time();
  input.presented = true;
  input.refresh_hz = window_.refresh_hz();
  input.feed = [this] { window_.begin_frame(); };
  return input;
}

OffscreenHost::OffscreenHost(core::Size size, int pixel_scale, Time time)
    : size_{size.width_px * pixel_scale, size.height_px * pixel_scale},
      scale_(static_cast<float>(pixel_scale)),
      time_(time) {}

void OffscreenHost::wait(double timeout_s) {
  std::unique_lock lock(mutex_);
  rung_.wait_for(lock, std::chrono::duration<double>(timeout_s), [&] { return ringing_; });
  ringing_ = false;
}

void OffscreenHost::ring() {
  {
    const std::scoped_lock lock(mutex_);
    ringing_ = true;
  }
  rung_.notify_one();
}

void OffscreenHost::point(core::Point at) {
  ImGui::GetIO().AddMousePosEvent(at.x, at.y);
  input_time_ = Application::Clock::now();
}

void OffscreenHost::press(bool down) {
  ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, down);
  input_time_ = Application::Clock::now();
}

Application::FrameInput OffscreenHost::next_frame() {
  Application::FrameInput input;
  input.polled = Application::Clock::now();
  const double last_s = now_s_;
  now_s_ = time_ == Time::real ? std::chrono::duration<double>(input.polled - start_).count()
                               : now_s_ + static_cast<double>(kFrame_s);
  input.framebuffer = size_;
  input.content_scale = scale_;
  input.now_s = now_s_;
  input.dt_s = static_cast<float>(std::clamp(now_s_ - last_s, 1e-4, kLongest_s));
  input.input_time = input_time_;
  input.feed = [size = size_, dt_s = input.dt_s] { feed_offscreen_frame(size, dt_s); };
  return input;
}

}  // namespace app

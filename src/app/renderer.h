// From Dear ImGui's draw lists to pixels, in a window or offscreen with the same code: owns the Vulkan device, its
// frames, the target and the texture cache. begin_frame() … panels ask for textures … draw(). A lost device is a
// state: destroy the renderer and create another, everything is made again from what the panels hold. UI thread, while
// a Gui lives.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "app/texture_cache.h"
#include "base/result.h"
#include "core/image.h"
#include "gpu/device.h"
#include "gpu/frames.h"
#include "gpu/offscreen.h"
#include "gpu/read_back.h"
#include "gpu/swapchain.h"

struct ImDrawData;

namespace app {

class Renderer {
 public:
  // With options.make_surface for a window, else offscreen. `size` in framebuffer pixels.
  static base::Result<std::unique_ptr<Renderer>> create(const gpu::DeviceOptions& options, core::Size size);
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;
  ~Renderer();

  // Before ImGui::NewFrame(): from here on textures can be asked for.
  base::Status begin_frame();
  [[nodiscard]] ui::Textures& textures() { return *cache_; }
  // Draws and shows. `size` is the window's now, in framebuffer pixels; 0: it is minimized, nothing is shown.
  base::Status draw(ImDrawData& data, core::Size size);
  // As draw(), and waits for the picture. Some window systems do not give theirs back: an error.
  base::Result<core::Image> draw_and_read(ImDrawData& data, core::Size size);

  [[nodiscard]] bool lost() const { return device_->lost(); }
  [[nodiscard]] const std::string& device_name() const { return device_->name(); }
  [[nodiscard]] const gpu::ValidationLog& validation() const { return device_->validation(); }
  [[nodiscard]] TextureCache::Counts texture_counts() const { return cache_->counts(); }
  // What the last frame waited for: the device to finish an earlier one, the screen to give a picture.
  [[nodiscard]] double device_wait_ms() const { return frames_->fence_wait_ms(); }
  [[nodiscard]] double screen_wait_ms() const { return screen_wait_ms_; }
  // When the last frame was handed over: to the device, and to the screen (the same where there is none).
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] Clock::time_point submitted_at() const { return submitted_at_; }
  [[nodiscard]] Clock::time_point presented_at() const { return presented_at_; }

 private:
  Renderer() = default;
  base::Status start_imgui();
  base::Result<bool> acquire(core::Size size);  // false: there is nothing to draw into in this frame
  base::Status draw(ImDrawData& data, core::Size size, std::optional<gpu::ReadBack>* back);
  base::Status record(ImDrawData& data, std::optional<gpu::ReadBack>* back);
  [[nodiscard]] gpu::Target target() const;

  std::unique_ptr<gpu::Device> device_;
  std::unique_ptr<gpu::Frames> frames_;
  std::unique_ptr<gpu::Swapchain> swapchain_;  // or
  std::optional<gpu::Offscreen> offscreen_;
  bool imgui_started_ = false;
  std::unique_ptr<TextureCache> cache_;
  bool stale_ = false;  // the swapchain
  double screen_wait_ms_ = 0.0;
  Clock::time_point submitted_at_{};
  Clock::time_point presented_at_{};
};

}  // namespace app

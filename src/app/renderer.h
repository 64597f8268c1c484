// From Dear ImGui's draw lists to pixels, in a window or offscreen with the same code: owns the Vulkan device, its
// frames, the target and the texture cache. A software device draws only what changed (damage.h). begin_frame() …
// panels ask for textures … draw(). A lost device is a state: destroy the renderer and create another, everything is
// made again from what the panels hold. UI thread, while a Gui lives.
#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/damage.h"
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
  // Instead of draw(), where another frame follows so soon that this one is not worth drawing.
  base::Status skip() { return submit_without_picture(); }
  // As draw(), and waits for the picture. Some window systems do not give theirs back: an error.
  base::Result<core::Image> draw_and_read(ImDrawData& data, core::Size size);

  // Offscreen: from now on a frame counts as presented when it has been drawn, for it is drawn then in a window of a
  // software device too. For the bench.
  void present_when_drawn() { present_when_drawn_ = true; }

  // Every frame whole, as a hardware device does. For tests.
  void draw_all() { draws_all_ = true; }

  [[nodiscard]] bool is_software() const { return device_->is_software(); }
  [[nodiscard]] bool on_screen() const { return swapchain_ != nullptr; }
  [[nodiscard]] bool lost() const { return device_->lost(); }
  [[nodiscard]] const std::string& device_name() const { return device_->name(); }
  [[nodiscard]] const gpu::ValidationLog& validation() const { return device_->validation(); }
  [[nodiscard]] bool validates() const { return device_->validates(); }
  [[nodiscard]] TextureCache::Counts texture_counts() const { return cache_->counts(); }
  // Whether the last frame differed from the one before, and so was drawn and shown.
  [[nodiscard]] bool drew() const { return drew_; }
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
  base::Status submit_without_picture();
  [[nodiscard]] gpu::Target target(bool again) const;
  // What the target shows; empty where that is nothing yet, or not known.
  [[nodiscard]] Tiles& shown();
  void draw_into_target(ImDrawData& data);
  base::Status resize(core::Size size);

  std::unique_ptr<gpu::Device> device_;
  std::unique_ptr<gpu::Frames> frames_;
  std::unique_ptr<gpu::Swapchain> swapchain_;  // or
  std::optional<gpu::Offscreen> offscreen_;
  bool imgui_started_ = false;
  std::unique_ptr<TextureCache> cache_;
  bool stale_ = false;  // the swapchain
  bool draws_all_ = false;
  std::vector<Tiles> shown_;  // by each of the swapchain's pictures, or by the one offscreen
  Tiles now_;                 // of the frame being drawn
  Tiles presented_;           // of the last that was
  bool present_when_drawn_ = false;
  bool drew_ = false;
  double screen_wait_ms_ = 0.0;
  Clock::time_point submitted_at_{};
  Clock::time_point presented_at_{};
};

}  // namespace app

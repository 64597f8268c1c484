// The pictures that a window shows in turn: UNORM, so that the bytes drawn are the bytes shown, and FIFO, so that
// nothing tears. A swapchain goes stale when the window's size changes; resize() makes it fit again. UI thread.
#pragma once
#include <array>
#include <memory>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "gpu/device.h"
#include "gpu/frames.h"
#include "gpu/handle.h"
#include "gpu/target.h"

namespace gpu {

class Swapchain {
 public:
  // `size` is the window's in framebuffer pixels, not 0; the device must have a surface.
  static base::Result<std::unique_ptr<Swapchain>> create(Device& device, core::Size size);

  // Waits for the device, so only when the window's size changed or the swapchain said that it is stale.
  base::Status resize(core::Size size);

  // The next picture to draw into. False: stale, or nothing came within a second: resize first. May wait for the
  // screen.
  base::Result<bool> acquire(std::size_t frame_slot);
  [[nodiscard]] Target target() const;
  // The same picture, going on from what it showed when it was drawn last: not for its first pass after resize().
  [[nodiscard]] Target target_again() const;
  [[nodiscard]] std::size_t picture() const { return current_; }  // which of them is being drawn
  [[nodiscard]] PresentSync sync() const;
  // After Frames::submit(sync()). False: stale, resize before the next acquire.
  base::Result<bool> present();

  [[nodiscard]] core::Size size() const { return size_; }
  [[nodiscard]] VkFormat format() const { return format_.format; }
  [[nodiscard]] VkRenderPass render_pass() const { return pass_.get(); }  // survives resize()
  // The picture being drawn, for reading back; null where the window system forbids it. After the pass it is in PRESENT
  // layout.
  [[nodiscard]] VkImage readable_image() const;

 private:
  // One per picture: presenting is known to be over only when the same picture is acquired again.
  struct Picture {
    VkImage image = VK_NULL_HANDLE;
    ImageView view;
    Framebuffer framebuffer;
    Semaphore drawn;
  };

  explicit Swapchain(Device& device) : device_(device) {}
  base::Status choose_format();
  VkResult make_picture(VkImage image, Picture& picture) const;

  Device& device_;
  VkSurfaceFormatKHR format_{};
  RenderPass pass_;
  RenderPass again_;
  SwapchainHandle swapchain_;
  std::vector<Picture> pictures_;
  std::array<Semaphore, Frames::kInFlight> acquired_;  // by frame slot
  std::size_t frame_slot_ = 0;
  std::uint32_t current_ = 0;
  core::Size size_;
  bool readable_ = false;
};

}  // namespace gpu

// A picture of the window where there is no window: the same frames, read back into a core::Image. UI thread.
#pragma once
#include "base/result.h"
#include "core/image.h"
#include "gpu/frames.h"
#include "gpu/target.h"
#include "gpu/texture.h"

namespace gpu {

class Offscreen {
 public:
  static base::Result<Offscreen> create(const Device& device, core::Size size);

  static constexpr VkFormat kFormat = kPictureFormat;
  [[nodiscard]] Target target() const { return {pass_.get(), framebuffer_.get(), texture_.size()}; }
  // The same picture, going on from what it shows: for every pass but the first.
  [[nodiscard]] Target target_again() const { return {again_.get(), framebuffer_.get(), texture_.size()}; }
  // The picture after a pass on target() has ended; transfers may read it.
  [[nodiscard]] VkImage image() const { return texture_.image(); }

 private:
  Texture texture_;
  RenderPass pass_;
  RenderPass again_;
  Framebuffer framebuffer_;
};

}  // namespace gpu

#include "gpu/offscreen.h"

namespace gpu {

base::Result<Offscreen> Offscreen::create(const Device& device, core::Size size) {
  auto texture =
      Texture::create(device, size, kFormat, VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT);
  if (!texture) return texture.error();
  Offscreen offscreen;
  offscreen.texture_ = std::move(*texture);
  const NextUse read_back{VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, VK_PIPELINE_STAGE_TRANSFER_BIT,
                          VK_ACCESS_TRANSFER_READ_BIT};
  Attempt all;
  if (all.ok(make_render_pass(device.handle(), kFormat, VK_ATTACHMENT_LOAD_OP_CLEAR, read_back, offscreen.pass_)) &&
      all.ok(make_render_pass(device.handle(), kFormat, VK_ATTACHMENT_LOAD_OP_LOAD, read_back, offscreen.again_)) &&
      all.ok(make_framebuffer(device.handle(), offscreen.pass_.get(), offscreen.texture_.view(), size,
                              offscreen.framebuffer_)))
    return offscreen;
  return failure(all.result(), "The offscreen picture cannot be drawn to");
}

}  // namespace gpu

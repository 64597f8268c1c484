// What a frame draws into, and the render passes that lead there: one colour attachment, no depth, one subpass.
// UI thread.
#pragma once
#include <vulkan/vulkan.h>

#include <array>
#include <span>

#include "core/image.h"
#include "gpu/handle.h"

namespace gpu {

struct Target {
  VkRenderPass render_pass = VK_NULL_HANDLE;
  VkFramebuffer framebuffer = VK_NULL_HANDLE;
  core::Size size;
};

// Who reads the picture after the pass, and in which layout.
struct NextUse {
  VkImageLayout layout = VK_IMAGE_LAYOUT_UNDEFINED;
  VkPipelineStageFlags stage = 0;
  VkAccessFlags access = 0;
};

// With VK_ATTACHMENT_LOAD_OP_LOAD the picture goes on from what it shows, in the layout that the same pass, or one that
// clears, left it in; else the old content is thrown away. It waits for the previous round of the same uses.
VkResult make_render_pass(VkDevice device, VkFormat format, VkAttachmentLoadOp load, const NextUse& next,
                          RenderPass& pass);
VkResult make_framebuffer(VkDevice device, VkRenderPass pass, VkImageView view, core::Size size,
                          Framebuffer& framebuffer);
void begin_pass(VkCommandBuffer commands, const Target& target, const std::array<float, 4>& clear_rgba);
// Within a pass.
void clear_rects(VkCommandBuffer commands, std::span<const VkClearRect> rects, const std::array<float, 4>& rgba);

}  // namespace gpu

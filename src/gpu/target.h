// What a frame draws into, and the render passes that lead there: one colour attachment, no depth, one subpass.
// UI thread.
#pragma once
#include <vulkan/vulkan.h>

#include <array>

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

// The old content is thrown away; what it needs to wait for is the previous round of the same uses.
VkResult make_render_pass(VkDevice device, VkFormat format, VkAttachmentLoadOp load, const NextUse& next,
                          RenderPass& pass);
VkResult make_framebuffer(VkDevice device, VkRenderPass pass, VkImageView view, core::Size size,
                          Framebuffer& framebuffer);
void begin_pass(VkCommandBuffer commands, const Target& target, const std::array<float, 4>& clear_rgba);

}  // namespace gpu

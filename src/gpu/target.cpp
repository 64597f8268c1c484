#include "gpu/target.h"

#include <algorithm>

namespace gpu {

VkResult make_render_pass(VkDevice device, VkFormat format, VkAttachmentLoadOp load, const NextUse& next,
                          RenderPass& pass) {
  VkAttachmentDescription attachment{};
  attachment.format = format;
  attachment.samples = VK_SAMPLE_COUNT_1_BIT;
  attachment.loadOp = load;
  attachment.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
  attachment.stencilLoadOp = VK_ATTACHMENT_LOAD_OP_DONT_CARE;
  attachment.stencilStoreOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
  attachment.initialLayout = load == VK_ATTACHMENT_LOAD_OP_LOAD ? next.layout : VK_IMAGE_LAYOUT_UNDEFINED;
  attachment.finalLayout = next.layout;

  const VkAttachmentReference colour{0, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
  VkSubpassDescription subpass{};
  subpass.pipelineBindPoint = VK_PIPELINE_BIND_POINT_GRAPHICS;
  subpass.colorAttachmentCount = 1;
  subpass.pColorAttachments = &colour;

  constexpr VkPipelineStageFlags kWriting = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
  std::array<VkSubpassDependency, 2> dependencies{};
  dependencies[0].srcSubpass = VK_SUBPASS_EXTERNAL;
  dependencies[0].srcStageMask = kWriting | next.stage;
  dependencies[0].dstStageMask = kWriting;
  dependencies[0].srcAccessMask = VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
  dependencies[0].dstAccessMask = VK_ACCESS_COLOR_ATTACHMENT_READ_BIT | VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
  dependencies[1].dstSubpass = VK_SUBPASS_EXTERNAL;
  dependencies[1].srcStageMask = kWriting;
  dependencies[1].dstStageMask = next.stage;
  dependencies[1].srcAccessMask = VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
  dependencies[1].dstAccessMask = next.access;

  VkRenderPassCreateInfo info{VK_STRUCTURE_TYPE_RENDER_PASS_CREATE_INFO};
  info.attachmentCount = 1;
  info.pAttachments = &attachment;
  info.subpassCount = 1;
  info.pSubpasses = &subpass;
  info.dependencyCount = static_cast<std::uint32_t>(dependencies.size());
  info.pDependencies = dependencies.data();
  return make(pass, device, vkCreateRenderPass, info);
}

VkResult make_framebuffer(VkDevice device, VkRenderPass pass, VkImageView view, core::Size size,
                          Framebuffer& framebuffer) {
  VkFramebufferCreateInfo info{VK_STRUCTURE_TYPE_FRAMEBUFFER_CREATE_INFO};
  info.renderPass = pass;
  info.attachmentCount = 1;
  info.pAttachments = &view;
  info.width = static_cast<std::uint32_t>(size.width_px);
  info.height = static_cast<std::uint32_t>(size.height_px);
  info.layers = 1;
  return make(framebuffer, device, vkCreateFramebuffer, info);
}

void begin_pass(VkCommandBuffer commands, const Target& target, const std::array<float, 4>& clear_rgba) {
  VkClearValue clear{};
  std::ranges::copy(clear_rgba, clear.color.float32);
  VkRenderPassBeginInfo info{VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO};
  info.renderPass = target.render_pass;
  info.framebuffer = target.framebuffer;
  info.renderArea.extent = {static_cast<std::uint32_t>(target.size.width_px),
                            static_cast<std::uint32_t>(target.size.height_px)};
  info.clearValueCount = 1;
  info.pClearValues = &clear;
  vkCmdBeginRenderPass(commands, &info, VK_SUBPASS_CONTENTS_INLINE);
}

void clear_rects(VkCommandBuffer commands, std::span<const VkClearRect> rects, const std::array<float, 4>& rgba) {
  if (rects.empty()) return;
  VkClearAttachment clear{};
  clear.aspectMask = VK_IMAGE_ASPECT_COLOR_BIT;
  std::ranges::copy(rgba, clear.clearValue.color.float32);
  vkCmdClearAttachments(commands, 1, &clear, static_cast<std::uint32_t>(rects.size()), rects.data());
}

}  // namespace gpu

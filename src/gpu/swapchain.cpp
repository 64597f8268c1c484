#include "gpu/swapchain.h"

#include <algorithm>

namespace gpu {
namespace {

std::uint32_t clamped(int wanted, std::uint32_t low, std::uint32_t high) {
  return std::clamp(static_cast<std::uint32_t>(wanted), low, high);
}

VkCompositeAlphaFlagBitsKHR opaque_or_any(VkCompositeAlphaFlagsKHR supported) {
  if ((supported & VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR) != 0) return VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR;
  return VK_COMPOSITE_ALPHA_INHERIT_BIT_KHR;
}

}  // namespace

base::Result<std::unique_ptr<Swapchain>> Swapchain::create(Device& device, core::Size size) {
  std::unique_ptr<Swapchain> swapchain(new Swapchain(device));
  if (auto status = swapchain->choose_format(); !status) return status.error();
  // Presenting waits for the semaphore `drawn`, which covers all earlier work.
  const NextUse present{VK_IMAGE_LAYOUT_PRESENT_SRC_KHR, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, 0};
  const VkSemaphoreCreateInfo semaphore{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
  Attempt all;
  bool made = all.ok(make_render_pass(device.handle(), swapchain->format(), VK_ATTACHMENT_LOAD_OP_CLEAR, present,
                                      swapchain->pass_)) &&
              all.ok(make_render_pass(device.handle(), swapchain->format(), VK_ATTACHMENT_LOAD_OP_LOAD, present,
                                      swapchain->again_));
  for (Semaphore& acquired : swapchain->acquired_)
    made = made && all.ok(make(acquired, device.handle(), vkCreateSemaphore, semaphore));
  if (!made) return failure(all.result(), "The window cannot be drawn to");
  if (auto status = swapchain->resize(size); !status) return status.error();
  return swapchain;
}

base::Status Swapchain::choose_format() {
  std::uint32_t count = 0;
  vkGetPhysicalDeviceSurfaceFormatsKHR(device_.physical(), device_.surface(), &count, nullptr);
  std::vector<VkSurfaceFormatKHR> formats(count);
  vkGetPhysicalDeviceSurfaceFormatsKHR(device_.physical(), device_.surface(), &count, formats.data());
  for (const VkSurfaceFormatKHR& format : formats) {
    const bool eight_bit = format.format == VK_FORMAT_B8G8R8A8_UNORM || format.format == VK_FORMAT_R8G8B8A8_UNORM;
    if (!eight_bit || format.colorSpace != VK_COLOR_SPACE_SRGB_NONLINEAR_KHR) continue;
    format_ = format;
    return {};
  }
  return base::Error{"The window cannot be drawn to", "it offers no 8-bit picture whose bytes are shown unchanged",
                     "Set the screen to 24-bit colour."};
}

base::Status Swapchain::resize(core::Size size) {
  vkQueueWaitIdle(device_.queue());
  VkSurfaceCapabilitiesKHR surface{};
  Attempt all;
  if (!all.ok(vkGetPhysicalDeviceSurfaceCapabilitiesKHR(device_.physical(), device_.surface(), &surface)))
    return device_.check(all.result(), "The window cannot be drawn to");
  readable_ = (surface.supportedUsageFlags & VK_IMAGE_USAGE_TRANSFER_SRC_BIT) != 0;

  VkSwapchainCreateInfoKHR info{VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR};
  info.surface = device_.surface();
  info.minImageCount = surface.minImageCount + 1;  // one to draw while the others are queued
  if (surface.maxImageCount != 0) info.minImageCount = std::min(info.minImageCount, surface.maxImageCount);
  info.imageFormat = format_.format;
  info.imageColorSpace = format_.colorSpace;
  info.imageExtent = {clamped(size.width_px, surface.minImageExtent.width, surface.maxImageExtent.width),
                      clamped(size.height_px, surface.minImageExtent.height, surface.maxImageExtent.height)};
  info.imageArrayLayers = 1;
  info.imageUsage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT;
  if (readable_) info.imageUsage |= VK_IMAGE_USAGE_TRANSFER_SRC_BIT;
  info.imageSharingMode = VK_SHARING_MODE_EXCLUSIVE;
  info.preTransform = surface.currentTransform;
  info.compositeAlpha = opaque_or_any(surface.supportedCompositeAlpha);
  info.presentMode = VK_PRESENT_MODE_FIFO_KHR;
  info.clipped = VK_FALSE;  // pictures keep what they show: target_again()
  info.oldSwapchain = swapchain_.get();
  size_ = {static_cast<int>(info.imageExtent.width), static_cast<int>(info.imageExtent.height)};

  pictures_.clear();
  SwapchainHandle made;
  if (!all.ok(make(made, device_.handle(), vkCreateSwapchainKHR, info)))
    return device_.check(all.result(), "The window cannot be drawn to");
  swapchain_ = std::move(made);
  std::uint32_t count = 0;
  vkGetSwapchainImagesKHR(device_.handle(), swapchain_.get(), &count, nullptr);
  std::vector<VkImage> images(count);
  vkGetSwapchainImagesKHR(device_.handle(), swapchain_.get(), &count, images.data());
  for (VkImage image : images)
    if (!all.ok(make_picture(image, pictures_.emplace_back())))
      return device_.check(all.result(), "The window cannot be drawn to");
  return {};
}

VkResult Swapchain::make_picture(VkImage image, Picture& picture) const {
  picture.image = image;
  VkImageViewCreateInfo view{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
  view.image = image;
  view.viewType = VK_IMAGE_VIEW_TYPE_2D;
  view.format = format_.format;
  view.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
  const VkSemaphoreCreateInfo semaphore{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
  Attempt all;
  if (all.ok(make(picture.view, device_.handle(), vkCreateImageView, view)) &&
      all.ok(make(picture.drawn, device_.handle(), vkCreateSemaphore, semaphore)))
    all.ok(make_framebuffer(device_.handle(), pass_.get(), picture.view.get(), size_, picture.framebuffer));
  return all.result();
}

base::Result<bool> Swapchain::acquire(std::size_t frame_slot) {
  frame_slot_ = frame_slot;
  // A window that is hidden or frozen may never give one: the frame is then left out, not waited for.
  constexpr std::uint64_t kPatience_ns = 1'000'000'000;
  const VkResult result = vkAcquireNextImageKHR(device_.handle(), swapchain_.get(), kPatience_ns,
                                                acquired_[frame_slot].get(), VK_NULL_HANDLE, &current_);
  if (result == VK_ERROR_OUT_OF_DATE_KHR || result == VK_TIMEOUT) return false;
  if (result == VK_SUBOPTIMAL_KHR) return true;  // it still can be shown; present() will say so again
  if (auto status = device_.check(result, "The window gives no picture to draw"); !status) return status.error();
  return true;
}

Target Swapchain::target() const {
  return {pass_.get(), pictures_[current_].framebuffer.get(), size_};
}

Target Swapchain::target_again() const {
  return {again_.get(), pictures_[current_].framebuffer.get(), size_};
}

PresentSync Swapchain::sync() const {
  return {acquired_[frame_slot_].get(), pictures_[current_].drawn.get()};
}

VkImage Swapchain::readable_image() const {
  return readable_ ? pictures_[current_].image : VK_NULL_HANDLE;
}

base::Result<bool> Swapchain::present() {
  VkSemaphore drawn = pictures_[current_].drawn.get();
  VkSwapchainKHR swapchain = swapchain_.get();
  VkPresentInfoKHR info{VK_STRUCTURE_TYPE_PRESENT_INFO_KHR};
  info.waitSemaphoreCount = 1;
  info.pWaitSemaphores = &drawn;
  info.swapchainCount = 1;
  info.pSwapchains = &swapchain;
  info.pImageIndices = &current_;
  const VkResult result = vkQueuePresentKHR(device_.queue(), &info);
  if (result == VK_ERROR_OUT_OF_DATE_KHR || result == VK_SUBOPTIMAL_KHR) return false;
  if (auto status = device_.check(result, "The window cannot be shown"); !status) return status.error();
  return true;
}

}  // namespace gpu

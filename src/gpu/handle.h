// Move-only owners of Vulkan handles, and Vulkan's result codes as sentences. An owner destroys at once when it dies:
// whatever a frame may still use is handed to Frames::retire instead. UI thread.
#pragma once
#include <vulkan/vulkan.h>

#include <string>
#include <utility>

#include "base/result.h"

namespace gpu {

template <class T, auto kDestroy>
class Handle {
 public:
  Handle() = default;
  Handle(VkDevice device, T handle) : device_(device), handle_(handle) {}
  Handle(Handle&& other) noexcept
      : device_(std::exchange(other.device_, nullptr)), handle_(std::exchange(other.handle_, T{})) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() {
    if (handle_ != T{}) kDestroy(device_, handle_, nullptr);
  }

  [[nodiscard]] T get() const { return handle_; }

 private:
  VkDevice device_ = nullptr;
  T handle_{};
};

using Buffer = Handle<VkBuffer, vkDestroyBuffer>;
using CommandPool = Handle<VkCommandPool, vkDestroyCommandPool>;
using DescriptorPool = Handle<VkDescriptorPool, vkDestroyDescriptorPool>;
using DescriptorSetLayout = Handle<VkDescriptorSetLayout, vkDestroyDescriptorSetLayout>;
using Fence = Handle<VkFence, vkDestroyFence>;
using Framebuffer = Handle<VkFramebuffer, vkDestroyFramebuffer>;
using Image = Handle<VkImage, vkDestroyImage>;
using ImageView = Handle<VkImageView, vkDestroyImageView>;
using Memory = Handle<VkDeviceMemory, vkFreeMemory>;
using Pipeline = Handle<VkPipeline, vkDestroyPipeline>;
using PipelineLayout = Handle<VkPipelineLayout, vkDestroyPipelineLayout>;
using RenderPass = Handle<VkRenderPass, vkDestroyRenderPass>;
using Semaphore = Handle<VkSemaphore, vkDestroySemaphore>;
using ShaderModule = Handle<VkShaderModule, vkDestroyShaderModule>;
using SwapchainHandle = Handle<VkSwapchainKHR, vkDestroySwapchainKHR>;

// make(semaphore, device, vkCreateSemaphore, info): one creation call, owned.
template <class T, auto kDestroy, class CreateInfo>
VkResult make(Handle<T, kDestroy>& owner, VkDevice device,
              VkResult (*create)(VkDevice, const CreateInfo*, const VkAllocationCallbacks*, T*),
              const CreateInfo& info) {
  T handle{};
  const VkResult result = create(device, &info, nullptr, &handle);
  if (result == VK_SUCCESS) owner = Handle<T, kDestroy>(device, handle);
  return result;
}

// Creation in several calls: `all.ok(make(…)) && all.ok(make(…))` stops at the first failure and remembers it.
class Attempt {
 public:
  bool ok(VkResult result) {
    result_ = result;
    return result == VK_SUCCESS;
  }
  [[nodiscard]] VkResult result() const { return result_; }

 private:
  VkResult result_ = VK_SUCCESS;
};

// A sentence for people; `what` names the thing, e.g. "A texture of 224 x 224 pixels cannot be made".
base::Error failure(VkResult result, std::string what);

}  // namespace gpu

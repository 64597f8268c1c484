#include "gpu/handle.h"

namespace gpu {

base::Error failure(VkResult result, std::string what) {
  switch (result) {
    case VK_ERROR_OUT_OF_HOST_MEMORY:
      return {std::move(what), "memory is used up", "Close other programs."};
    case VK_ERROR_OUT_OF_DEVICE_MEMORY:
      return {std::move(what), "graphics memory is used up", "Make the window smaller, or close other programs."};
    case VK_ERROR_DEVICE_LOST:
      return {std::move(what), "the graphics device stopped answering",
              "unitscope starts it again; if that repeats, update its driver."};
    case VK_ERROR_SURFACE_LOST_KHR:
      return {std::move(what), "the window's surface is gone", "Start unitscope again."};
    case VK_ERROR_LAYER_NOT_PRESENT:
      return {std::move(what), "the Vulkan validation layer is not installed",
              "Install it (on Debian: vulkan-validationlayers), or leave out --validation and UNITSCOPE_VALIDATION."};
    case VK_ERROR_INCOMPATIBLE_DRIVER:
    case VK_ERROR_INITIALIZATION_FAILED:
      return {std::move(what), "there is no Vulkan driver that works",
              "Install a driver (on Debian: mesa-vulkan-drivers, which needs no graphics card)."};
    case VK_ERROR_EXTENSION_NOT_PRESENT:
    case VK_ERROR_FEATURE_NOT_PRESENT:
      return {std::move(what), "the driver lacks a feature that is needed", "Update the graphics driver."};
    default:
      return {std::move(what), "Vulkan answered with code " + std::to_string(result), "Update the graphics driver."};
  }
}

}  // namespace gpu

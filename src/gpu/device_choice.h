// Which of the machine's Vulkan devices to use: one that can draw (and present, if there is a surface), Vulkan 1.2 or
// newer, a discrete one first and a software one last. Any thread.
#pragma once
#include <vulkan/vulkan.h>

#include <cstdint>

#include "base/result.h"

namespace gpu {

struct DeviceChoice {
  VkPhysicalDevice physical = nullptr;
  std::uint32_t queue_family = 0;  // draws, copies and, if there is a surface, presents to it
};

// The error lists every device that was found and why it will not do.
base::Result<DeviceChoice> choose_device(VkInstance instance, VkSurfaceKHR surface);

}  // namespace gpu

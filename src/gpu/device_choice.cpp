#include "gpu/device_choice.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gpu {
namespace {

int preference(VkPhysicalDeviceType type) {
  switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return 4;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return 3;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return 2;
    default:
      return 1;
  }
}

bool has_swapchain_extension(VkPhysicalDevice device) {
  std::uint32_t count = 0;
  vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr);
  std::vector<VkExtensionProperties> extensions(count);
  vkEnumerateDeviceExtensionProperties(device, nullptr, &count, extensions.data());
  return std::ranges::any_of(extensions, [](const VkExtensionProperties& extension) {
    return std::string_view(extension.extensionName) == VK_KHR_SWAPCHAIN_EXTENSION_NAME;
  });
}

std::optional<std::uint32_t> queue_family(VkPhysicalDevice device, VkSurfaceKHR surface) {
  std::uint32_t count = 0;
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  vkGetPhysicalDeviceQueueFamilyProperties(device, &count, families.data());
  for (std::uint32_t i = 0; i < count; ++i) {
    if ((families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT) == 0) continue;
    VkBool32 presents = surface == VK_NULL_HANDLE ? VK_TRUE : VK_FALSE;
    if (surface != VK_NULL_HANDLE) vkGetPhysicalDeviceSurfaceSupportKHR(device, i, surface, &presents);
    if (presents == VK_TRUE) return i;
  }
  return std::nullopt;
}

}  // namespace

base::Result<DeviceChoice> choose_device(VkInstance instance, VkSurfaceKHR surface) {
  std::uint32_t count = 0;
  vkEnumeratePhysicalDevices(instance, &count, nullptr);
  std::vector<VkPhysicalDevice> devices(count);
  vkEnumeratePhysicalDevices(instance, &count, devices.data());

  std::optional<DeviceChoice> best;
  int best_preference = 0;
  std::string refused;
  for (VkPhysicalDevice device : devices) {
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(device, &properties);
    const auto family = queue_family(device, surface);
    const auto refuse = [&](std::string_view why) {
      refused += (refused.empty() ? "" : ", ") + std::string(properties.deviceName) + " " + std::string(why);
    };
    if (properties.apiVersion < VK_API_VERSION_1_2) {
      refuse("is older than Vulkan 1.2");
    } else if (!family) {
      refuse(surface == VK_NULL_HANDLE ? "cannot draw" : "cannot draw to this window");
    } else if (surface != VK_NULL_HANDLE && !has_swapchain_extension(device)) {
      refuse("cannot present to windows");
    } else if (preference(properties.deviceType) > best_preference) {
      best = DeviceChoice{device, *family};
      best_preference = preference(properties.deviceType);
    }
  }
  if (best) return *best;
  return base::Error{"No Vulkan device can be used", refused.empty() ? "none was found" : refused,
                     "Install a driver (on Debian: mesa-vulkan-drivers, which needs no graphics card)."};
}

}  // namespace gpu

// The Vulkan instance, one device of 1.2 or newer and one queue that does everything, with the validation layer on
// request. A software device (lavapipe) will do; a discrete one is preferred. Knows nothing of windows: whoever has one
// says how its surface is made. UI thread, but validation messages may come from any.
#pragma once
#include <vulkan/vulkan.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gpu {

struct DeviceOptions {
  bool validation = false;                       // also on when UNITSCOPE_VALIDATION=1
  std::vector<const char*> instance_extensions;  // those the window system asks for
  // Makes the surface that is presented to; absent when everything is drawn offscreen.
  std::function<VkResult(VkInstance, VkSurfaceKHR*)> make_surface;
};

// What the validation layer said, in order. Each message is a bug of ours.
class ValidationLog {
 public:
  void add(std::string message);
  [[nodiscard]] std::vector<std::string> messages() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> messages_;
};

class Device {
 public:
  static base::Result<std::unique_ptr<Device>> create(const DeviceOptions& options);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device();

  [[nodiscard]] VkInstance instance() const { return instance_; }
  [[nodiscard]] VkPhysicalDevice physical() const { return physical_; }
  [[nodiscard]] VkDevice handle() const { return device_; }
  [[nodiscard]] VkQueue queue() const { return queue_; }
  [[nodiscard]] std::uint32_t queue_family() const { return queue_family_; }
  [[nodiscard]] VkSurfaceKHR surface() const { return surface_; }  // null when offscreen
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_software() const { return is_software_; }  // it draws with the processor
  [[nodiscard]] std::uint32_t max_side_px() const { return max_side_px_; }
  [[nodiscard]] const ValidationLog& validation() const { return validation_; }
  [[nodiscard]] bool validates() const {
    return messenger_ != VK_NULL_HANDLE;
  }  // an empty log says something only then

  // The index of a memory type among `allowed` bits with all the wanted properties; nothing fits: UINT32_MAX.
  [[nodiscard]] std::uint32_t memory_type(std::uint32_t allowed, VkMemoryPropertyFlags wanted) const;

  // A device that is lost stays lost: destroy everything that was made with it and create another.
  base::Status check(VkResult result, std::string_view what);
  [[nodiscard]] bool lost() const { return lost_; }

 private:
  Device() = default;
  VkResult make_instance(const DeviceOptions& options);
  VkResult make_device();

  ValidationLog validation_;
  VkInstance instance_ = nullptr;
  VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
  VkSurfaceKHR surface_ = VK_NULL_HANDLE;
  VkPhysicalDevice physical_ = nullptr;
  VkPhysicalDeviceMemoryProperties memory_{};
  VkDevice device_ = nullptr;
  VkQueue queue_ = nullptr;
  std::uint32_t queue_family_ = 0;
  std::uint32_t max_side_px_ = 0;
  bool is_software_ = false;
  std::string name_;
  bool lost_ = false;
};

}  // namespace gpu

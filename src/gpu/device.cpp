#include "gpu/device.h"

#include <dlfcn.h>

#include <array>
#include <cstdlib>

#include "base/log.h"
#include "gpu/device_choice.h"
#include "gpu/handle.h"

namespace gpu {
namespace {

constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";

VKAPI_ATTR VkBool32 VKAPI_CALL on_message(VkDebugUtilsMessageSeverityFlagBitsEXT, VkDebugUtilsMessageTypeFlagsEXT,
                                          const VkDebugUtilsMessengerCallbackDataEXT* data, void* log) {
  base::log_error(std::string("Vulkan validation: ") + data->pMessage);
  static_cast<ValidationLog*>(log)->add(data->pMessage);
  return VK_FALSE;
}

// The loader's and drivers' own chatter is of the general type and left out: only the layer's findings count.
VkDebugUtilsMessengerCreateInfoEXT messenger_info(ValidationLog& log) {
  VkDebugUtilsMessengerCreateInfoEXT info{VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT};
  info.messageSeverity =
      VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
  info.messageType = VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
  info.pfnUserCallback = on_message;
  info.pUserData = &log;
  return info;
}

bool asked_by_environment() {
  const char* value = std::getenv("UNITSCOPE_VALIDATION");
  return value != nullptr && std::string_view(value) == "1";
}

// A LibTorch with an LLVM built in (Debian 13's) exports some of its C functions, and a software device would take them
// for those of the libLLVM that it was linked with, and crash. Loaded like this, it prefers its own.
void keep_software_driver_apart() {
  if (dlsym(RTLD_DEFAULT, "LLVMAddSymbol") == nullptr) return;
  if (dlopen("libvulkan_lvp.so", RTLD_LAZY | RTLD_LOCAL | RTLD_DEEPBIND) == nullptr)
    base::log_info("no software Vulkan device is installed");
}

}  // namespace

void ValidationLog::add(std::string message) {
  const std::scoped_lock lock(mutex_);
  messages_.push_back(std::move(message));
}

std::vector<std::string> ValidationLog::messages() const {
  const std::scoped_lock lock(mutex_);
  return messages_;
}

base::Result<std::unique_ptr<Device>> Device::create(const DeviceOptions& options) {
  keep_software_driver_apart();
  std::unique_ptr<Device> device(new Device);
  Attempt all;
  if (!all.ok(device->make_instance(options))) return failure(all.result(), "Vulkan cannot be started");
  if (options.make_surface && !all.ok(options.make_surface(device->instance_, &device->surface_)))
    return failure(all.result(), "The window cannot be drawn to with Vulkan");
  const auto choice = choose_device(device->instance_, device->surface_);
  if (!choice) return choice.error();
  device->physical_ = choice->physical;
  device->queue_family_ = choice->queue_family;

  VkPhysicalDeviceProperties properties;
  vkGetPhysicalDeviceProperties(device->physical_, &properties);
  device->name_ = properties.deviceName;
  device->is_software_ = properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
  device->max_side_px_ = properties.limits.maxImageDimension2D;
  vkGetPhysicalDeviceMemoryProperties(device->physical_, &device->memory_);
  if (!all.ok(device->make_device()))
    return failure(all.result(), "The Vulkan device " + device->name_ + " refuses to start");
  vkGetDeviceQueue(device->device_, device->queue_family_, 0, &device->queue_);
  return device;
}

VkResult Device::make_instance(const DeviceOptions& options) {
  const bool validation = options.validation || asked_by_environment();
  VkApplicationInfo application{VK_STRUCTURE_TYPE_APPLICATION_INFO};
  application.pApplicationName = "unitscope";
  application.apiVersion = VK_API_VERSION_1_2;

  std::vector<const char*> extensions = options.instance_extensions;
  std::vector<const char*> layers;
  VkDebugUtilsMessengerCreateInfoEXT messenger = messenger_info(validation_);
  // Two frames in flight are exactly where a missing barrier hides: synchronization is validated as well.
  const std::array features = {VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT};
  VkValidationFeaturesEXT more{VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT};
  more.enabledValidationFeatureCount = static_cast<std::uint32_t>(features.size());
  more.pEnabledValidationFeatures = features.data();
  more.pNext = &messenger;  // so that creating and destroying the instance is watched too

  VkInstanceCreateInfo info{VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO};
  info.pApplicationInfo = &application;
  if (validation) {
    extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
    layers.push_back(kValidationLayer);
    info.pNext = &more;
  }
  info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  info.enabledLayerCount = static_cast<std::uint32_t>(layers.size());
  info.ppEnabledLayerNames = layers.data();
  const VkResult result = vkCreateInstance(&info, nullptr, &instance_);
  if (result != VK_SUCCESS || !validation) return result;
  const auto create = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(
      vkGetInstanceProcAddr(instance_, "vkCreateDebugUtilsMessengerEXT"));
  return create(instance_, &messenger, nullptr, &messenger_);
}

VkResult Device::make_device() {
  const float priority = 1.0F;
  VkDeviceQueueCreateInfo queue{VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO};
  queue.queueFamilyIndex = queue_family_;
  queue.queueCount = 1;
  queue.pQueuePriorities = &priority;

  const char* swapchain = VK_KHR_SWAPCHAIN_EXTENSION_NAME;
  VkDeviceCreateInfo info{VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO};
  info.queueCreateInfoCount = 1;
  info.pQueueCreateInfos = &queue;
  info.enabledExtensionCount = surface_ == VK_NULL_HANDLE ? 0 : 1;
  info.ppEnabledExtensionNames = &swapchain;
  return vkCreateDevice(physical_, &info, nullptr, &device_);
}

Device::~Device() {
  if (device_ != nullptr) {
    vkDeviceWaitIdle(device_);
    vkDestroyDevice(device_, nullptr);
  }
  if (instance_ == nullptr) return;
  if (surface_ != VK_NULL_HANDLE) vkDestroySurfaceKHR(instance_, surface_, nullptr);
  if (messenger_ != VK_NULL_HANDLE) {
    const auto destroy = reinterpret_cast<PFN_vkDestroyDebugUtilsMessengerEXT>(
        vkGetInstanceProcAddr(instance_, "vkDestroyDebugUtilsMessengerEXT"));
    destroy(instance_, messenger_, nullptr);
  }
  vkDestroyInstance(instance_, nullptr);
}

std::uint32_t Device::memory_type(std::uint32_t allowed, VkMemoryPropertyFlags wanted) const {
  for (std::uint32_t i = 0; i < memory_.memoryTypeCount; ++i)
    if ((allowed & (1U << i)) != 0 && (memory_.memoryTypes[i].propertyFlags & wanted) == wanted) return i;
  return UINT32_MAX;
}

base::Status Device::check(VkResult result, std::string_view what) {
  if (result == VK_SUCCESS) return {};
  if (result == VK_ERROR_DEVICE_LOST) lost_ = true;
  return failure(result, std::string(what));
}

}  // namespace gpu

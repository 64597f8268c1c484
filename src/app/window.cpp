#include "app/window.h"

// vulkan.h first: GLFW declares its Vulkan functions only then.
#include <vulkan/vulkan.h>
//
#include <GLFW/glfw3.h>
#include <imgui_impl_glfw.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace app {
namespace {

std::string last_glfw_error() {
  const char* text = nullptr;
  glfwGetError(&text);
  return text != nullptr ? text : "it gives no reason";
}

base::Error no_window(const std::string& what_to_do) {
  return {"No window can be opened", last_glfw_error(), what_to_do};
}

Window& of(GLFWwindow* window) {
  return *static_cast<Window*>(glfwGetWindowUserPointer(window));
}

float scale_of(GLFWwindow* window) {
  float x = 1.0F, y = 1.0F;
  glfwGetWindowContentScale(window, &x, &y);
  // Where the window system counts in larger units itself (framebuffer larger than window), that part is done.
  int width = 0, framebuffer_width = 0, height = 0;
  glfwGetWindowSize(window, &width, &height);
  glfwGetFramebufferSize(window, &framebuffer_width, &height);
  const float counted = width > 0 ? static_cast<float>(framebuffer_width) / static_cast<float>(width) : 1.0F;
  return counted > 0.0F ? std::max(x / counted, 0.5F) : 1.0F;
}

// The monitor that shows most of the window; null where there is none.
GLFWmonitor* monitor_of(GLFWwindow* window) {
  if (GLFWmonitor* own = glfwGetWindowMonitor(window)) return own;
  int x = 0, y = 0, width = 0, height = 0, count = 0;
  glfwGetWindowPos(window, &x, &y);
  glfwGetWindowSize(window, &width, &height);
  GLFWmonitor** all = glfwGetMonitors(&count);
  GLFWmonitor* best = nullptr;
  long most = -1;
  for (GLFWmonitor* monitor : std::span(all, static_cast<std::size_t>(std::max(0, count)))) {
    int left = 0, top = 0;
    glfwGetMonitorPos(monitor, &left, &top);
    const GLFWvidmode* mode = glfwGetVideoMode(monitor);
    if (mode == nullptr) continue;
    const long across = std::min(x + width, left + mode->width) - std::max(x, left);
    const long down = std::min(y + height, top + mode->height) - std::max(y, top);
    const long shared = std::max(0L, across) * std::max(0L, down);
    if (shared > most) {
      most = shared;
      best = monitor;
    }
  }
  return best;
}

}  // namespace

base::Result<std::unique_ptr<Window>> Window::open(core::Size size, const std::string& title) {
  if (glfwInit() != GLFW_TRUE)
    return no_window(
        "Start it from a desktop, or draw without a window: unitscope --offscreen --script FILE --out DIR.");
  std::unique_ptr<Window> window(new Window);
  if (glfwVulkanSupported() != GLFW_TRUE)
    return no_window("Install a Vulkan driver (on Debian: mesa-vulkan-drivers, which needs no graphics card).");
  glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
  glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
  window->window_ = glfwCreateWindow(size.width_px, size.height_px, title.c_str(), nullptr, nullptr);
  if (window->window_ == nullptr) return no_window("Close other programs, or set another screen mode.");
  glfwSetWindowSizeLimits(window->window_, 640, 400, GLFW_DONT_CARE, GLFW_DONT_CARE);
  GLFWmonitor* monitor = monitor_of(window->window_);
  const GLFWvidmode* mode = monitor == nullptr ? nullptr : glfwGetVideoMode(monitor);
  if (mode != nullptr) window->refresh_hz_ = static_cast<double>(mode->refreshRate);
  window->install_callbacks();
  // Dear ImGui's own callbacks come after, and call these.
  window->gui_attached_ = ImGui_ImplGlfw_InitForVulkan(window->window_, true);
  return window;
}

Window::~Window() {
  if (gui_attached_) ImGui_ImplGlfw_Shutdown();
  if (window_ != nullptr) glfwDestroyWindow(window_);
  glfwTerminate();
}

void Window::install_callbacks() {
  glfwSetWindowUserPointer(window_, this);
  constexpr auto now = std::chrono::steady_clock::now;
  glfwSetKeyCallback(window_, [](GLFWwindow* w, int, int, int action, int) { of(w).note_button(action); });
  glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int, int action, int) { of(w).note_button(action); });
  glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double, double) { of(w).input_time_ = now(); });
  glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double) { of(w).input_time_ = now(); });
  glfwSetDropCallback(window_, [](GLFWwindow* w, int count, const char** paths) {
    for (const char* path : std::span(paths, static_cast<std::size_t>(count))) of(w).dropped_.emplace_back(path);
    of(w).input_time_ = now();
  });
}

// GLFW's events carry no time, so the clock is read first thing.
void Window::note_button(int action) {
  input_time_ = std::chrono::steady_clock::now();
  if (action == GLFW_PRESS) press_time_ = input_time_;
}

void Window::handle_events(double timeout_s) {
  if (timeout_s > 0.0) {
    glfwWaitEventsTimeout(timeout_s);
  } else {
    glfwPollEvents();
  }
}

void Window::wake() {
  glfwPostEmptyEvent();
}

void Window::begin_frame() {
  ImGui_ImplGlfw_NewFrame();
}

bool Window::wants_to_close() const {
  return glfwWindowShouldClose(window_) == GLFW_TRUE;
}

void Window::keep_open() {
  glfwSetWindowShouldClose(window_, GLFW_FALSE);
}

void Window::fill_screen() {
  GLFWmonitor* monitor = monitor_of(window_);
  const GLFWvidmode* mode = monitor == nullptr ? nullptr : glfwGetVideoMode(monitor);
  if (mode == nullptr) return;
  glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
  refresh_hz_ = static_cast<double>(mode->refreshRate);
}

void Window::set_least_size(core::Size design) {
  const auto scaled = [&](int side) {
    return static_cast<int>(std::lround(static_cast<float>(side) * content_scale()));
  };
  glfwSetWindowSizeLimits(window_, scaled(design.width_px), scaled(design.height_px), GLFW_DONT_CARE, GLFW_DONT_CARE);
}

core::Size Window::framebuffer_size() const {
  core::Size size;
  glfwGetFramebufferSize(window_, &size.width_px, &size.height_px);
  return size;
}

core::Size Window::design_size() const {
  core::Size size;
  glfwGetWindowSize(window_, &size.width_px, &size.height_px);
  const auto unscaled = [&](int side) {
    return static_cast<int>(std::lround(static_cast<float>(side) / content_scale()));
  };
  return {unscaled(size.width_px), unscaled(size.height_px)};
}

float Window::content_scale() const {
  return scale_of(window_);
}

std::vector<std::filesystem::path> Window::take_dropped() {
  return std::exchange(dropped_, {});
}

void Window::point(core::Point at) {
  // GLFW gives a callback only in exchange for another.
  const auto entered = glfwSetCursorEnterCallback(window_, nullptr);
  const auto moved = glfwSetCursorPosCallback(window_, nullptr);
  glfwSetCursorEnterCallback(window_, entered);
  glfwSetCursorPosCallback(window_, moved);
  entered(window_, GLFW_TRUE);
  moved(window_, static_cast<double>(at.x), static_cast<double>(at.y));
}

void Window::press(bool down) {
  const auto pressed = glfwSetMouseButtonCallback(window_, nullptr);
  glfwSetMouseButtonCallback(window_, pressed);
  pressed(window_, GLFW_MOUSE_BUTTON_LEFT, down ? GLFW_PRESS : GLFW_RELEASE, 0);
}

gpu::DeviceOptions Window::device_options() const {
  gpu::DeviceOptions options;
  std::uint32_t count = 0;
  const char** names = glfwGetRequiredInstanceExtensions(&count);
  options.instance_extensions.assign(names, names + count);
  options.make_surface = [window = window_](VkInstance instance, VkSurfaceKHR* surface) {
    return glfwCreateWindowSurface(instance, window, nullptr, surface);
  };
  return options;
}

}  // namespace app

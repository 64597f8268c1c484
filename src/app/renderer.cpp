#include "app/renderer.h"

#include <imgui_impl_vulkan.h>

#include <array>

#include "base/log.h"
#include "ui/theme.h"

namespace app {
namespace {

constexpr std::uint32_t kDescriptors = 4096;  // the cache keeps to a quarter; the rest is retiring

std::array<float, 4> ground() {
  const auto channel = [](std::uint32_t value) { return static_cast<float>(value & 0xffU) / 255.0F; };
  return {channel(ui::palette::kGround >> 16U), channel(ui::palette::kGround >> 8U), channel(ui::palette::kGround),
          1.0F};
}

void on_result(VkResult result) {
  // A lost device shows again in the next submission, which acts on it.
  if (result < 0) base::log_error(gpu::failure(result, "The window's text and shapes cannot be drawn").sentence());
}

double ms_since(Renderer::Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Renderer::Clock::now() - start).count();
}

}  // namespace

base::Result<std::unique_ptr<Renderer>> Renderer::create(const gpu::DeviceOptions& options, core::Size size) {
  std::unique_ptr<Renderer> renderer(new Renderer);
  auto device = gpu::Device::create(options);
  if (!device) return device.error();
  renderer->device_ = std::move(*device);
  auto frames = gpu::Frames::create(*renderer->device_);
  if (!frames) return frames.error();
  renderer->frames_ = std::move(*frames);
  if (options.make_surface) {
    auto swapchain = gpu::Swapchain::create(*renderer->device_, size);
    if (!swapchain) return swapchain.error();
    renderer->swapchain_ = std::move(*swapchain);
  } else {
    auto offscreen = gpu::Offscreen::create(*renderer->device_, size);
    if (!offscreen) return offscreen.error();
    renderer->offscreen_ = std::move(*offscreen);
  }
  if (auto status = renderer->start_imgui(); !status) return status.error();
  auto cache = TextureCache::create(*renderer->device_, *renderer->frames_);
  if (!cache) return cache.error();
  renderer->cache_ = std::move(*cache);
  return renderer;
}

base::Status Renderer::start_imgui() {
  ImGui_ImplVulkan_InitInfo info{};
  info.ApiVersion = VK_API_VERSION_1_2;
  info.Instance = device_->instance();
  info.PhysicalDevice = device_->physical();
  info.Device = device_->handle();
  info.QueueFamily = device_->queue_family();
  info.Queue = device_->queue();
  info.DescriptorPoolSize = kDescriptors;
  // How many frames it must assume the device still works on.
  info.MinImageCount = gpu::Frames::kInFlight;
  info.ImageCount = gpu::Frames::kInFlight + 1;
  info.PipelineInfoMain.RenderPass = swapchain_ ? swapchain_->render_pass() : offscreen_->target().render_pass;
  info.PipelineInfoMain.MSAASamples = VK_SAMPLE_COUNT_1_BIT;
  info.CheckVkResultFn = on_result;
  imgui_started_ = ImGui_ImplVulkan_Init(&info);
  if (imgui_started_) return {};
  return base::Error{"The window cannot be drawn", "Dear ImGui refuses the device " + device_->name(), ""};
}

Renderer::~Renderer() {
  cache_.reset();
  // What retired gives its descriptors back to Dear ImGui's pool, so it goes before Dear ImGui's part does.
  if (frames_ != nullptr) {
    if (auto status = frames_->finish(); !status) base::log_warning(status.error().sentence());
  }
  if (imgui_started_) ImGui_ImplVulkan_Shutdown();
}

base::Status Renderer::begin_frame() {
  if (auto status = frames_->begin(); !status) return status;
  cache_->begin_frame();
  ImGui_ImplVulkan_NewFrame();
  return {};
}

gpu::Target Renderer::target(bool again) const {
  if (swapchain_) return again ? swapchain_->target_again() : swapchain_->target();
  return again ? offscreen_->target_again() : offscreen_->target();
}

Tiles& Renderer::shown() {
  const std::size_t picture = swapchain_ ? swapchain_->picture() : 0;
  if (shown_.size() <= picture) shown_.resize(picture + 1);
  return shown_[picture];
}

base::Status Renderer::resize(core::Size size) {
  shown_.clear();
  return swapchain_->resize(size);
}

base::Result<bool> Renderer::acquire(core::Size size) {
  if (!swapchain_) return true;
  if (size.width_px < 1 || size.height_px < 1) return false;
  const auto start = Clock::now();
  if (stale_ || !(size == swapchain_->size())) {
    if (auto status = resize(size); !status) return status.error();
    stale_ = false;
  }
  auto acquired = swapchain_->acquire(frames_->slot());
  if (acquired && !*acquired) {
    if (auto status = resize(size); !status) return status.error();
    acquired = swapchain_->acquire(frames_->slot());
  }
  screen_wait_ms_ = ms_since(start);
  return acquired;
}

base::Status Renderer::draw(ImDrawData& data, core::Size size) {
  return draw(data, size, nullptr);
}

base::Result<core::Image> Renderer::draw_and_read(ImDrawData& data, core::Size size) {
  std::optional<gpu::ReadBack> back;
  if (auto status = draw(data, size, &back); !status) return status.error();
  if (!back)
    return base::Error{"The window's picture cannot be read", "its window system keeps it, or it is minimized",
                       "Use --offscreen."};
  if (auto status = frames_->finish(); !status) return status.error();
  return back->image();
}

// The textures of this frame are wanted all the same.
base::Status Renderer::submit_without_picture() {
  drew_ = false;
  screen_wait_ms_ = 0.0;
  const base::Status status = frames_->submit();
  submitted_at_ = presented_at_ = Clock::now();
  return status;
}

base::Status Renderer::draw(ImDrawData& data, core::Size size, std::optional<gpu::ReadBack>* back) {
  const bool compares = device_->is_software() && !draws_all_;
  now_ = compares ? tiles_of(data, [this](ImTextureID id) { return cache_->identity(id); }) : Tiles{};
  if (back == nullptr && !now_.hashes.empty() && now_ == presented_) return submit_without_picture();
  const auto drawable = acquire(size);
  if (!drawable) return drawable.error();
  if (!*drawable) return submit_without_picture();
  // Where only reading back failed, the picture is shown all the same: what was acquired must be waited for and
  // presented, or its semaphore would stay signalled.
  const base::Status recorded = record(data, back);
  if (auto status = frames_->submit(swapchain_ ? swapchain_->sync() : gpu::PresentSync{}); !status) return status;
  submitted_at_ = presented_at_ = Clock::now();
  drew_ = true;
  presented_ = now_;
  if (!swapchain_) {
    const base::Status status = present_when_drawn_ ? frames_->finish() : base::Status();
    presented_at_ = Clock::now();
    return status ? recorded : status;
  }
  const auto presented = swapchain_->present();
  if (!presented) return presented.error();
  stale_ = !*presented;
  if (stale_) presented_ = {};
  presented_at_ = Clock::now();
  return recorded;
}

void Renderer::draw_into_target(ImDrawData& data) {
  VkCommandBuffer commands = frames_->commands();
  const core::Size whole = target(false).size;
  const std::vector<PixelRect> rects = damage(shown(), now_, whole);
  const bool again = rects != std::vector{PixelRect{0, 0, whole.width_px, whole.height_px}};
  gpu::begin_pass(commands, target(again), ground());
  if (again) {
    std::vector<VkClearRect> cleared;
    for (const PixelRect& rect : rects)
      cleared.push_back(
          {{{rect.min_x, rect.min_y},
            {static_cast<std::uint32_t>(rect.max_x - rect.min_x), static_cast<std::uint32_t>(rect.max_y - rect.min_y)}},
           0,
           1});
    gpu::clear_rects(commands, cleared, ground());
    keep_only(data, rects);
  }
  ImGui_ImplVulkan_RenderDrawData(&data, commands);
  vkCmdEndRenderPass(commands);
  shown() = now_;
}

base::Status Renderer::record(ImDrawData& data, std::optional<gpu::ReadBack>* back) {
  VkCommandBuffer commands = frames_->commands();
  draw_into_target(data);
  if (back == nullptr) return {};

  VkImage image = swapchain_ ? swapchain_->readable_image() : offscreen_->image();
  if (image == VK_NULL_HANDLE) return {};
  auto copied =
      gpu::ReadBack::create(*device_, target(false).size, swapchain_ ? swapchain_->format() : gpu::Offscreen::kFormat);
  if (!copied) return copied.error();
  const gpu::Transition to_read{VK_IMAGE_LAYOUT_PRESENT_SRC_KHR,
                                VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                                VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT,
                                VK_PIPELINE_STAGE_TRANSFER_BIT,
                                VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT,
                                VK_ACCESS_TRANSFER_READ_BIT};
  const gpu::Transition to_present{
      to_read.to, to_read.from, to_read.before, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, to_read.read, 0};
  if (swapchain_) gpu::transition(commands, image, to_read);
  copied->record(commands, image);
  if (swapchain_) gpu::transition(commands, image, to_present);
  *back = std::move(*copied);
  return {};
}

}  // namespace app

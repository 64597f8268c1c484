#include "gpu/frames.h"

#include <algorithm>
#include <chrono>

#include "base/check.h"

namespace gpu {
namespace {

constexpr std::size_t kStagingBytes = 1U << 20;  // a page of thumbnails; grows to what frames need
constexpr std::size_t kStagingAlignment = 16;
constexpr std::uint64_t kWait_ns = 10'000'000'000;  // a device that is silent for so long is lost

}  // namespace

base::Result<std::unique_ptr<Frames>> Frames::create(Device& device) {
  std::unique_ptr<Frames> frames(new Frames(device));
  for (Slot& slot : frames->slots_) {
    VkCommandPoolCreateInfo pool{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
    pool.flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT;
    pool.queueFamilyIndex = device.queue_family();
    const VkFenceCreateInfo fence{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    Attempt all;
    if (!all.ok(make(slot.pool, device.handle(), vkCreateCommandPool, pool)) ||
        !all.ok(make(slot.drawn, device.handle(), vkCreateFence, fence)))
      return failure(all.result(), "Frames cannot be recorded");
    VkCommandBufferAllocateInfo info{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    info.commandPool = slot.pool.get();
    info.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    info.commandBufferCount = 1;
    if (!all.ok(vkAllocateCommandBuffers(device.handle(), &info, &slot.commands)))
      return failure(all.result(), "Frames cannot be recorded");
  }
  return frames;
}

Frames::~Frames() {
  vkDeviceWaitIdle(device_.handle());
}

base::Status Frames::wait_for(Slot& slot) {
  base::Status status;
  if (slot.submitted) {
    VkFence fence = slot.drawn.get();
    VkResult result = vkWaitForFences(device_.handle(), 1, &fence, VK_TRUE, kWait_ns);
    if (result == VK_TIMEOUT) result = VK_ERROR_DEVICE_LOST;
    status = device_.check(result, "A frame was not drawn");
    slot.submitted = false;
  }
  slot.retired.clear();  // also when the device is lost: then it uses nothing any more
  return status;
}

base::Status Frames::begin() {
  const auto start = std::chrono::steady_clock::now();
  slot_ = (slot_ + 1) % kInFlight;
  Slot& slot = slots_[slot_];
  if (auto status = wait_for(slot); !status) return status;
  fence_wait_ms_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();

  // A frame that needed several buffers gets one that is large enough from now on.
  if (slot.staging.size() > 1) slot.staging.erase(slot.staging.begin(), slot.staging.end() - 1);
  slot.staged = 0;
  VkCommandBufferBeginInfo info{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
  info.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
  Attempt all;
  if (all.ok(vkResetCommandPool(device_.handle(), slot.pool.get(), 0)) &&
      all.ok(vkBeginCommandBuffer(slot.commands, &info)))
    return {};
  return device_.check(all.result(), "A frame cannot be recorded");
}

base::Status Frames::submit(const PresentSync& sync) {
  Slot& slot = slots_[slot_];
  // Only writing to the window's image waits for it: uploads and maps may go ahead.
  const VkPipelineStageFlags waiting = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
  VkSubmitInfo info{VK_STRUCTURE_TYPE_SUBMIT_INFO};
  info.waitSemaphoreCount = sync.acquired == VK_NULL_HANDLE ? 0 : 1;
  info.pWaitSemaphores = &sync.acquired;
  info.pWaitDstStageMask = &waiting;
  info.commandBufferCount = 1;
  info.pCommandBuffers = &slot.commands;
  info.signalSemaphoreCount = sync.drawn == VK_NULL_HANDLE ? 0 : 1;
  info.pSignalSemaphores = &sync.drawn;

  VkFence fence = slot.drawn.get();
  Attempt all;
  if (all.ok(vkEndCommandBuffer(slot.commands)) && all.ok(vkResetFences(device_.handle(), 1, &fence)) &&
      all.ok(vkQueueSubmit(device_.queue(), 1, &info, fence))) {
    slot.submitted = true;
    // A fence also waits for all earlier submissions, so this slot's keeps what any of them used.
    std::ranges::move(retiring_, std::back_inserter(slot.retired));
    retiring_.clear();
    return {};
  }
  return device_.check(all.result(), "A frame cannot be drawn");
}

base::Status Frames::finish() {
  base::Status status;
  for (Slot& slot : slots_)
    if (auto waited = wait_for(slot); !waited) status = waited;
  retiring_.clear();
  return status;
}

base::Result<Staged> Frames::stage(std::size_t bytes) {
  CHECK(bytes > 0, "nothing to stage");
  Slot& slot = slots_[slot_];
  const std::size_t start = (slot.staged + kStagingAlignment - 1) / kStagingAlignment * kStagingAlignment;
  if (slot.staging.empty() || start + bytes > slot.staging.back().bytes().size()) {
    const std::size_t doubled = slot.staging.empty() ? kStagingBytes : 2 * slot.staging.back().bytes().size();
    auto buffer = HostBuffer::create(device_, std::max(bytes, doubled), VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
    if (!buffer) return buffer.error();
    slot.staging.push_back(std::move(*buffer));
    slot.staged = bytes;
    return Staged{slot.staging.back().buffer(), 0, slot.staging.back().bytes().first(bytes)};
  }
  slot.staged = start + bytes;
  return Staged{slot.staging.back().buffer(), start, slot.staging.back().bytes().subspan(start, bytes)};
}

}  // namespace gpu

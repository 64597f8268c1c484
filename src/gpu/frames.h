// Two frames in flight: while the device draws one, the next is recorded. Owns their command buffers, fences, staging
// memory and retire lists. begin() … record … submit(); nothing else waits. UI thread.
#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/result.h"
#include "gpu/device.h"
#include "gpu/handle.h"
#include "gpu/texture.h"

namespace gpu {

// A place in this frame's staging memory, to be filled now and copied from by this frame.
struct Staged {
  VkBuffer buffer = VK_NULL_HANDLE;
  VkDeviceSize offset = 0;
  std::span<std::byte> bytes;
};

// What a submission waits for and signals when it draws to a window.
struct PresentSync {
  VkSemaphore acquired = VK_NULL_HANDLE;
  VkSemaphore drawn = VK_NULL_HANDLE;
};

class Frames {
 public:
  static constexpr std::size_t kInFlight = 2;

  static base::Result<std::unique_ptr<Frames>> create(Device& device);
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;
  ~Frames();

  // Waits until the frame before the last has been drawn, lets go of what retired with it, opens a command buffer.
  base::Status begin();
  base::Status submit(const PresentSync& sync = {});
  // Waits until everything submitted is done, and lets go of everything retired. Not between begin and submit.
  base::Status finish();

  [[nodiscard]] VkCommandBuffer commands() const { return slots_[slot_].commands; }  // between begin and submit
  [[nodiscard]] std::size_t slot() const { return slot_; }                           // 0 … kInFlight − 1
  // How long the last begin() waited for the device.
  [[nodiscard]] double fence_wait_ms() const { return fence_wait_ms_; }

  // Aligned for any texel. Between begin and submit.
  base::Result<Staged> stage(std::size_t bytes);

  // Keeps a thing alive until the device is done with every frame recorded so far, the open one included; then it dies.
  template <class T>
  void retire(T thing) {
    retiring_.push_back(std::make_shared<T>(std::move(thing)));
  }

 private:
  struct Slot {
    CommandPool pool;
    VkCommandBuffer commands = nullptr;
    Fence drawn;
    bool submitted = false;
    std::vector<HostBuffer> staging;  // the last one is being filled
    std::size_t staged = 0;           // bytes of it
    std::vector<std::shared_ptr<void>> retired;
  };

  explicit Frames(Device& device) : device_(device) {}
  base::Status wait_for(Slot& slot);

  Device& device_;
  std::array<Slot, kInFlight> slots_;
  std::size_t slot_ = 0;
  std::vector<std::shared_ptr<void>> retiring_;  // since the last submission
  double fence_wait_ms_ = 0.0;
};

}  // namespace gpu

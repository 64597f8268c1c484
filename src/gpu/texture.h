// Pictures and plain memory on the device. A Texture is an image with its memory and view; a HostBuffer is memory that
// both sides see, for copies in and out. Both destroy at once: retire them through Frames. UI thread.
#pragma once
#include <cstddef>
#include <span>

#include "base/result.h"
#include "core/image.h"
#include "core/map.h"
#include "gpu/device.h"
#include "gpu/handle.h"

namespace gpu {

class Frames;

// Every picture is RGBA bytes that no one converts: encoded in the file, encoded on screen.
inline constexpr VkFormat kPictureFormat = VK_FORMAT_R8G8B8A8_UNORM;
inline constexpr VkFormat kValueFormat = VK_FORMAT_R32_SFLOAT;

class Texture {
 public:
  Texture() = default;
  // Refuses sides of 0 and sides larger than the device can hold.
  static base::Result<Texture> create(const Device& device, core::Size size, VkFormat format, VkImageUsageFlags usage);

  [[nodiscard]] VkImage image() const { return image_.get(); }
  [[nodiscard]] VkImageView view() const { return view_.get(); }
  [[nodiscard]] core::Size size() const { return size_; }

 private:
  Memory memory_;  // dies last
  Image image_;
  ImageView view_;
  core::Size size_;
};

class HostBuffer {
 public:
  HostBuffer() = default;
  static base::Result<HostBuffer> create(const Device& device, std::size_t bytes, VkBufferUsageFlags usage);

  [[nodiscard]] VkBuffer buffer() const { return buffer_.get(); }
  [[nodiscard]] std::span<std::byte> bytes() const { return bytes_; }  // mapped as long as it lives

 private:
  Memory memory_;
  Buffer buffer_;
  std::span<std::byte> bytes_;
};

// Records the copy into the frame that is open; the texture can be sampled by anything recorded after it.
base::Result<Texture> upload(const Device& device, Frames& frames, const core::Image& image);
base::Result<Texture> upload(const Device& device, Frames& frames, const core::Map& map);  // one float a texel

// A barrier for the whole of a one-level, one-layer colour image.
struct Transition {
  VkImageLayout from, to;
  VkPipelineStageFlags after, before;
  VkAccessFlags written, read;
};
void transition(VkCommandBuffer commands, VkImage image, const Transition& transition);

}  // namespace gpu

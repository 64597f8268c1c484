#include "gpu/read_back.h"

namespace gpu {

base::Result<ReadBack> ReadBack::create(const Device& device, core::Size size, VkFormat format) {
  const std::size_t pixels = static_cast<std::size_t>(size.width_px) * static_cast<std::size_t>(size.height_px);
  auto bytes = HostBuffer::create(device, pixels * 4, VK_BUFFER_USAGE_TRANSFER_DST_BIT);
  if (!bytes) return bytes.error();
  ReadBack back;
  back.bytes_ = std::move(*bytes);
  back.size_ = size;
  back.blue_first_ = format == VK_FORMAT_B8G8R8A8_UNORM;
  return back;
}

void ReadBack::record(VkCommandBuffer commands, VkImage image) const {
  VkBufferImageCopy region{};
  region.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
  region.imageExtent = {static_cast<std::uint32_t>(size_.width_px), static_cast<std::uint32_t>(size_.height_px), 1};
  vkCmdCopyImageToBuffer(commands, image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, bytes_.buffer(), 1, &region);

  VkBufferMemoryBarrier visible{VK_STRUCTURE_TYPE_BUFFER_MEMORY_BARRIER};
  visible.srcAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT;
  visible.dstAccessMask = VK_ACCESS_HOST_READ_BIT;
  visible.srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
  visible.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
  visible.buffer = bytes_.buffer();
  visible.size = VK_WHOLE_SIZE;
  vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_TRANSFER_BIT, VK_PIPELINE_STAGE_HOST_BIT, 0, 0, nullptr, 1, &visible,
                       0, nullptr);
}

core::Image ReadBack::image() const {
  core::Image image = core::make_image(size_);
  const auto* from = reinterpret_cast<const std::uint8_t*>(bytes_.bytes().data());
  const std::size_t red = blue_first_ ? 2 : 0;
  for (std::size_t i = 0; i + 2 < image.rgb.size(); i += 3, from += 4) {
    image.rgb[i] = from[red];
    image.rgb[i + 1] = from[1];
    image.rgb[i + 2] = from[2 - red];
  }
  return image;
}

}  // namespace gpu

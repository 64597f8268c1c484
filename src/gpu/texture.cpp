#include "gpu/texture.h"

#include <cstring>
#include <string>

#include "gpu/frames.h"

namespace gpu {
namespace {

std::string name_of(core::Size size) {
  return "A texture of " + std::to_string(size.width_px) + " x " + std::to_string(size.height_px) + " pixels";
}

VkExtent3D extent_of(core::Size size) {
  return {static_cast<std::uint32_t>(size.width_px), static_cast<std::uint32_t>(size.height_px), 1};
}

VkResult allocate(const Device& device, const VkMemoryRequirements& needs, VkMemoryPropertyFlags wanted,
                  Memory& memory) {
  VkMemoryAllocateInfo info{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
  info.allocationSize = needs.size;
  info.memoryTypeIndex = device.memory_type(needs.memoryTypeBits, wanted);
  if (info.memoryTypeIndex == UINT32_MAX) return VK_ERROR_OUT_OF_DEVICE_MEMORY;
  return make(memory, device.handle(), vkAllocateMemory, info);
}

// What was staged becomes the texture's content, ready to be sampled.
base::Result<Texture> copied(const Device& device, Frames& frames, core::Size size, VkFormat format,
                             const Staged& staged) {
  auto texture = Texture::create(device, size, format, VK_IMAGE_USAGE_TRANSFER_DST_BIT | VK_IMAGE_USAGE_SAMPLED_BIT);
  if (!texture) return texture;
  transition(frames.commands(), texture->image(),
             {VK_IMAGE_LAYOUT_UNDEFINED, VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, VK_PIPELINE_STAGE_TOP_OF_PIPE_BIT,
              VK_PIPELINE_STAGE_TRANSFER_BIT, 0, VK_ACCESS_TRANSFER_WRITE_BIT});
  VkBufferImageCopy region{};
  region.bufferOffset = staged.offset;
  region.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
  region.imageExtent = extent_of(size);
  vkCmdCopyBufferToImage(frames.commands(), staged.buffer, texture->image(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1,
                         &region);
  transition(
      frames.commands(), texture->image(),
      {VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL, VK_PIPELINE_STAGE_TRANSFER_BIT,
       VK_PIPELINE_STAGE_FRAGMENT_SHADER_BIT, VK_ACCESS_TRANSFER_WRITE_BIT, VK_ACCESS_SHADER_READ_BIT});
  return texture;
}

}  // namespace

base::Result<Texture> Texture::create(const Device& device, core::Size size, VkFormat format, VkImageUsageFlags usage) {
  const auto max_side_px = static_cast<int>(device.max_side_px());
  if (size.width_px < 1 || size.height_px < 1 || size.width_px > max_side_px || size.height_px > max_side_px)
    return base::Error{name_of(size) + " cannot be made",
                       "this graphics device takes sides of 1 to " + std::to_string(max_side_px) + " pixels",
                       "Make the window or the picture smaller."};
  VkImageCreateInfo info{VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO};
  info.imageType = VK_IMAGE_TYPE_2D;
  info.format = format;
  info.extent = extent_of(size);
  info.mipLevels = 1;
  info.arrayLayers = 1;
  info.samples = VK_SAMPLE_COUNT_1_BIT;
  info.tiling = VK_IMAGE_TILING_OPTIMAL;
  info.usage = usage;

  Texture texture;
  texture.size_ = size;
  Attempt all;
  if (!all.ok(make(texture.image_, device.handle(), vkCreateImage, info)))
    return failure(all.result(), name_of(size) + " cannot be made");
  VkMemoryRequirements needs;
  vkGetImageMemoryRequirements(device.handle(), texture.image(), &needs);

  VkImageViewCreateInfo view{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
  view.image = texture.image();
  view.viewType = VK_IMAGE_VIEW_TYPE_2D;
  view.format = format;
  view.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
  if (all.ok(allocate(device, needs, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, texture.memory_)) &&
      all.ok(vkBindImageMemory(device.handle(), texture.image(), texture.memory_.get(), 0)) &&
      all.ok(make(texture.view_, device.handle(), vkCreateImageView, view)))
    return texture;
  return failure(all.result(), name_of(size) + " cannot be made");
}

base::Result<HostBuffer> HostBuffer::create(const Device& device, std::size_t bytes, VkBufferUsageFlags usage) {
  VkBufferCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
  info.size = bytes;
  info.usage = usage;
  HostBuffer host;
  void* mapped = nullptr;
  Attempt all;
  if (!all.ok(make(host.buffer_, device.handle(), vkCreateBuffer, info)))
    return failure(all.result(), "Memory to copy pictures through cannot be had");
  VkMemoryRequirements needs;
  vkGetBufferMemoryRequirements(device.handle(), host.buffer(), &needs);
  // Reading uncached memory is a hundred times slower; Vulkan promises visible and coherent, not cached.
  constexpr VkMemoryPropertyFlags kNeeded = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  const bool reads = (usage & VK_BUFFER_USAGE_TRANSFER_DST_BIT) != 0;
  const VkMemoryPropertyFlags cached = kNeeded | VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
  const bool has_cached = device.memory_type(needs.memoryTypeBits, cached) != UINT32_MAX;
  if (all.ok(allocate(device, needs, reads && has_cached ? cached : kNeeded, host.memory_)) &&
      all.ok(vkBindBufferMemory(device.handle(), host.buffer(), host.memory_.get(), 0)) &&
      all.ok(vkMapMemory(device.handle(), host.memory_.get(), 0, VK_WHOLE_SIZE, 0, &mapped))) {
    host.bytes_ = {static_cast<std::byte*>(mapped), bytes};
    return host;
  }
  return failure(all.result(), "Memory to copy pictures through cannot be had");
}

base::Result<Texture> upload(const Device& device, Frames& frames, const core::Image& image) {
  const std::size_t pixels = image.rgb.size() / 3;
  const auto staged = frames.stage(pixels * 4);
  if (!staged) return staged.error();
  auto* to = reinterpret_cast<std::uint8_t*>(staged->bytes.data());
  const std::uint8_t* from = image.rgb.data();
  for (std::size_t i = 0; i < pixels; ++i, from += 3, to += 4) {
    to[0] = from[0];
    to[1] = from[1];
    to[2] = from[2];
    to[3] = 255;
  }
  return copied(device, frames, image.size, kPictureFormat, *staged);
}

base::Result<Texture> upload(const Device& device, Frames& frames, const core::Map& map) {
  const auto staged = frames.stage(map.values.size() * sizeof(float));
  if (!staged) return staged.error();
  std::memcpy(staged->bytes.data(), map.values.data(), staged->bytes.size());
  return copied(device, frames, {map.cols, map.rows}, kValueFormat, *staged);
}

void transition(VkCommandBuffer commands, VkImage image, const Transition& transition) {
  VkImageMemoryBarrier barrier{VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER};
  barrier.srcAccessMask = transition.written;
  barrier.dstAccessMask = transition.read;
  barrier.oldLayout = transition.from;
  barrier.newLayout = transition.to;
  barrier.srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
  barrier.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
  barrier.image = image;
  barrier.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
  vkCmdPipelineBarrier(commands, transition.after, transition.before, 0, 0, nullptr, 0, nullptr, 1, &barrier);
}

}  // namespace gpu

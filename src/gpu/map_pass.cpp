#include "gpu/map_pass.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "base/check.h"
#include "gpu/pipeline.h"
#include "gpu/shaders.h"

namespace gpu {
namespace {

// As in shaders/map.frag.
struct PushedStyle {
  float width_px, height_px;
  float low, high;
  float opacity;
  std::int32_t table;
  std::int32_t contour_levels;
  std::int32_t fading;
};

std::int32_t table_row(core::ColourMap map) {
  return static_cast<std::int32_t>(std::ranges::find(core::kColourMaps, map) - std::begin(core::kColourMaps));
}

// One row for each colour map, and a last one of the colour of what is missing.
core::Image all_tables() {
  const auto [red, green, blue] = core::kMissing;
  core::Image image = core::make_image({256, static_cast<int>(std::size(core::kColourMaps)) + 1}, red, green, blue);
  auto to = image.rgb.begin();
  for (const core::ColourMap map : core::kColourMaps)
    for (const auto& rgb : core::colour_table(map)) to = std::ranges::copy(rgb, to).out;
  return image;
}

VkWriteDescriptorSet image_write(VkDescriptorSet set, std::uint32_t binding, const VkDescriptorImageInfo& image) {
  VkWriteDescriptorSet write{VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET};
  write.dstSet = set;
  write.dstBinding = binding;
  write.descriptorCount = 1;
  write.descriptorType = VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE;
  write.pImageInfo = &image;
  return write;
}

// The constants of map.frag: a pipeline for each combination.
struct Constants {
  VkBool32 bilinear = VK_FALSE;
  VkBool32 contour = VK_FALSE;
};
constexpr std::array kConstants = {VkSpecializationMapEntry{0, offsetof(Constants, bilinear), sizeof(VkBool32)},
                                   VkSpecializationMapEntry{1, offsetof(Constants, contour), sizeof(VkBool32)}};

std::size_t variant_of(bool bilinear, bool contour) {
  return (bilinear ? 1U : 0U) + (contour ? 2U : 0U);
}

VkResult make_layouts(VkDevice device, DescriptorSetLayout& set_layout, PipelineLayout& pipeline_layout) {
  std::array<VkDescriptorSetLayoutBinding, 2> bindings{};
  for (std::uint32_t i = 0; i < bindings.size(); ++i)
    bindings[i] = {i, VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE, 1, VK_SHADER_STAGE_FRAGMENT_BIT, nullptr};
  VkDescriptorSetLayoutCreateInfo sets{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO};
  sets.bindingCount = static_cast<std::uint32_t>(bindings.size());
  sets.pBindings = bindings.data();
  if (const VkResult result = make(set_layout, device, vkCreateDescriptorSetLayout, sets); result != VK_SUCCESS)
    return result;
  const VkPushConstantRange pushed{VK_SHADER_STAGE_FRAGMENT_BIT, 0, sizeof(PushedStyle)};
  VkDescriptorSetLayout used = set_layout.get();
  VkPipelineLayoutCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO};
  info.setLayoutCount = 1;
  info.pSetLayouts = &used;
  info.pushConstantRangeCount = 1;
  info.pPushConstantRanges = &pushed;
  return make(pipeline_layout, device, vkCreatePipelineLayout, info);
}

}  // namespace

base::Result<std::unique_ptr<MapPass>> MapPass::create(const Device& device) {
  std::unique_ptr<MapPass> pass(new MapPass(device));
  const NextUse sampled{VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL, VK_PIPELINE_STAGE_FRAGMENT_SHADER_BIT,
                        VK_ACCESS_SHADER_READ_BIT};
  Attempt all;
  if (all.ok(make_layouts(device.handle(), pass->set_layout_, pass->pipeline_layout_)) &&
      all.ok(
          make_render_pass(device.handle(), kPictureFormat, VK_ATTACHMENT_LOAD_OP_DONT_CARE, sampled, pass->pass_)) &&
      all.ok(pass->make_pipelines()))
    return pass;
  return failure(all.result(), "Maps cannot be coloured");
}

VkResult MapPass::make_pipelines() {
  ShaderModule vertex, fragment;
  Attempt all;
  bool made = all.ok(make_shader(device_.handle(), map_vertex_shader(), vertex)) &&
              all.ok(make_shader(device_.handle(), map_fragment_shader(), fragment));
  for (const bool bilinear : {false, true}) {
    for (const bool contour : {false, true}) {
      const Constants chosen{bilinear ? VK_TRUE : VK_FALSE, contour ? VK_TRUE : VK_FALSE};
      const VkSpecializationInfo constants{static_cast<std::uint32_t>(kConstants.size()), kConstants.data(),
                                           sizeof(chosen), &chosen};
      made = made &&
             all.ok(make_pipeline(device_.handle(), {vertex, fragment, constants, pipeline_layout_.get(), pass_.get()},
                                  pipelines_[variant_of(bilinear, contour)]));
    }
  }
  return all.result();
}

base::Status MapPass::ensure_tables(Frames& frames) {
  if (tables_.image() != VK_NULL_HANDLE) return {};
  auto tables = gpu::upload(device_, frames, all_tables());
  if (!tables) return tables.error();
  tables_ = std::move(*tables);
  return {};
}

base::Result<MapValues> MapPass::upload(Frames& frames, const core::Map& map) {
  CHECK(!map.empty(), "an empty map has no colours");
  if (auto status = ensure_tables(frames); !status) return status.error();
  auto texture = gpu::upload(device_, frames, map);
  if (!texture) return texture.error();
  MapValues values;
  values.texture = std::move(*texture);

  // A pool for each set: it lives and dies with the texture, and none can run out.
  const VkDescriptorPoolSize sizes{VK_DESCRIPTOR_TYPE_SAMPLED_IMAGE, 2};
  VkDescriptorPoolCreateInfo pool{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO};
  pool.maxSets = 1;
  pool.poolSizeCount = 1;
  pool.pPoolSizes = &sizes;
  Attempt all;
  if (!all.ok(make(values.pool, device_.handle(), vkCreateDescriptorPool, pool)))
    return failure(all.result(), "A map cannot be coloured");
  VkDescriptorSetLayout layout = set_layout_.get();
  VkDescriptorSetAllocateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO};
  info.descriptorPool = values.pool.get();
  info.descriptorSetCount = 1;
  info.pSetLayouts = &layout;
  if (!all.ok(vkAllocateDescriptorSets(device_.handle(), &info, &values.set)))
    return failure(all.result(), "A map cannot be coloured");

  constexpr VkImageLayout kSampled = VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL;
  const VkDescriptorImageInfo cells{VK_NULL_HANDLE, values.texture.view(), kSampled};
  const VkDescriptorImageInfo tables{VK_NULL_HANDLE, tables_.view(), kSampled};
  const std::array writes = {image_write(values.set, 0, cells), image_write(values.set, 1, tables)};
  vkUpdateDescriptorSets(device_.handle(), static_cast<std::uint32_t>(writes.size()), writes.data(), 0, nullptr);
  return values;
}

base::Result<ColouredMap> MapPass::colour(Frames& frames, const MapValues& values, const core::MapStyle& style,
                                          core::Size size, MapUse use) {
  VkImageUsageFlags usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_SAMPLED_BIT;
  if (use == MapUse::read_back) usage |= VK_IMAGE_USAGE_TRANSFER_SRC_BIT;
  auto texture = Texture::create(device_, size, kPictureFormat, usage);
  if (!texture) return texture.error();
  ColouredMap coloured;
  coloured.texture = std::move(*texture);
  Attempt all;
  if (!all.ok(make_framebuffer(device_.handle(), pass_.get(), coloured.texture.view(), size, coloured.framebuffer)))
    return failure(all.result(), "A map cannot be coloured");

  const auto width = static_cast<float>(size.width_px), height = static_cast<float>(size.height_px);
  const PushedStyle pushed{width,
                           height,
                           style.range.low,
                           style.range.high,
                           std::clamp(style.opacity, 0.0F, 1.0F),
                           table_row(style.colour_map),
                           style.contour_levels,
                           style.fading ? 1 : 0};
  const VkViewport viewport{0.0F, 0.0F, width, height, 0.0F, 1.0F};
  const VkRect2D everything{{0, 0},
                            {static_cast<std::uint32_t>(size.width_px), static_cast<std::uint32_t>(size.height_px)}};
  VkCommandBuffer commands = frames.commands();
  begin_pass(commands, {pass_.get(), coloured.framebuffer.get(), size}, {});
  const bool bilinear = style.interpolation == core::Interpolation::bilinear;
  vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS,
                    pipelines_[variant_of(bilinear, style.contour_levels > 0)].get());
  vkCmdSetViewport(commands, 0, 1, &viewport);
  vkCmdSetScissor(commands, 0, 1, &everything);
  vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipeline_layout_.get(), 0, 1, &values.set, 0,
                          nullptr);
  vkCmdPushConstants(commands, pipeline_layout_.get(), VK_SHADER_STAGE_FRAGMENT_BIT, 0, sizeof(pushed), &pushed);
  vkCmdDraw(commands, 3, 1, 0, 0);
  vkCmdEndRenderPass(commands);
  return coloured;
}

}  // namespace gpu

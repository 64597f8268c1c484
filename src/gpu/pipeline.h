// Pipelines that draw one triangle over a whole target: no vertices, no blending, viewport and scissor set when
// drawing. UI thread.
#pragma once
#include <cstdint>
#include <span>

#include "gpu/handle.h"

namespace gpu {

VkResult make_shader(VkDevice device, std::span<const std::uint32_t> spirv, ShaderModule& shader);

// `constants` of the fragment shader.
struct FullscreenPipeline {
  const ShaderModule& vertex;
  const ShaderModule& fragment;
  const VkSpecializationInfo& constants;
  VkPipelineLayout layout = VK_NULL_HANDLE;
  VkRenderPass pass = VK_NULL_HANDLE;
};
VkResult make_pipeline(VkDevice device, const FullscreenPipeline& parts, Pipeline& pipeline);

}  // namespace gpu

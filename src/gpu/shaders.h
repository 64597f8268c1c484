// The shaders of shaders/, compiled to SPIR-V when the program is built.
#pragma once
#include <cstdint>
#include <span>

namespace gpu {

std::span<const std::uint32_t> map_vertex_shader();
std::span<const std::uint32_t> map_fragment_shader();

}  // namespace gpu

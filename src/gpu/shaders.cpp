#include "gpu/shaders.h"

namespace gpu {
namespace {

constexpr std::uint32_t kMapVertex[] = {
#include "map.vert.inc"
};
constexpr std::uint32_t kMapFragment[] = {
#include "map.frag.inc"
};

}  // namespace

std::span<const std::uint32_t> map_vertex_shader() {
  return kMapVertex;
}
std::span<const std::uint32_t> map_fragment_shader() {
  return kMapFragment;
}

}  // namespace gpu

// Colours maps on the device, in a pass before the window's: the values go up once, range, colours, interpolation,
// opacity and contour are arguments of the drawing. The twin of core::colour(). UI thread.
#pragma once
#include <array>
#include <memory>

#include "base/result.h"
#include "core/colour_map.h"
#include "core/map.h"
#include "gpu/device.h"
#include "gpu/frames.h"
#include "gpu/handle.h"
#include "gpu/target.h"
#include "gpu/texture.h"

namespace gpu {

// A map's values on the device. Retire it through Frames.
struct MapValues {
  Texture texture;
  DescriptorPool pool;  // of the one set
  VkDescriptorSet set = VK_NULL_HANDLE;
};

// A coloured map: RGBA, alpha is the opacity (times the place in the range where the style is fading; none for missing
// cells then). Retire it through Frames.
struct ColouredMap {
  Texture texture;
  Framebuffer framebuffer;
};

enum class MapUse { shown, read_back };  // read_back: may be copied from as well

class MapPass {
 public:
  static base::Result<std::unique_ptr<MapPass>> create(const Device& device);

  // Between Frames::begin and submit. The map is not empty.
  base::Result<MapValues> upload(Frames& frames, const core::Map& map);
  // Outside a render pass; the result can be sampled by anything recorded after it.
  base::Result<ColouredMap> colour(Frames& frames, const MapValues& values, const core::MapStyle& style,
                                   core::Size size, MapUse use = MapUse::shown);

 private:
  explicit MapPass(const Device& device) : device_(device) {}
  VkResult make_pipelines();
  base::Status ensure_tables(Frames& frames);

  const Device& device_;
  DescriptorSetLayout set_layout_;
  PipelineLayout pipeline_layout_;
  RenderPass pass_;
  std::array<Pipeline, 4> pipelines_;  // nearest or bilinear, without or with contour
  Texture tables_;                     // [colour maps, 256]
};

}  // namespace gpu

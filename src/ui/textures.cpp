#include "ui/textures.h"

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

constexpr int kFewPixels = 80;         // a side
constexpr int kMostTexture_px = 2048;  // a side: the screen's sampler does the rest

}  // namespace

ImTextureRef enlarged(Textures& textures, const core::Image& image, float width) {
  const int side_px = std::max({1, image.size.width_px, image.size.height_px});
  if (side_px > kFewPixels || image.size.width_px < 1) return textures.texture(image);
  const float on_screen_px = width * ImGui::GetIO().DisplayFramebufferScale.x;
  const auto times = static_cast<int>(std::ceil(on_screen_px / static_cast<float>(image.size.width_px)));
  return textures.squares(image, std::clamp(times, 1, kMostTexture_px / side_px));
}

}  // namespace ui

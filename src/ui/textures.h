// The only way a panel gets a picture on screen. Implemented by the app with a cache keyed by content; a texture lives
// as long as frames use it. UI thread, between NewFrame and Render.
#pragma once
#include <imgui.h>

#include "core/colour_map.h"
#include "core/image.h"
#include "core/map.h"

namespace ui {

class Textures {
 public:
  virtual ~Textures() = default;
  virtual ImTextureRef texture(const core::Image& image) = 0;
  // Each pixel `times` × `times`, so that it is seen as a square where the picture is drawn large.
  virtual ImTextureRef squares(const core::Image& image, int times) = 0;
  // Coloured on the GPU by the map shader at this size in framebuffer pixels. Range, colours, opacity and contour
  // change without touching the data. Opacity is alpha in the texture.
  virtual ImTextureRef map(const core::Map& map, const core::MapStyle& style, core::Size size_px) = 0;
};

// The texture of a picture that is drawn `width` wide, in screen pixels. One of few pixels, as a network of small
// inputs sees it, shows them as squares; any other is smooth.
ImTextureRef enlarged(Textures& textures, const core::Image& image, float width);

}  // namespace ui

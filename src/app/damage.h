// Which part of a frame differs from what a picture shows already. Two frames are compared tile by tile, by a hash of
// all that is drawn there, so that a software device draws a dragged square and not the whole window. Pure functions of
// Dear ImGui's draw data; they know nothing of Vulkan. UI thread.
#pragma once
#include <imgui.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "core/image.h"

namespace app {

struct PixelRect {  // of the framebuffer; max is outside
  int min_x = 0, min_y = 0, max_x = 0, max_y = 0;
  bool operator==(const PixelRect&) const = default;
};

// What a frame shows, to be compared with another of the same size.
struct Tiles {
  core::Size size;
  std::vector<std::uint64_t> hashes;  // row by row
  bool operator==(const Tiles&) const = default;
};

// `identity` tells textures apart: two that differ in content never have the same. A tile's hash covers every triangle
// that may reach it, in order. Frames with callbacks in them, or with a scale of the framebuffer that is no whole
// number, cannot be compared: their tiles are empty.
Tiles tiles_of(const ImDrawData& data, const std::function<std::uint64_t(ImTextureID)>& identity);

// A few rectangles that share no pixel and hold every tile that differs; the whole frame where the two cannot be
// compared.
std::vector<PixelRect> damage(const Tiles& before, const Tiles& now, core::Size whole);

// Leaves of the frame what falls into the rectangles, which share no pixel.
void keep_only(ImDrawData& data, const std::vector<PixelRect>& rects);

}  // namespace app

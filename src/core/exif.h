// The orientation that a camera wrote beside a picture, and turning the picture by it. Bytes are untrusted. Any thread.
#pragma once
#include <cstddef>
#include <span>

#include "core/image.h"

namespace core {

// The Orientation of a TIFF block ("II*\0…" or "MM\0*…"), 1 … 8; 1 (upright) if there is none or it makes no sense.
int exif_orientation(std::span<const std::byte> tiff);
// The picture upright: orientation 6 is turned a quarter clockwise, 2 is mirrored, and so on (EXIF 2.3, tag 0x0112).
Image upright(Image image, int orientation);

}  // namespace core

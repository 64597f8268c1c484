#include "core/exif.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace core {

int exif_orientation(std::span<const std::byte> tiff) {
  if (tiff.size() < 8) return 1;
  const bool little = tiff[0] == std::byte{'I'};
  // Little- or big-endian number of `count` bytes; the caller has checked that they are there.
  const auto number = [&](std::size_t at, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
      value = value << 8 | std::to_integer<std::uint32_t>(tiff[at + (little ? count - 1 - i : i)]);
    return value;
  };
  if (tiff[0] != tiff[1] || (!little && tiff[0] != std::byte{'M'}) || number(2, 2) != 42) return 1;

  const std::size_t directory = number(4, 4);
  if (directory > tiff.size() - 2) return 1;
  constexpr std::size_t kEntryBytes = 12;
  const std::size_t entries = std::min<std::size_t>(number(directory, 2), (tiff.size() - directory - 2) / kEntryBytes);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntryBytes;
    constexpr std::uint32_t kOrientation = 0x0112, kShort = 3;
    if (number(entry, 2) != kOrientation || number(entry + 2, 2) != kShort) continue;
    const std::uint32_t orientation = number(entry + 8, 2);
    return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
  }
  return 1;
}

Image upright(Image image, int orientation) {
  if (orientation <= 1 || orientation > 8) return image;
  const bool swaps_axes = orientation >= 5;
  const Size from = image.size;
  Image turned = make_image(swaps_axes ? Size{from.height_px, from.width_px} : from);
  for (int y = 0; y < turned.size.height_px; ++y) {
    for (int x = 0; x < turned.size.width_px; ++x) {
      int source_x = swaps_axes ? y : x, source_y = swaps_axes ? x : y;
      // Which stored edge is the far one: right for 2, 3, 7, 8; bottom for 3, 4, 6, 7.
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
        source_x = from.width_px - 1 - source_x;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
        source_y = from.height_px - 1 - source_y;
      std::copy_n(std::as_const(image).pixel(source_x, source_y), 3, turned.pixel(x, y));
    }
  }
  return turned;
}

}  // namespace core

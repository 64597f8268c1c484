#include "core/image.h"

#include <cmath>
#include <span>

#include "base/check.h"
#include "base/hash.h"

namespace core {

Image make_image(Size size, std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  CHECK(size.width_px >= 0 && size.height_px >= 0, "an image cannot have a negative size");
  Image image{size, {}};
  image.rgb.resize(3 * static_cast<std::size_t>(size.width_px) * static_cast<std::size_t>(size.height_px));
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    image.rgb[i] = red;
    image.rgb[i + 1] = green;
    image.rgb[i + 2] = blue;
  }
  return image;
}

Image grey(const Image& image) {
  Image made = image;
  for (std::size_t i = 0; i < made.rgb.size(); i += 3) {
    const double luma = 0.299 * made.rgb[i] + 0.587 * made.rgb[i + 1] + 0.114 * made.rgb[i + 2];
    made.rgb[i] = made.rgb[i + 1] = made.rgb[i + 2] = static_cast<std::uint8_t>(std::lround(luma));
  }
  return made;
}

std::uint64_t content_hash(const Image& image) {
  const std::int64_t shape[] = {image.size.width_px, image.size.height_px};
  return base::hash64(std::as_bytes(std::span(image.rgb)), base::hash64(std::as_bytes(std::span(shape))));
}

}  // namespace core

// Image: the bytes that are shown and the bytes that are fed, sRGB-encoded, never converted on the way.
// Origin top left, x = column, y = row. A plain value; any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace core {

struct Size {
  int width_px = 0;
  int height_px = 0;
  bool operator==(const Size&) const = default;
};

struct Image {
  Size size;
  std::vector<std::uint8_t> rgb;  // [height, width, 3]

  [[nodiscard]] bool empty() const { return rgb.empty(); }
  [[nodiscard]] const std::uint8_t* pixel(int x_px, int y_px) const { return rgb.data() + offset(x_px, y_px); }
  [[nodiscard]] std::uint8_t* pixel(int x_px, int y_px) { return rgb.data() + offset(x_px, y_px); }
  bool operator==(const Image&) const = default;

 private:
  [[nodiscard]] std::size_t offset(int x_px, int y_px) const {
    return 3 *
           (static_cast<std::size_t>(y_px) * static_cast<std::size_t>(size.width_px) + static_cast<std::size_t>(x_px));
  }
};

// An image of one colour.
Image make_image(Size size, std::uint8_t red = 0, std::uint8_t green = 0, std::uint8_t blue = 0);
// Each pixel as its luminance (ITU-R 601, rounded), for showing what a network of one channel sees.
Image grey(const Image& image);
// A key for texture caches: equal images have equal keys.
std::uint64_t content_hash(const Image& image);

}  // namespace core

// Antialiased bilinear resizing as Pillow does it, byte for byte: two passes, across then down, each rounding to bytes,
// with weights in fixed point of 22 bits (Pillow, src/libImaging/Resample.c). The studies resized with Pillow, and a
// picture that differs in its last bit is another stimulus.
//
// Only the window of the enlarged picture that is wanted is computed, so a crop of a huge resize costs only the crop.
#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "core/image_io.h"

namespace core {
namespace {

constexpr int kPrecisionBits = 32 - 8 - 2;

// The weights of the input pixels first … first + count − 1 for one output pixel.
struct Tap {
  int first = 0;
  std::vector<std::int32_t> weights;
};

// Taps of output pixels begin … begin + count − 1 of an axis that is resized from `from` to `to` pixels.
std::vector<Tap> triangle_taps(int from, int to, int begin, int count) {
  const double scale = static_cast<double>(from) / to;
  const double support = std::max(scale, 1.0);  // half the width of the triangle, in input pixels
  std::vector<Tap> taps;
  taps.reserve(static_cast<std::size_t>(count));
  std::vector<double> exact;
  for (int out = begin; out < begin + count; ++out) {
    const double centre = (out + 0.5) * scale;
    const int first = std::max(static_cast<int>(centre - support + 0.5), 0);
    const int end = std::min(static_cast<int>(centre + support + 0.5), from);
    exact.clear();
    double sum = 0.0;
    for (int in = first; in < end; ++in) {
      exact.push_back(std::max(0.0, 1.0 - std::abs((in - centre + 0.5) * (1.0 / support))));
      sum += exact.back();
    }
    Tap tap{first, {}};
    for (const double w : exact)
      tap.weights.push_back(static_cast<std::int32_t>(0.5 + (sum == 0.0 ? w : w / sum) * (1 << kPrecisionBits)));
    taps.push_back(std::move(tap));
  }
  return taps;
}

std::uint8_t to_byte(std::int32_t fixed_point) {
  return static_cast<std::uint8_t>(std::clamp(fixed_point >> kPrecisionBits, 0, 255));
}
constexpr std::int32_t kHalf = 1 << (kPrecisionBits - 1);

// Rows first_row … first_row + rows − 1 of the picture, resized across.
Image across(const Image& image, const std::vector<Tap>& taps, int first_row, int rows) {
  Image out = make_image({static_cast<int>(taps.size()), rows});
  for (int y = 0; y < rows; ++y) {
    std::uint8_t* to = out.pixel(0, y);
    for (const Tap& tap : taps) {
      const std::uint8_t* from = image.pixel(tap.first, first_row + y);
      std::int32_t sum[3] = {kHalf, kHalf, kHalf};
      for (const std::int32_t w : tap.weights)
        for (std::int32_t& channel : sum) channel += w * *from++;
      for (const std::int32_t channel : sum) *to++ = to_byte(channel);
    }
  }
  return out;
}

// Row 0 of the picture is row first_row of the axis that the taps speak of.
Image down(const Image& image, const std::vector<Tap>& taps, int first_row) {
  Image out = make_image({image.size.width_px, static_cast<int>(taps.size())});
  const std::size_t row_bytes = 3 * static_cast<std::size_t>(image.size.width_px);
  std::vector<std::int32_t> sum(row_bytes);
  for (int y = 0; y < out.size.height_px; ++y) {
    const Tap& tap = taps[static_cast<std::size_t>(y)];
    std::ranges::fill(sum, kHalf);
    int row = tap.first - first_row;
    for (const std::int32_t w : tap.weights) {
      const std::uint8_t* from = image.pixel(0, row++);
      for (std::size_t i = 0; i < row_bytes; ++i) sum[i] += w * from[i];
    }
    std::uint8_t* to = out.pixel(0, y);
    for (std::size_t i = 0; i < row_bytes; ++i) to[i] = to_byte(sum[i]);
  }
  return out;
}

// The window of size `window` at (x_px, y_px) of the picture resized to `full`. An axis that keeps its size is copied.
Image resized_window(const Image& image, Size full, int x_px, int y_px, Size window) {
  CHECK(!image.empty() && window.width_px > 0 && window.height_px > 0, "resizing needs pixels and a positive size");
  const bool keeps_width = full.width_px == image.size.width_px, keeps_height = full.height_px == image.size.height_px;
  int first_row = y_px, rows = window.height_px;
  std::vector<Tap> vertical;
  if (!keeps_height) {
    vertical = triangle_taps(image.size.height_px, full.height_px, y_px, window.height_px);
    first_row = vertical.front().first;
    rows = vertical.back().first + static_cast<int>(vertical.back().weights.size()) - first_row;
  }
  const Image wide =
      keeps_width
          ? crop(image, x_px, first_row, {window.width_px, rows})
          : across(image, triangle_taps(image.size.width_px, full.width_px, x_px, window.width_px), first_row, rows);
  return keeps_height ? wide : down(wide, vertical, first_row);
}

// Half-way cases go to the even number, as Python rounds in torchvision's CenterCrop.
int centred(int length_px, int part_px) {
  return static_cast<int>(std::nearbyint((length_px - part_px) / 2.0));
}

}  // namespace

Image resize(const Image& image, Size size) {
  return resized_window(image, size, 0, 0, size);
}

Image repeated(const Image& image, int times) {
  CHECK(times >= 1, "a pixel is repeated at least once");
  Image larger = make_image({image.size.width_px * times, image.size.height_px * times});
  for (int y = 0; y < larger.size.height_px; ++y)
    for (int x = 0; x < larger.size.width_px; ++x)
      std::copy_n(image.pixel(x / times, y / times), 3, larger.pixel(x, y));
  return larger;
}

Image crop(const Image& image, int x_px, int y_px, Size size) {
  CHECK(x_px >= 0 && y_px >= 0 && x_px + size.width_px <= image.size.width_px &&
            y_px + size.height_px <= image.size.height_px,
        "a crop lies inside its image");
  Image out = make_image(size);
  for (int y = 0; y < size.height_px; ++y)
    std::copy_n(image.pixel(x_px, y_px + y), 3 * static_cast<std::size_t>(size.width_px), out.pixel(0, y));
  return out;
}

Image frame(const Image& image, const Framing& framing) {
  const long long width = image.size.width_px, height = image.size.height_px;
  // The long side follows by truncation, as in torchvision's Resize.
  const auto full_size = [&](long long short_side) {
    return width <= height ? Size{static_cast<int>(short_side), static_cast<int>(short_side * height / width)}
                           : Size{static_cast<int>(short_side * width / height), static_cast<int>(short_side)};
  };
  const int short_side =
      std::max(framing.resize_short_side_px, width <= height ? framing.crop.width_px : framing.crop.height_px);
  Size full = full_size(short_side);
  if (full.width_px < framing.crop.width_px || full.height_px < framing.crop.height_px)
    full = full_size(std::max(framing.crop.width_px, framing.crop.height_px));
  return resized_window(image, full, centred(full.width_px, framing.crop.width_px),
                        centred(full.height_px, framing.crop.height_px), framing.crop);
}

}  // namespace core

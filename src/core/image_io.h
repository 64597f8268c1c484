// Reading and writing pictures and maps: one load_image for everything, PNG with text inside, NPY.
// Files are untrusted: sizes are checked before anything is allocated. Any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/map.h"

namespace core {

inline constexpr int kMaxSide_px = 16384;
inline constexpr long long kMaxPixels = 64LL << 20;

// PNG or JPEG by content: alpha over mid-grey, EXIF orientation applied, ICC ignored, 16-bit reduced, CMYK refused.
base::Result<Image> load_image(const std::filesystem::path& path);
base::Result<Image> decode_image(std::span<const std::byte> bytes, const std::string& name);

// A PNG that keeps its transparency: cut-out objects to lay over pictures.
struct Cutout {
  Size size;
  std::vector<std::uint8_t> rgba;  // [height, width, 4], colours not multiplied by alpha
};
base::Result<Cutout> load_cutout(const std::filesystem::path& path);

// Antialiased bilinear (a triangle widened by the scale), equal to Pillow's resize to one grey level.
Image resize(const Image& image, Size size);
// Every pixel as a square of times × times: what is shown larger without being smoothed.
Image repeated(const Image& image, int times);
// The part at (x_px, y_px), which lies inside.
Image crop(const Image& image, int x_px, int y_px, Size size);
// Short side to resize_short_side_px (keeping the aspect, as torchvision rounds), then the centre crop. Where the crop
// is larger than that, the short side grows until the crop fits.
struct Framing {
  int resize_short_side_px = 256;
  Size crop{224, 224};
  bool operator==(const Framing&) const = default;
};
Image frame(const Image& image, const Framing& framing);

// PNG, RGB 8 bit, with `spec_json` (if not empty) in an iTXt chunk "unitscope". Written to a temporary file and
// renamed. Equal images and texts give equal bytes.
std::vector<std::byte> encode_png(const Image& image, const std::string& spec_json = {});
base::Status save_png(const std::filesystem::path& path, const Image& image, const std::string& spec_json = {});
// The text of the "unitscope" chunk, if there is one.
base::Result<std::optional<std::string>> read_png_spec(const std::filesystem::path& path);

// NPY version 1.0, little-endian float32, C order. Maps are [rows, cols], arrays have up to eight axes; anything else
// is refused.
struct Array {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // as many as the shape says, the last axis first
};
base::Status save_npy(const std::filesystem::path& path, const Map& map);
base::Status save_npy(const std::filesystem::path& path, const Array& array);
base::Result<Map> load_npy(const std::filesystem::path& path);
base::Result<Array> load_npy_array(const std::filesystem::path& path);

// Writes text so that a reader sees the old file or the new one, never half of it.
base::Status save_text(const std::filesystem::path& path, const std::string& text);
base::Result<std::string> load_text(const std::filesystem::path& path, std::size_t max_bytes = 64U << 20);

}  // namespace core

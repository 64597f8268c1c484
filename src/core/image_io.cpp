#include "core/image_io.h"

#include <cstdlib>
#include <memory>

#include "core/exif.h"
#include "core/file.h"
#include "core/jpeg.h"
#include "core/png_chunks.h"

namespace {

// A few hundred kilobytes of PNG may inflate to gigabytes; no picture within our limits needs more than its 16-bit RGBA
// pixels and their filter bytes.
constexpr std::size_t kMaxAllocation = (8ULL * core::kMaxPixels) + (1U << 20);
void* bounded_realloc(void* old, std::size_t bytes) {
  return bytes > kMaxAllocation ? nullptr : std::realloc(old, bytes);
}
void* bounded_malloc(std::size_t bytes) {
  return bytes > kMaxAllocation ? nullptr : std::malloc(bytes);
}

}  // namespace

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_FAILURE_STRINGS
#define STBI_MAX_DIMENSIONS 16384
#define STBI_MALLOC(size) bounded_malloc(size)
#define STBI_REALLOC(old, size) bounded_realloc(old, size)
#define STBI_FREE(old) std::free(old)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb_image.h>
#pragma GCC diagnostic pop

namespace core {
namespace {

constexpr std::size_t kMaxFileBytes = 512U << 20;

base::Error unreadable(const std::string& name, const std::string& why, const char* what_to_do) {
  return {"The picture " + name + " cannot be read", why, what_to_do};
}

// Alpha over mid-grey.
Image flatten(const Cutout& cutout) {
  Image image = make_image(cutout.size);
  const std::uint8_t* rgba = cutout.rgba.data();
  for (std::size_t i = 0; i < image.rgb.size(); i += 3, rgba += 4) {
    const int alpha = rgba[3];
    for (std::size_t c = 0; c < 3; ++c)
      image.rgb[i + c] = static_cast<std::uint8_t>((rgba[c] * alpha + 128 * (255 - alpha) + 127) / 255);
  }
  return image;
}

base::Result<Cutout> decode_pixels(std::span<const std::byte> bytes, const PngChunk& header, const std::string& name) {
  constexpr std::size_t kHeaderBytes = 13;
  if (header.type != "IHDR" || header.data.size() != kHeaderBytes)
    return unreadable(name, "the PNG does not begin with its header", "Use another copy of it.");
  const std::uint32_t width = big_endian_32(header.data), height = big_endian_32(header.data.subspan(4));
  if (width == 0 || height == 0) return unreadable(name, "it has no pixels", "Use another copy of it.");
  if (width > kMaxSide_px || height > kMaxSide_px || static_cast<long long>(width) * height > kMaxPixels)
    return unreadable(name, "it has more than 16384 pixels a side or 64 million pixels", "Make it smaller first.");
  int decoded_width = 0, decoded_height = 0, channels = 0;
  const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> pixels(
      stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()), static_cast<int>(bytes.size()),
                            &decoded_width, &decoded_height, &channels, 4),
      &stbi_image_free);
  if (!pixels) return unreadable(name, "the PNG's pixels are damaged", "Use another copy of it.");
  const auto count = static_cast<std::size_t>(decoded_width) * static_cast<std::size_t>(decoded_height);
  return Cutout{{decoded_width, decoded_height}, {pixels.get(), pixels.get() + 4 * count}};
}

base::Result<Image> decode_png(std::span<const std::byte> bytes, const std::string& name) {
  const auto chunks = png_chunks(bytes, name);
  if (!chunks) return chunks.error();
  const auto cutout = decode_pixels(bytes, chunks->front(), name);
  if (!cutout) return cutout.error();
  int orientation = 1;
  for (const PngChunk& chunk : *chunks)
    if (chunk.type == "eXIf") orientation = exif_orientation(chunk.data);
  return upright(flatten(*cutout), orientation);
}

}  // namespace

base::Result<Image> decode_image(std::span<const std::byte> bytes, const std::string& name) {
  if (bytes.size() > kMaxFileBytes) return unreadable(name, "it is larger than 512 MiB", "Make it smaller first.");
  if (is_png(bytes)) return decode_png(bytes, name);
  const auto is = [&](std::size_t i, int value) { return bytes[i] == static_cast<std::byte>(value); };
  if (bytes.size() >= 3 && is(0, 0xff) && is(1, 0xd8) && is(2, 0xff)) return decode_jpeg(bytes, name);
  return unreadable(name, bytes.empty() ? "the file is empty" : "it is neither PNG nor JPEG",
                    "Save it as PNG or JPEG.");
}

base::Result<Image> load_image(const std::filesystem::path& path) {
  const auto bytes = read_file(path, kMaxFileBytes, "The picture");
  if (!bytes) return bytes.error();
  return decode_image(*bytes, path.string());
}

base::Result<Cutout> load_cutout(const std::filesystem::path& path) {
  const auto bytes = read_file(path, kMaxFileBytes, "The picture");
  if (!bytes) return bytes.error();
  const auto chunks = png_chunks(*bytes, path.string());
  if (!chunks) return chunks.error();
  return decode_pixels(*bytes, chunks->front(), path.string());
}

}  // namespace core

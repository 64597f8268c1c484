#include <algorithm>
#include <array>
#include <cstring>

#include "core/file.h"
#include "core/image_io.h"
#include "core/png_chunks.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb_image_write.h>
#pragma GCC diagnostic pop

namespace core {
namespace {

constexpr std::array<unsigned char, 8> kSignature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
constexpr std::string_view kKeyword = "unitscope";
constexpr std::size_t kMaxFileBytes = 512U << 20;
constexpr std::size_t kIendBytes = 12;

void append(std::vector<std::byte>& out, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_big_endian(std::vector<std::byte>& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::byte>(value >> shift & 0xff));
}

// Keyword, then: not compressed, no language, no translated keyword, then the text as it is (PNG 11.3.4.5).
std::vector<std::byte> text_chunk(std::string_view text) {
  std::vector<std::byte> type_and_data;
  append(type_and_data, "iTXt");
  append(type_and_data, kKeyword);
  append(type_and_data, std::string_view("\0\0\0\0\0", 5));
  append(type_and_data, text);
  std::vector<std::byte> chunk;
  append_big_endian(chunk, static_cast<std::uint32_t>(type_and_data.size() - 4));
  chunk.insert(chunk.end(), type_and_data.begin(), type_and_data.end());
  append_big_endian(chunk, png_crc(type_and_data));
  return chunk;
}

}  // namespace

bool is_png(std::span<const std::byte> bytes) {
  return bytes.size() >= kSignature.size() && std::memcmp(bytes.data(), kSignature.data(), kSignature.size()) == 0;
}

std::uint32_t big_endian_32(std::span<const std::byte> four) {
  std::uint32_t value = 0;
  for (const std::byte b : four.first(4)) value = value << 8 | std::to_integer<std::uint32_t>(b);
  return value;
}

std::uint32_t png_crc(std::span<const std::byte> type_and_data) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> made{};
    for (std::uint32_t n = 0; n < 256; ++n) {
      made[n] = n;
      for (int bit = 0; bit < 8; ++bit) made[n] = (made[n] >> 1) ^ ((made[n] & 1) != 0 ? 0xedb88320U : 0U);
    }
    return made;
  }();
  std::uint32_t crc = ~0U;
  for (const std::byte b : type_and_data) crc = table[(crc ^ std::to_integer<std::uint32_t>(b)) & 0xff] ^ (crc >> 8);
  return ~crc;
}

base::Result<std::vector<PngChunk>> png_chunks(std::span<const std::byte> bytes, const std::string& name) {
  const auto broken = [&](const std::string& why) {
    return base::Error{"The picture " + name + " cannot be read", why, "Use another copy of it."};
  };
  if (!is_png(bytes)) return broken("it is not a PNG");
  std::vector<PngChunk> chunks;
  for (auto rest = bytes.subspan(kSignature.size()); !rest.empty();) {
    if (rest.size() < kIendBytes) return broken("the PNG ends inside a chunk");
    const std::size_t length = big_endian_32(rest);
    if (length > rest.size() - kIendBytes) return broken("the PNG ends inside a chunk");
    const std::string_view type(reinterpret_cast<const char*>(rest.data()) + 4, 4);
    if (big_endian_32(rest.subspan(8 + length)) != png_crc(rest.subspan(4, 4 + length)))
      return broken("the checksum of a part of the PNG is wrong");
    chunks.push_back({type, rest.subspan(8, length)});
    if (type == "IEND") return chunks;
    rest = rest.subspan(kIendBytes + length);
  }
  return broken("the PNG has no end");
}

std::vector<std::byte> encode_png(const Image& image, const std::string& spec_json) {
  std::vector<std::byte> file;
  const auto collect = [](void* context, void* data, int size) {
    auto& out = *static_cast<std::vector<std::byte>*>(context);
    const auto* bytes = static_cast<const std::byte*>(data);
    out.insert(out.end(), bytes, bytes + size);
  };
  const int written =
      stbi_write_png_to_func(collect, &file, image.size.width_px, image.size.height_px, 3, image.rgb.data(), 0);
  CHECK(written != 0 && file.size() > kIendBytes, "an image of a sound size can be written as PNG");
  if (!spec_json.empty()) {
    const auto chunk = text_chunk(spec_json);
    file.insert(file.end() - kIendBytes, chunk.begin(), chunk.end());
  }
  return file;
}

base::Status save_png(const std::filesystem::path& path, const Image& image, const std::string& spec_json) {
  return write_file(path, encode_png(image, spec_json));
}

base::Result<std::optional<std::string>> read_png_spec(const std::filesystem::path& path) {
  const auto bytes = read_file(path, kMaxFileBytes, "The picture");
  if (!bytes) return bytes.error();
  const auto chunks = png_chunks(*bytes, path.string());
  if (!chunks) return chunks.error();
  for (const PngChunk& chunk : *chunks) {
    const std::string_view data(reinterpret_cast<const char*>(chunk.data.data()), chunk.data.size());
    if (chunk.type != "iTXt" || !data.starts_with(kKeyword) || data.size() < kKeyword.size() + 5 ||
        data[kKeyword.size()] != '\0')
      continue;
    if (data[kKeyword.size() + 1] != '\0')
      return base::Error{"The spec inside " + path.string() + " cannot be read",
                         "another program has compressed the text", "Use the picture as unitscope saved it."};
    const auto language_end = data.find('\0', kKeyword.size() + 3);
    const auto translation_end = language_end == data.npos ? data.npos : data.find('\0', language_end + 1);
    if (translation_end == data.npos) continue;
    return std::optional<std::string>(data.substr(translation_end + 1));
  }
  return std::optional<std::string>();
}

}  // namespace core

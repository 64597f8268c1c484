// A PNG as its chunks, each checked against the file's end and its own checksum. Only core's .cpp files include it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace core {

struct PngChunk {
  std::string_view type;  // "IHDR", …; a view into the file
  std::span<const std::byte> data;
};

bool is_png(std::span<const std::byte> bytes);
// From IHDR to IEND, which must be there. Views into `bytes`. `name` stands in messages.
base::Result<std::vector<PngChunk>> png_chunks(std::span<const std::byte> bytes, const std::string& name);
std::uint32_t png_crc(std::span<const std::byte> type_and_data);
std::uint32_t big_endian_32(std::span<const std::byte> four);

}  // namespace core

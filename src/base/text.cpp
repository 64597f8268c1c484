#include "base/text.h"

#include <cstdint>
#include <cstdio>

namespace base {
namespace {

// Bytes of the character that begins here; 0 if none does.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t first = byte(0);
  const std::size_t length = first < 0x80U ? 1 : first < 0xE0U ? 2 : first < 0xF0U ? 3 : 4;
  if ((first >= 0x80U && first < 0xC2U) || first > 0xF4U || length > text.size()) return 0;
  std::uint32_t point = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
    point = point << 6U | (byte(i) & 0x3FU);
  }
  const bool longer_than_needed = (length == 3 && point < 0x800U) || (length == 4 && point < 0x10000U);
  const bool surrogate = point >= 0xD800U && point < 0xE000U;
  return longer_than_needed || surrogate || point > 0x10FFFFU ? 0 : length;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 2) return first == 0xC2U && static_cast<unsigned char>(character[1]) < 0xA0U;
  return character.size() == 1 && (first < 0x20U || first == 0x7FU);
}

}  // namespace

std::size_t first_not_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::string printable(std::string_view text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text.substr(i));
    const std::string_view character = text.substr(i, length == 0 ? 1 : length);
    if (length > 0 && !is_control(character)) {
      shown += character;
    } else {
      for (const char c : character) {
        char code[8];
        std::snprintf(code, sizeof code, "\\x%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        shown += code;
      }
    }
    i += character.size();
  }
  return shown;
}

}  // namespace base

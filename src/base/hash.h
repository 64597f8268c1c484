// hash64: a fast content key for caches inside one run (FNV-1a). Sha256: the name of a file's bytes, stored in specs.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace base {

std::uint64_t hash64(std::span<const std::byte> bytes, std::uint64_t seed = 0xcbf29ce484222325ULL);
std::uint64_t hash64(std::string_view text);

// SHA-256 (FIPS 180-4), incrementally: add() pieces, then hex().
class Sha256 {
 public:
  Sha256();
  void add(std::span<const std::byte> bytes);
  void add(std::string_view text);
  [[nodiscard]] std::string hex();  // 64 lower-case digits; no add() after it

 private:
  void block(const std::uint8_t* data);
  std::array<std::uint32_t, 8> state_{};
  std::array<std::uint8_t, 64> pending_{};
  std::size_t pending_size_ = 0;
  std::uint64_t total_bytes_ = 0;
};

std::string sha256_hex(std::span<const std::byte> bytes);

}  // namespace base

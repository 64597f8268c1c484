// Whole files as bytes: read with a cap, written so that a reader sees the old file or the new one. Any thread.
#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace core {

// `what` names the file in messages: "The picture", "The model".
base::Result<std::vector<std::byte>> read_file(const std::filesystem::path& path, std::size_t max_bytes,
                                               const std::string& what = "The file");
// A file as memory that the system reads in where it is looked at, so that a large one need not be held at once.
class MappedFile {
 public:
  static base::Result<MappedFile> open(const std::filesystem::path& path, std::size_t max_bytes,
                                       const std::string& what = "The file");
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  // Gives back the memory of a part that was read; it is read again if it is looked at again.
  static void release(std::span<const std::byte> part);

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::span<const std::byte> bytes_;
};
// Writes a temporary file beside it and renames. The folder must exist.
base::Status write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace core

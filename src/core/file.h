// Whole files as bytes: read with a cap, written so that a reader sees the old file or the new one. Any thread.
#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace core {

// `what` names the file in messages: "The picture", "The model".
base::Result<std::vector<std::byte>> read_file(const std::filesystem::path& path, std::size_t max_bytes,
                                               const std::string& what = "The file");
// Writes a temporary file beside it and renames. The folder must exist.
base::Status write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace core

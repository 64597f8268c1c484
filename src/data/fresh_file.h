// Files that never overwrite another, for exports of what people answered. Any thread.
#pragma once
#include <filesystem>
#include <string>

#include "base/result.h"

namespace data {

// Writes folder/stem.extension, or stem-2, stem-3 … where that is taken: nothing is ever overwritten, not even by
// another program at the same time. Returns the path. The folder is made if it is not there.
base::Result<std::filesystem::path> save_fresh(const std::filesystem::path& folder, const std::string& stem,
                                               const std::string& extension, const std::string& text);

// Makes sure that the names in a folder, such as that of a new file, are on the disk.
void sync_folder(const std::filesystem::path& folder);

}  // namespace data

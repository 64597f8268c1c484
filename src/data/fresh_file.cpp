#include "data/fresh_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>

#include "core/file.h"

namespace data {

namespace fs = std::filesystem;

namespace {

constexpr int kMostFresh = 100000;

}  // namespace

void sync_folder(const fs::path& folder) {
  const int handle = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return;
  static_cast<void>(::fsync(handle));  // some file systems cannot; then there is nothing to do
  ::close(handle);
}

base::Result<fs::path> save_fresh(const fs::path& folder, const std::string& stem, const std::string& extension,
                                  const std::string& text) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  const auto refuse = [&](const fs::path& file, const std::string& reason) {
    return base::Error{"The file " + file.string() + " cannot be written", reason,
                       "Free some space or make the folder writable"};
  };
  if (failed) return refuse(folder, failed.message());
  for (int i = 1; i <= kMostFresh; ++i) {
    const fs::path file = folder / (stem + (i == 1 ? "" : "-" + std::to_string(i)) + extension);
    // Taking the name and finding it free are one step; the contents then come in another, whole.
    const int handle = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (handle < 0 && errno == EEXIST) continue;
    if (handle < 0) return refuse(file, std::strerror(errno));
    ::close(handle);
    if (auto status = core::write_file(file, std::as_bytes(std::span(text))); !status) {
      fs::remove(file, failed);
      return status.error();
    }
    sync_folder(folder);
    return file;
  }
  return refuse(folder / (stem + extension), "there are too many of that name");
}

}  // namespace data

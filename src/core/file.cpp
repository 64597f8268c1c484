#include "core/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/image_io.h"

namespace core {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

std::string system_reason(int error) {
  return std::strerror(error);
}

}  // namespace

base::Result<std::vector<std::byte>> read_file(const std::filesystem::path& path, std::size_t max_bytes,
                                               const std::string& what) {
  const auto refuse = [&](const std::string& why, const char* what_to_do) {
    return base::Error{what + " " + path.string() + " cannot be read", why, what_to_do};
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return refuse("it is a folder", "Name a file in it.");
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) return refuse(system_reason(errno), "Check the path.");
  // Read piece by piece rather than by size, because a pipe has none.
  std::vector<std::byte> bytes;
  std::vector<std::byte> piece(1U << 16);
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), file.get())) {
    if (got > max_bytes - bytes.size())
      return refuse("it is larger than " + std::to_string(max_bytes >> 20) + " MiB", "Use a smaller file.");
    bytes.insert(bytes.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got));
  }
  if (std::ferror(file.get()) != 0) return refuse("the device reports an error", "Try a copy of it.");
  return bytes;
}

base::Result<MappedFile> MappedFile::open(const std::filesystem::path& path, std::size_t max_bytes,
                                          const std::string& what) {
  const auto refuse = [&](const std::string& why, const char* what_to_do) {
    return base::Error{what + " " + path.string() + " cannot be read", why, what_to_do};
  };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return refuse(system_reason(errno), "Check the path.");
  struct stat status = {};
  const bool known = ::fstat(file, &status) == 0;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* memory = nullptr;
  const bool mappable = known && S_ISREG(status.st_mode) && size > 0 && size <= max_bytes;
  if (mappable) memory = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  ::close(file);
  if (known && S_ISDIR(status.st_mode)) return refuse("it is a folder", "Name a file in it.");
  if (known && !S_ISREG(status.st_mode)) return refuse("it is no regular file", "Copy it to one.");
  if (size > max_bytes)
    return refuse("it is larger than " + std::to_string(max_bytes >> 20) + " MiB", "Use a smaller file.");
  if (size == 0) return refuse("it is empty", "Copy it again.");
  if (memory == MAP_FAILED) return refuse(system_reason(errno), "Try a copy of it.");
  return MappedFile({static_cast<const std::byte*>(memory), size});
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

void MappedFile::release(std::span<const std::byte> part) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(part.data()) + page - 1) / page * page;
  const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(part.data() + part.size()) / page * page;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

base::Status write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  static std::atomic<unsigned> counter{0};
  const std::filesystem::path temporary =
      path.string() + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
  const auto refuse = [&](int error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    return base::Error{"The file " + path.string() + " cannot be written", system_reason(error),
                       "Choose a folder that exists and that you may write to."};
  };
  File file(std::fopen(temporary.c_str(), "wb"));
  if (!file) return refuse(errno);
  if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) return refuse(errno);
  // Closing flushes, so a full disk may show only here.
  if (std::fclose(file.release()) != 0) return refuse(errno);
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return refuse(errno);
  return {};
}

base::Status save_text(const std::filesystem::path& path, const std::string& text) {
  return write_file(path, std::as_bytes(std::span(text)));
}

base::Result<std::string> load_text(const std::filesystem::path& path, std::size_t max_bytes) {
  auto bytes = read_file(path, max_bytes);
  if (!bytes) return bytes.error();
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

}  // namespace core

// Where a test finds its stored examples and writes its own files.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <string>

inline std::filesystem::path example(const std::string& name) {
  return std::filesystem::path(UNITSCOPE_SOURCE_DIR) / "tests/core/data" / name;
}

// A folder of its own for one test, gone afterwards.
class TestFolder {
 public:
  TestFolder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("unitscope-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

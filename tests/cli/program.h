// Runs the built unitscope-cli as a person would, in a folder of its own, with pictures that the test draws.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/image.h"

namespace testing {

struct Finished {
  int exit_code = 0;  // 128 + signal if a signal ended it
  std::string out, err;
};

// A new empty folder, removed with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Runs unitscope-cli with these words, in `folder`.
Finished run_cli(const Folder& folder, const std::vector<std::string>& words);
// A shell line in which unitscope-cli is found.
Finished run_shell(const Folder& folder, const std::string& line);
// Runs until stderr holds `text`, then sends SIGINT and waits.
Finished interrupt_cli(const Folder& folder, const std::vector<std::string>& words, const std::string& text);

// Soft blobs of colour and a few hard edges: something that units of a network answer differently.
core::Image draw_picture(std::uint64_t seed, core::Size size = {300, 260});
// Whether the text holds the part; shows the text on stderr if not.
bool mentions(const std::string& text, const std::string& part);
std::string bytes_of(const std::filesystem::path& file);

}  // namespace testing

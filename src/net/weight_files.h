// Weights that an ONNX file keeps in other files beside itself (external data). A location is text from an untrusted
// file: it must name a file inside the model's own folder, by links too, and the bytes asked for must lie in it; all
// of that is checked before anything is read. Throws Refusal. One thread an instance.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace net {

struct WeightRange {
  std::string location;  // relative to the model's folder
  std::int64_t offset = 0;
  std::int64_t length = -1;  // −1: to the end of the file
};

class WeightFiles {
 public:
  // An empty folder has no files: the model was not read from disk. `mapped`: the model itself is a core::MappedFile.
  explicit WeightFiles(std::filesystem::path folder, bool mapped = false)
      : folder_(std::move(folder)), mapped_(mapped) {}

  // Exactly `expected` bytes, valid until the next call; `who` names the tensor in a refusal.
  std::string_view read(const WeightRange& range, std::int64_t expected, const std::string& who);
  // Weights inside the model file that were copied: their memory is given back where the file is mapped.
  void done_with(std::string_view part) const;
  // The locations that were read so far, each once, in order.
  [[nodiscard]] const std::vector<std::string>& used() const { return used_; }

 private:
  std::filesystem::path folder_;
  bool mapped_;
  std::vector<std::string> used_;
  std::vector<char> bytes_;
};

}  // namespace net

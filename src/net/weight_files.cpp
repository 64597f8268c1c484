#include "net/weight_files.h"

#include <algorithm>
#include <fstream>
#include <span>
#include <system_error>

#include "core/file.h"
#include "net/refusal.h"

namespace net {
namespace {

namespace fs = std::filesystem;

// The file, with links followed; refused where it is not in the folder.
fs::path found_inside(const fs::path& folder, const std::string& location, const std::string& who) {
  const std::string weights = "the weights of " + who + " lie in " + location + ", ";
  if (folder.empty())
    throw Refusal{weights + "another file, which cannot be read here", "Open the model from its folder."};
  const fs::path named(location);
  const bool climbs = std::ranges::any_of(named, [](const fs::path& part) { return part == ".."; });
  std::error_code failed;
  const fs::path inside = fs::canonical(folder, failed);
  const fs::path file = failed ? fs::path() : fs::weakly_canonical(inside / named, failed);
  const bool leaves = std::mismatch(inside.begin(), inside.end(), file.begin(), file.end()).first != inside.end();
  if (named.is_absolute() || climbs || failed || leaves)
    throw Refusal{weights + "which is outside the model's folder",
                  "Put that file beside the model, or save the model in one file."};
  if (!fs::is_regular_file(file, failed))
    throw Refusal{weights + "which is not there", "Copy that file beside the model, as it was exported."};
  return file;
}

}  // namespace

std::string_view WeightFiles::read(const WeightRange& range, std::int64_t expected, const std::string& who) {
  const fs::path file = found_inside(folder_, range.location, who);
  std::error_code failed;
  const auto size = static_cast<std::int64_t>(fs::file_size(file, failed));
  const bool fits = !failed && range.offset >= 0 && range.offset <= size && expected <= size - range.offset;
  const std::int64_t length = range.length >= 0 ? range.length : size - range.offset;
  if (!fits || length > size - range.offset)
    throw Refusal{"the weights of " + who + " reach beyond the end of " + range.location,
                  "Copy that file again, as it was exported."};
  if (length != expected)
    throw Refusal{"the data of " + who + " in " + range.location + " do not match its shape of " +
                  std::to_string(expected) + " bytes"};
  bytes_.resize(static_cast<std::size_t>(expected));
  std::ifstream stream(file, std::ios::binary);
  stream.seekg(range.offset);
  if (!stream.read(bytes_.data(), expected))
    throw Refusal{"the weights of " + who + " cannot be read from " + range.location};
  if (std::ranges::find(used_, range.location) == used_.end()) used_.push_back(range.location);
  return {bytes_.data(), bytes_.size()};
}

void WeightFiles::done_with(std::string_view part) const {
  if (mapped_) core::MappedFile::release(std::as_bytes(std::span(part)));
}

}  // namespace net

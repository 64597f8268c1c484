// Refusal: why a model file is not read, thrown deep inside an importer and caught at its edge (import_onnx,
// import_graphdef), where it becomes a base::Error that names the file. With it the caps that both importers share.
// Private to the folder; any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace net {

struct Refusal {
  std::string why;
  std::string what_to_do = {};
};

inline constexpr std::size_t kMaxFileNodes = 20000;
inline constexpr std::size_t kMaxFileConnections = 200000;
inline constexpr std::size_t kMaxFileTensors = 50000;
inline constexpr std::size_t kMaxListed = 4096;  // names, numbers or attributes in one node
inline constexpr std::size_t kMaxFileDims = 8;
inline constexpr std::int64_t kMaxFileDim = 1 << 26;
inline constexpr std::int64_t kMaxFileWeights = 1 << 29;  // 2 GiB of float32
inline constexpr int kMaxInputSide_px = 4096;             // of the pictures that a file or its sidecar asks for

// A name of the file, which messages will show: at most a kilobyte and free of control characters.
std::string checked_name(std::string_view text);
void at_most(std::size_t count, std::size_t most, const char* what);
// The product of dimensions that are each possible.
std::int64_t checked_count(const std::vector<std::int64_t>& dims, const std::string& tensor);

}  // namespace net

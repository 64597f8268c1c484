#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "core/file.h"
#include "core/image_io.h"

namespace core {
namespace {

static_assert(std::endian::native == std::endian::little, "NPY files are written as the bytes lie in memory");

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr std::size_t kHeaderBegin = 10;
constexpr std::size_t kMaxFileBytes = 1U << 30;
constexpr std::size_t kMaxAxes = 8;

// What stands after 'key': in the header's Python dictionary.
std::optional<std::string_view> value_after(std::string_view header, std::string_view key) {
  const auto at = header.find(key);
  if (at == header.npos) return std::nullopt;
  const auto begin = header.find_first_not_of(" :", at + key.size());
  if (begin == header.npos) return std::nullopt;
  return header.substr(begin);
}

// "(2, 3)", "(2,)" or "()": as many numbers as there are axes.
std::optional<std::vector<std::int64_t>> parse_shape(std::string_view text) {
  std::vector<std::int64_t> shape;
  if (!text.starts_with('(')) return std::nullopt;
  text.remove_prefix(1);
  while (!text.starts_with(')')) {
    std::int64_t side = 0;
    while (text.starts_with(' ')) text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
    if (error != std::errc{} || side < 0 || shape.size() == kMaxAxes) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    shape.push_back(side);
    if (text.starts_with(','))
      text.remove_prefix(1);
    else if (!text.starts_with(')'))
      return std::nullopt;
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  return shape;
}

base::Status save(const std::filesystem::path& path, const std::vector<std::int64_t>& shape,
                  const std::vector<float>& values) {
  std::string axes;
  for (const std::int64_t side : shape) axes += std::to_string(side) + ", ";
  if (shape.size() > 1) axes.resize(axes.size() - 2);
  if (shape.size() == 1) axes.pop_back();
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + axes + "), }";
  // Padded with spaces and a line feed so that the numbers begin at a multiple of 64 bytes (NPY format, version 1.0).
  header.resize((kHeaderBegin + header.size() + 1 + 63) / 64 * 64 - kHeaderBegin - 1, ' ');
  header += '\n';
  std::string file(kMagic);
  file += static_cast<char>(header.size() & 0xff);
  file += static_cast<char>(header.size() >> 8);
  file += header;
  file.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
  return save_text(path, file);
}

struct Kind {  // what a message calls the file, and what it should be
  std::string name;
  std::string wanted;
};

base::Result<Array> load(const std::filesystem::path& path, const Kind& kind) {
  const auto refuse = [&](const char* why) {
    return base::Error{kind.name + ' ' + path.string() + " cannot be read", why, kind.wanted};
  };
  const auto bytes = read_file(path, kMaxFileBytes, kind.name);
  if (!bytes) return bytes.error();
  const std::string_view file(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (file.size() < kHeaderBegin || !file.starts_with(kMagic)) return refuse("it is not an NPY file of version 1.0");
  const std::size_t header_bytes =
      static_cast<unsigned char>(file[8]) | static_cast<std::size_t>(static_cast<unsigned char>(file[9])) << 8;
  if (header_bytes > file.size() - kHeaderBegin) return refuse("it ends inside its header");
  const std::string_view header = file.substr(kHeaderBegin, header_bytes);
  const std::string_view numbers = file.substr(kHeaderBegin + header_bytes);

  const auto type = value_after(header, "'descr'");
  if (!type || !type->starts_with("'<f4'")) return refuse("its numbers are not little-endian float32");
  const auto order = value_after(header, "'fortran_order'");
  if (!order || !order->starts_with("False")) return refuse("its numbers are not in C order");
  const auto shape_text = value_after(header, "'shape'");
  auto shape = shape_text ? parse_shape(*shape_text) : std::nullopt;
  if (!shape) return refuse("it does not say its shape");
  // No product of sides is formed that the file could not hold: the numbers that there are bound it.
  std::uint64_t left = numbers.size() / sizeof(float);
  bool fits = numbers.size() % sizeof(float) == 0;
  const bool empty = std::ranges::count(*shape, 0) > 0;
  for (const std::int64_t side : *shape) {
    if (empty) break;
    fits = fits && left % static_cast<std::uint64_t>(side) == 0;
    left /= static_cast<std::uint64_t>(side);
  }
  if (!fits || left != (empty ? 0U : 1U)) return refuse("the numbers in it are not as many as its shape says");
  Array array{std::move(*shape), std::vector<float>(numbers.size() / sizeof(float))};
  if (!numbers.empty()) std::memcpy(array.values.data(), numbers.data(), numbers.size());
  return array;
}

}  // namespace

base::Status save_npy(const std::filesystem::path& path, const Map& map) {
  return save(path, {map.rows, map.cols}, map.values);
}

base::Status save_npy(const std::filesystem::path& path, const Array& array) {
  return save(path, array.shape, array.values);
}

base::Result<Map> load_npy(const std::filesystem::path& path) {
  const Kind kind{"The map", "Use a map.npy that unitscope wrote: two axes of little-endian float32 in C order."};
  auto array = load(path, kind);
  if (!array) return array.error();
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  if (array->shape.size() != 2 || std::ranges::max(array->shape) > kMost)
    return base::Error{kind.name + ' ' + path.string() + " cannot be read", "it has not two axes", kind.wanted};
  return Map{static_cast<int>(array->shape[0]), static_cast<int>(array->shape[1]), std::move(array->values)};
}

base::Result<Array> load_npy_array(const std::filesystem::path& path) {
  return load(path, {"The tensor", "Save it with numpy as float32 in C order."});
}

}  // namespace core

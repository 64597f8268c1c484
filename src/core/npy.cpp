#include <bit>
#include <charconv>
#include <cstring>

#include "core/file.h"
#include "core/image_io.h"

namespace core {
namespace {

static_assert(std::endian::native == std::endian::little, "NPY files are written as the bytes lie in memory");

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr std::size_t kHeaderBegin = 10;
constexpr std::size_t kMaxFileBytes = 1U << 30;

// What stands after 'key': in the header's Python dictionary.
std::optional<std::string_view> value_after(std::string_view header, std::string_view key) {
  const auto at = header.find(key);
  if (at == header.npos) return std::nullopt;
  const auto begin = header.find_first_not_of(" :", at + key.size());
  if (begin == header.npos) return std::nullopt;
  return header.substr(begin);
}

// "(rows, cols)" and nothing else between the brackets.
bool parse_shape(std::string_view text, int& rows, int& cols) {
  const auto number = [&](std::string_view before, int& value) {
    if (!text.starts_with(before)) return false;
    text.remove_prefix(before.size());
    while (text.starts_with(' ')) text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return error == std::errc{} && value >= 0;
  };
  return number("(", rows) && number(",", cols) && text.starts_with(')');
}

}  // namespace

base::Status save_npy(const std::filesystem::path& path, const Map& map) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(map.rows) + ", " +
                       std::to_string(map.cols) + "), }";
  // Padded with spaces and a line feed so that the numbers begin at a multiple of 64 bytes (NPY format, version 1.0).
  header.resize((kHeaderBegin + header.size() + 1 + 63) / 64 * 64 - kHeaderBegin - 1, ' ');
  header += '\n';
  std::string file(kMagic);
  file += static_cast<char>(header.size() & 0xff);
  file += static_cast<char>(header.size() >> 8);
  file += header;
  file.append(reinterpret_cast<const char*>(map.values.data()), map.values.size() * sizeof(float));
  return save_text(path, file);
}

base::Result<Map> load_npy(const std::filesystem::path& path) {
  const auto refuse = [&](const char* why) {
    return base::Error{"The map " + path.string() + " cannot be read", why,
                       "Use a map.npy that unitscope wrote: two axes of little-endian float32 in C order."};
  };
  const auto bytes = read_file(path, kMaxFileBytes, "The map");
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
  const auto shape = value_after(header, "'shape'");
  int rows = 0, cols = 0;
  if (!shape || !parse_shape(*shape, rows, cols)) return refuse("it has not two axes");
  const auto cells = static_cast<unsigned long long>(rows) * static_cast<unsigned long long>(cols);
  if (numbers.size() % sizeof(float) != 0 || numbers.size() / sizeof(float) != cells)
    return refuse("the numbers in it are not as many as its shape says");
  Map map = make_map(rows, cols, 0.0F);
  if (cells > 0) std::memcpy(map.values.data(), numbers.data(), numbers.size());
  return map;
}

}  // namespace core

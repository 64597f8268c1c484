#include "net/refusal.h"

namespace net {

std::string checked_name(std::string_view text) {
  constexpr std::size_t kMaxLength = 1024;
  if (text.size() > kMaxLength)
    throw Refusal{"a name in it is " + std::to_string(text.size()) + " bytes long (" + std::string(text.substr(0, 32)) +
                  "…)"};
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20) throw Refusal{"a name in it holds control characters"};
  return std::string(text);
}

void at_most(std::size_t count, std::size_t most, const char* what) {
  if (count > most) throw Refusal{"it has more than " + std::to_string(most) + ' ' + what};
}

std::int64_t checked_count(const std::vector<std::int64_t>& dims, const std::string& tensor) {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) {
    if (dim < 0 || dim > kMaxFileDim || (dim > 0 && count > kMaxFileWeights / dim))
      throw Refusal{"the tensor " + tensor + " has an impossible shape"};
    count *= dim;
  }
  return count;
}

}  // namespace net

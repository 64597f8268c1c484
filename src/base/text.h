// Bytes of anyone's files as text: whether they are UTF-8, and how they are shown in sentences. Any thread.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace base {

// The place of the first byte that is not part of UTF-8 text; npos if it all is.
std::size_t first_not_utf8(std::string_view text);
// The same text with control characters and bytes that are not UTF-8 as \x1B, so that no terminal obeys them.
std::string printable(std::string_view text);

}  // namespace base

#include "base/result.h"

#include <algorithm>

#include "base/text.h"

namespace base {

std::string Error::sentence() const {
  std::string text = what;
  if (!why.empty()) text += ": " + why;
  if (!text.empty() && text.back() != '.') text += '.';
  if (!what_to_do.empty()) text += ' ' + what_to_do;
  if (text.back() != '.') text += '.';
  std::ranges::replace(text, '\n', ' ');
  return printable(text);
}

}  // namespace base

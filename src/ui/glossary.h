// The field's words, one line each, shown when a word is pointed at. Pure data; any thread.
#pragma once
#include <span>
#include <string_view>

namespace ui {

struct Term {
  std::string_view word;
  std::string_view meaning;  // one sentence or two
};
std::span<const Term> glossary();
// The meaning of a word of the glossary; asking for another word is a bug.
std::string_view meaning_of(std::string_view word);

}  // namespace ui

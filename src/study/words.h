// Between an enumeration and its words in JSON, CSV and flags: one table each way. Private to study. Any thread.
#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace study {

template <class Enum, std::size_t N>
using Words = std::array<std::pair<Enum, std::string_view>, N>;

template <class Enum, std::size_t N>
std::string_view word_of(const Words<Enum, N>& words, Enum value) {
  for (const auto& [known, word] : words)
    if (known == value) return word;
  CHECK(false, "an enumeration lacks a word");
}

// `thing` with its article, for the sentence: "a tier".
template <class Enum, std::size_t N>
base::Result<Enum> value_of(const Words<Enum, N>& words, std::string_view text, std::string_view thing) {
  std::string choices;
  for (const auto& [known, word] : words) {
    if (word == text) return known;
    choices += (choices.empty() ? "" : ", ") + std::string(word);
  }
  return base::Error{"\"" + std::string(text.substr(0, 40)) + "\" is not " + std::string(thing), "it has no such word",
                     "Choose one of: " + choices};
}

}  // namespace study

// How far two words are apart, for telling people which name they may have meant. Bytes, not letters; the time is the
// product of the lengths, so that callers cap what they did not write themselves. A pure function; any thread.
#pragma once
#include <cstddef>
#include <string_view>

namespace base {

// The fewest letters put in, taken out or replaced that make one of the other (Levenshtein 1966).
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace base

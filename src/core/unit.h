// The canonical name of a unit: "mixed4a_pre_relu:104", with "@y,x" where one neuron is meant.
// Only the text form: which names a model knows, and their aliases, is net/names.h. Plain values; any thread.
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace core {

struct Cell {
  int y = 0;  // row of the layer's map
  int x = 0;  // column
  auto operator<=>(const Cell&) const = default;
};

struct Unit {
  std::string layer;  // the node's canonical name
  int channel = 0;
  std::optional<Cell> neuron;  // one cell of the map; absent: the mean over the map
  auto operator<=>(const Unit&) const = default;
};

std::string to_string(const Unit& unit);
// Splits at the last colon. Refuses a missing or negative channel with a sentence that shows the form.
base::Result<Unit> parse_unit(std::string_view text);

}  // namespace core

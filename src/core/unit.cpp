#include "core/unit.h"

#include <charconv>

namespace core {
namespace {

// A whole, non-negative decimal number and nothing else.
std::optional<int> parse_index(std::string_view text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stopped != end || value < 0 || text.front() == '-') return std::nullopt;
  return value;
}

base::Error not_a_unit(std::string_view text, const char* why) {
  return {"\"" + std::string(text) + "\" does not name a unit", why,
          "Write layer:channel, such as mixed4a_pre_relu:104, or layer:channel@y,x for one neuron."};
}

}  // namespace

std::string to_string(const Unit& unit) {
  std::string text = unit.layer + ':' + std::to_string(unit.channel);
  if (unit.neuron) text += '@' + std::to_string(unit.neuron->y) + ',' + std::to_string(unit.neuron->x);
  return text;
}

base::Result<Unit> parse_unit(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return not_a_unit(text, "there is no colon between layer and channel");
  Unit unit;
  unit.layer = text.substr(0, colon);
  if (unit.layer.empty()) return not_a_unit(text, "the layer before the colon is missing");
  std::string_view channel = text.substr(colon + 1);
  if (const auto at = channel.find('@'); at != std::string_view::npos) {
    const std::string_view cell = channel.substr(at + 1);
    const auto comma = cell.find(',');
    const auto y = parse_index(cell.substr(0, comma));
    const auto x = comma == std::string_view::npos ? std::nullopt : parse_index(cell.substr(comma + 1));
    if (!y || !x) return not_a_unit(text, "the neuron after the @ is not row,column");
    unit.neuron = Cell{*y, *x};
    channel = channel.substr(0, at);
  }
  const auto index = parse_index(channel);
  if (!index) return not_a_unit(text, "the channel after the last colon is not a whole number from 0");
  unit.channel = *index;
  return unit;
}

}  // namespace core

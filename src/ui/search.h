// What the search box understands: units by every alias, layers, pictures, and every action with its argument. Pure
// logic; ui/top_bar.cpp draws it. UI thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/messages.h"

namespace ui {

struct Suggestion {
  std::string name;
  std::string note;     // right, quiet
  std::string command;  // for perform(); empty: choosing it only fills the box with `name` and a space
  bool operator==(const Suggestion&) const = default;
};

// Best first, at most `most`. With no text: a little of everything.
std::vector<Suggestion> suggestions(std::string_view text, const engine::Snapshots& in, std::size_t most);
// How a unit's name is read, or why it is not one: "= 3×3 branch, channel 8".
std::string understood_as(std::string_view text, const engine::Snapshots& in);

}  // namespace ui

// Tables as text with commas (RFC 4180): quotes around cells that need them, doubled inside. Any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace core {

// Every row as it stands, the header first; empty lines are left out.
std::vector<std::vector<std::string>> parse_csv(std::string_view text);
// One row with its line end.
std::string csv_row(const std::vector<std::string>& cells);

}  // namespace core

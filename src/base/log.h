// Log lines on stderr, one an event; never inside a step or a frame. Results never go here. Any thread.
#pragma once
#include <string_view>

namespace base {

void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);
// Hides everything below warnings (the CLI does, unless --verbose).
void log_only_warnings();

}  // namespace base

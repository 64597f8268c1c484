// CHECK(condition, message): a broken invariant is a bug. Always on: prints the condition, the message and the command
// that reproduces the state, then aborts. Never for bad input (see Result). Any thread.
#pragma once
#include <string>
#include <string_view>

namespace base {

// The command line of the spec that this thread is working on; printed when a CHECK fails.
void set_reproduce_command(std::string command);

[[noreturn]] void check_failed(const char* condition, std::string_view message, const char* file, int line);

}  // namespace base

#define CHECK(condition, message)                                      \
  do {                                                                 \
    if (!(condition)) [[unlikely]]                                     \
      ::base::check_failed(#condition, (message), __FILE__, __LINE__); \
  } while (false)

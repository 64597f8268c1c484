#include "base/check.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace base {
namespace {
thread_local std::string reproduce_command;
}

void set_reproduce_command(std::string command) {
  reproduce_command = std::move(command);
}

void check_failed(const char* condition, std::string_view message, const char* file, int line) {
  std::fprintf(stderr, "bug: %s:%d: %s does not hold: %.*s\n", file, line, condition, static_cast<int>(message.size()),
               message.data());
  if (!reproduce_command.empty()) std::fprintf(stderr, "to reproduce: %s\n", reproduce_command.c_str());
  std::abort();
}

}  // namespace base

#include "app/pilot_process.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

namespace app {

base::Status PilotProcess::start(const std::vector<std::string>& flags) {
  std::string program = "unitscope";
  std::vector<std::string> own = flags;
  std::vector<char*> arguments = {program.data()};
  for (std::string& flag : own) arguments.push_back(flag.data());
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int failed = posix_spawn(&process, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ);
  if (failed != 0)
    return base::Error{"The pilot cannot be started", std::strerror(failed),
                       "Copy it as a command and start it from a terminal."};
  process_ = process;
  return {};
}

std::optional<int> PilotProcess::take_end() {
  int status = 0;
  if (!process_ || waitpid(*process_, &status, WNOHANG) != *process_) return std::nullopt;
  process_.reset();
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace app

#include "cli/window_bench.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <system_error>
#include <vector>

#include "cli/interrupt.h"

namespace cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::minutes(10);
constexpr std::size_t kMaxAnswerBytes = 1U << 20;

struct Child {
  pid_t pid = 0;
  int stdout_fd = -1;
};

// Started with its stdout in a pipe and its stderr nowhere; pid 0 if it could not be.
Child start(const std::vector<std::string>& words) {
  std::array<int, 2> pipe_fds{};
  if (pipe2(pipe_fds.data(), O_CLOEXEC) != 0) return {};
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  Child child{0, pipe_fds[0]};
  if (posix_spawn(&child.pid, arguments.front(), &actions, nullptr, arguments.data(), environ) != 0) child.pid = 0;
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_fds[1]);
  return child;
}

// All of its stdout, or as much as came before patience, or Ctrl+C, ended it.
std::string read_until_end(const Child& child) {
  std::string answer;
  const auto end = Clock::now() + kPatience;
  while (Clock::now() < end && !interrupt_flag().stop_requested() && answer.size() < kMaxAnswerBytes) {
    pollfd waiting{child.stdout_fd, POLLIN, 0};
    if (poll(&waiting, 1, 100) <= 0) continue;
    std::array<char, 4096> piece{};
    const ssize_t got = read(child.stdout_fd, piece.data(), piece.size());
    if (got <= 0) return answer;
    answer.append(piece.data(), static_cast<std::size_t>(got));
  }
  kill(child.pid, SIGKILL);
  return answer;
}

}  // namespace

Json bench_of_window(const fs::path& model, bool quick) {
  std::error_code failed;
  const fs::path window = fs::read_symlink("/proc/self/exe", failed).parent_path() / "unitscope";
  if (failed || !fs::exists(window, failed)) return nullptr;
  std::vector<std::string> words{window.string(), "--bench", "--json", "--model", model.string()};
  if (quick) words.push_back("--quick");
  const Child child = start(words);
  std::string answer;
  if (child.pid != 0) answer = read_until_end(child);
  if (child.stdout_fd >= 0) close(child.stdout_fd);
  int status = 0;
  if (child.pid == 0 || waitpid(child.pid, &status, 0) != child.pid || status != 0) return nullptr;
  Json document = Json::parse(answer, nullptr, false);
  const bool is_ours = document.is_object() && document.contains("ui_frame_ms") && document.contains("layers");
  return is_ours ? document : Json(nullptr);
}

}  // namespace cli

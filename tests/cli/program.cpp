#include "program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/check.h"
#include "base/rng.h"

namespace testing {
namespace {

namespace fs = std::filesystem;

// Starts the words in the folder, stdout and stderr into files there.
pid_t start(const Folder& folder, const std::vector<std::string>& words) {
  const std::string out = folder / ".stdout", err = folder / ".stderr";
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.path().c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  setenv("UNITSCOPE_ASSETS", UNITSCOPE_SOURCE_DIR "/assets", 1);
  setenv("XDG_CACHE_HOME", (folder / ".cache").c_str(), 1);
  pid_t child = 0;
  const int failed = posix_spawn(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  CHECK(failed == 0, "cannot start " + words.front());
  return child;
}

Finished finish(const Folder& folder, pid_t child) {
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child, "the child is gone");
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, bytes_of(folder / ".stdout"), bytes_of(folder / ".stderr")};
}

std::vector<std::string> with_program(const std::vector<std::string>& words) {
  std::vector<std::string> all = {UNITSCOPE_CLI};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

}  // namespace

Folder::Folder() {
  std::string name = fs::temp_directory_path() / "unitscope-cli-XXXXXX";
  CHECK(mkdtemp(name.data()) != nullptr, "no temporary folder");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Finished run_cli(const Folder& folder, const std::vector<std::string>& words) {
  return finish(folder, start(folder, with_program(words)));
}

Finished run_shell(const Folder& folder, const std::string& line) {
  const std::string found = "PATH='" + fs::path(UNITSCOPE_CLI).parent_path().string() + "':$PATH\n";
  return finish(folder, start(folder, {"/bin/sh", "-c", found + line}));
}

Finished interrupt_cli(const Folder& folder, const std::vector<std::string>& words, const std::string& text) {
  const pid_t child = start(folder, with_program(words));
  while (bytes_of(folder / ".stderr").find(text) == std::string::npos) {
    siginfo_t ended = {};
    waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT);
    if (ended.si_pid == child) break;
    usleep(2000);
  }
  kill(child, SIGINT);
  return finish(folder, child);
}

core::Image draw_picture(std::uint64_t seed, core::Size size) {
  base::Rng rng(seed);
  struct Blob {
    double x, y, radius, colour[3];
  };
  std::vector<Blob> blobs;
  for (int i = 0; i < 12; ++i)
    blobs.push_back({rng.uniform(0, size.width_px),
                     rng.uniform(0, size.height_px),
                     rng.uniform(15, 70),
                     {rng.uniform(0, 255), rng.uniform(0, 255), rng.uniform(0, 255)}});
  core::Image image = core::make_image(size, 90, 110, 130);
  for (int y = 0; y < size.height_px; ++y)
    for (int x = 0; x < size.width_px; ++x)
      for (const Blob& blob : blobs) {
        const double distance = std::hypot(x - blob.x, y - blob.y) / blob.radius;
        if (distance > 1.0) continue;
        const double share = distance < 0.5 ? 1.0 : 2.0 * (1.0 - distance);
        for (int c = 0; c < 3; ++c) {
          std::uint8_t& value = image.pixel(x, y)[c];
          value = static_cast<std::uint8_t>(std::lround(value + share * (blob.colour[c] - value)));
        }
      }
  return image;
}

bool mentions(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != std::string::npos;
  if (!found) std::cerr << "not mentioned: " << part << "\nin: " << text << '\n';
  return found;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace testing

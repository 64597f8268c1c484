#include "app/interact.h"

#include <algorithm>

namespace app {
namespace {

constexpr double kLongestSleep_s = 1.0;

// Folders are opened, files become the pictures of the window; which of them are models, the engine sees.
void take_dropped(Window& window, engine::Requests& out) {
  std::vector<std::filesystem::path> files = window.take_dropped();
  std::error_code ignored;
  const auto folder =
      std::ranges::find_if(files, [&](const auto& path) { return std::filesystem::is_directory(path, ignored); });
  if (folder != files.end()) {
    out.open_folder = *folder;
  } else if (!files.empty()) {
    out.open_pictures = std::move(files);
  }
}

}  // namespace

base::Status turn(Application& application, Host& host, double longest_s, double& now_s,
                  const std::function<void()>& act) {
  double sleep_s = application.wants_another_frame() ? 0.0 : longest_s;
  if (const auto due = application.next_frame_due_s()) sleep_s = std::clamp(*due - now_s, 0.0, sleep_s);
  host.wait(sleep_s);
  act();
  application.look();
  const Application::FrameInput input = host.next_frame();
  now_s = input.now_s;
  return application.frame(input);
}

base::Status interact(Application& application, WindowHost& host, Window& window) {
  double now_s = 0.0;
  while (!host.wants_to_close()) {
    const auto act = [&] { take_dropped(window, application.requests()); };
    if (auto status = turn(application, host, kLongestSleep_s, now_s, act); !status) return status;
  }
  return {};
}

}  // namespace app

#include "app/interact.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "app/pilot_process.h"
#include "ui/panels.h"

#include "engine/open.h"

namespace app {
namespace {

constexpr double kLongestSleep_s = 1.0;
constexpr core::Size kLeastInSession{940, 600};  // as the published pages asked for (protocol 1.10)

// Folders are opened, files become the pictures of the window; models among them are opened, wherever they are dropped.
void take_dropped(Window& window, Application& application, engine::Requests& out) {
  std::vector<std::filesystem::path> files = window.take_dropped();
  std::error_code ignored;
  ui::Workspace& workspace = application.workspace();
  const auto model = std::ranges::find_if(files, engine::is_model_name);
  const bool has_model = model != files.end();
  if (has_model) {
    ui::open_model(workspace, application.snapshots(), out, *model, workspace.screen == ui::Screen::beside);
    std::erase_if(files, engine::is_model_name);
  } else if (workspace.screen == ui::Screen::analyse) {  // there they are answers
    for (const std::filesystem::path& path : files) ui::analyse(workspace, path);
    return;
  }
  const auto folder =
      std::ranges::find_if(files, [&](const auto& path) { return std::filesystem::is_directory(path, ignored); });
  if (folder != files.end() && !has_model) {
    out.open_folder = *folder;
  } else if (!files.empty()) {
    out.open_pictures = std::move(files);
  }
}

// Starts the pilot that the panel of trials asks for, and says how it ended.
void follow_pilot(ui::Workspace& workspace, PilotProcess& process, double now_s) {
  ui::TrialMaker& maker = workspace.maker;
  if (const auto wanted = std::exchange(maker.pilot, std::nullopt)) {
    const base::Status started = process.start(ui::pilot_flags(*wanted));
    if (started) {
      maker.pilot_folder = wanted->folder;
      ui::notify(workspace, "The pilot opens in a window of its own.", false, now_s);
    } else {
      ui::notify(workspace, started.error().sentence(), true, now_s);
    }
  }
  if (const auto code = process.take_end()) {
    if (*code == 0) {
      workspace.analysing.answers = maker.pilot_folder / "results";
      workspace.analysing.trial.reset();
      workspace.analysing.wanted = true;
      ui::notify(workspace, "The pilot is over; *Analyse* shows what was answered.", false, now_s);
    } else {
      ui::notify(workspace, "The pilot could not go on: copy it as a command, and a terminal shows why.", true, now_s);
    }
  }
  maker.pilot_runs = process.runs();
}

// A session fills the screen when it says so and is not closed by one click. False: it is to end.
bool goes_on(ui::Session& session, const Application& application, WindowHost& host, Window& window,
             engine::Requests& out, double now_s) {
  if (session.wants_full_screen) {
    session.wants_full_screen = false;
    window.fill_screen();
  }
  if (host.wants_to_close()) {
    const bool nothing_to_lose = session.refused || !session.run || ui::is_over(session, application.snapshots());
    if (nothing_to_lose) return false;
    window.keep_open();
    ui::ask_to_leave(session, out, now_s);
  }
  return !session.wants_to_close;
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
  std::optional<ui::Session>& session = application.workspace().session;
  if (session) window.set_least_size(kLeastInSession);
  PilotProcess pilot;
  while (session ? goes_on(*session, application, host, window, application.requests(), now_s)
                 : !host.wants_to_close()) {
    engine::Requests dropped_in_session;  // nothing is opened there
    const auto act = [&] {
      take_dropped(window, application, session ? dropped_in_session : application.requests());
      follow_pilot(application.workspace(), pilot, now_s);
    };
    if (auto status = turn(application, host, kLongestSleep_s, now_s, act); !status) return status;
  }
  return {};
}

}  // namespace app

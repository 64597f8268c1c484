// Plays a script on an application to its end: draws the frames, saves the pictures, writes the summary. UI thread.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "app/application.h"
#include "app/host.h"
#include "app/script.h"
#include "app/script_player.h"
#include "base/result.h"

namespace app {

struct Played {
  std::vector<ScriptPlayer::Waited> waits;
  std::vector<std::filesystem::path> shots;
  std::size_t frames = 0;
  double seconds = 0.0;
};

// The pictures go to `out`, made if it is not there. Stops with an error at the first step that cannot be done, or
// when the window is closed. `least_frame_s`: frames begin at least so far apart; 0: as fast as they can be drawn.
base::Status play(Application& application, Host& host, const Script& script, const std::filesystem::path& out,
                  Played& played, double least_frame_s = 0.0);

// OUT/summary.json and OUT/summary.txt: what was waited for and how long, the pictures, frame times, and what the
// validation layer said. `ended`: how play() came out.
base::Status save_summary(const std::filesystem::path& out, const std::filesystem::path& script,
                          Application& application, const Played& played, const base::Status& ended);

}  // namespace app

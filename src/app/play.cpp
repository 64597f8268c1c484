#include "app/play.h"

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <system_error>
#include <thread>

#include "core/image_io.h"
#include "core/specs.h"
#include "engine/export.h"

namespace app {
namespace {

using Clock = Application::Clock;
using nlohmann::json;

constexpr double kPatience_s = 0.05;  // how long a wait sleeps when the engine has nothing new

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

base::Status make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!failed) return {};
  return base::Error{"The folder " + folder.string() + " cannot be made", failed.message(), "Name another with --out."};
}

// What the picture shows, so that opening it can bring it back; it names files as they are seen from its folder, so
// that two machines write the same bytes.
std::string spec_of(const engine::Snapshots& in, const std::filesystem::path& folder) {
  if (!in.sweep || in.sweep->error) return {};
  core::OcclusionSpec saved = in.sweep->sweep.spec;
  saved.model = engine::seen_from(folder, saved.model);
  saved.picture = engine::seen_from(folder, saved.picture);
  return core::to_json(saved);
}

base::Status save_shot(Application& application, const Application::FrameInput& input,
                       const std::filesystem::path& file) {
  const auto picture = application.frame_and_read(input);
  if (!picture) return picture.error();
  return core::save_png(file, *picture, spec_of(application.snapshots(), file.parent_path()));
}

json to_json(const Percentiles& of) {
  const auto tenth = [](double ms) { return std::round(ms * 100.0) / 100.0; };
  return {{"p50", tenth(of.p50)}, {"p99", tenth(of.p99)}, {"max", tenth(of.max)}};
}

}  // namespace

base::Status play(Application& application, Host& host, const Script& script, const std::filesystem::path& out,
                  Played& played, double least_frame_s) {
  ScriptPlayer player(script);
  Clock::time_point input_time{};
  const auto start = Clock::now();
  while (true) {
    const auto frame_start = Clock::now();
    host.wait(0.0);
    if (host.wants_to_close()) return base::Error{"The script was stopped", "the window was closed", ""};
    application.look();
    Application::FrameInput input = host.next_frame();
    ScriptPlayer::Scene scene{application.workspace(),
                              application.snapshots(),
                              application.requests(),
                              input.content_scale,
                              input.now_s,
                              Clock::now(),
                              input_time,
                              application.settled()};
    const auto next = player.before_frame(scene);
    played.waits = player.waits();
    played.seconds = seconds_since(start);
    if (!next) return next.error();
    if (*next == ScriptPlayer::Next::done) return {};
    input_time = scene.input_time;
    input.input_time = std::max(input.input_time, input_time);
    input.press_time = std::max(input.press_time, input_time);

    if (*next == ScriptPlayer::Next::shot) {
      if (auto status = make_folder(out); !status) return status;
      const std::filesystem::path file = out / (player.shot_name() + ".png");
      if (auto status = save_shot(application, input, file); !status) return status;
      played.shots.push_back(file);
    } else if (auto status = application.frame(input); !status) {
      return status;
    }
    ++played.frames;
    if (*next == ScriptPlayer::Next::patience && !application.wants_another_frame()) host.wait(kPatience_s);
    std::this_thread::sleep_until(
        frame_start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(least_frame_s)));
  }
}

base::Status save_summary(const std::filesystem::path& out, const std::filesystem::path& script,
                          Application& application, const Played& played, const base::Status& ended) {
  if (auto status = make_folder(out); !status) return status;
  const Renderer& renderer = application.renderer();
  const std::size_t messages = renderer.validation().messages().size();
  const Percentiles work = application.times().work_ms();
  json summary{{"kind", "unitscope script summary"},
               {"version", 1},
               {"script", script.filename().string()},
               {"device", renderer.device_name()},
               {"frames", played.frames},
               {"seconds", played.seconds},
               {"frame_ms", to_json(work)},
               {"device_wait_ms", to_json(application.times().device_wait_ms())},
               {"drag_ms", to_json(percentiles(application.take_drag_ms()))},
               {"validation_messages", renderer.validates() ? json(messages) : json()},
               {"waits", json::array()},
               {"shots", json::array()},
               {"error", ended.ok() ? json() : json(ended.error().sentence())}};
  std::string text =
      "Played " + script.filename().string() + " on " + renderer.device_name() + ": " + std::to_string(played.frames) +
      " frames, " +
      (renderer.validates() ? std::to_string(messages) + " validation messages.\n" : "without the validation layer.\n");
  char line[512];
  for (const auto& [condition, seconds] : played.waits) {
    summary["waits"].push_back({{"wait", condition}, {"seconds", seconds}});
    std::snprintf(line, sizeof(line), "waited %6.2f s for %.200s\n", seconds, condition.c_str());
    text += line;
  }
  for (const auto& shot : played.shots) {
    summary["shots"].push_back(shot.filename().string());
    text += "drew " + shot.filename().string() + "\n";
  }
  std::snprintf(line, sizeof(line), "frames took %.1f ms (half of them), %.1f ms (99 %%), %.1f ms (longest)\n",
                work.p50, work.p99, work.max);
  text += line;
  if (!ended) text += ended.error().sentence() + "\n";
  if (auto status = core::save_text(out / "summary.txt", text); !status) return status;
  return core::save_text(out / "summary.json", summary.dump(2) + "\n");
}

}  // namespace app

#include "app/bench.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/play.h"

namespace app {
namespace {

using nlohmann::ordered_json;

constexpr double kFrame_s = 1.0 / 60.0;
// Ten seconds of a hand that does not rest; then twenty units, one after the other, that give up the work of the last.
constexpr const char* kWarmUp = R"([{"wait": "value", "timeout_s": 300}, {"wait": "step 1", "timeout_s": 300},
                                    {"do": "drag 100 100 60 60 60"}])";
constexpr const char* kDrags = R"([{"do": "drag 60 60 160 60 150"}, {"do": "drag 160 60 160 160 150"},
                                   {"do": "drag 160 160 60 160 150"}, {"do": "drag 60 160 60 60 150"}])";
constexpr const char* kNextUnit = R"([{"do": "next unit"}, {"wait": "frames 15"}])";
constexpr int kUnits = 20;

base::Status run(Application& application, Host& host, const char* script) {
  const auto parsed = parse_script(script);
  if (!parsed) return parsed.error();
  Played played;
  return play(application, host, *parsed, {}, played, kFrame_s);
}

ordered_json to_json(const Percentiles& of) {
  const auto hundredths = [](double ms) { return std::round(ms * 100.0) / 100.0; };
  return {{"p50", hundredths(of.p50)}, {"p99", hundredths(of.p99)}, {"max", hundredths(of.max)}};
}

}  // namespace

base::Result<WindowBench> measure_window(Application& application, Host& host) {
  if (auto status = run(application, host, kWarmUp); !status) return status.error();
  application.times().clear();
  static_cast<void>(application.take_drag_ms());
  if (auto status = run(application, host, kDrags); !status) return status.error();

  WindowBench bench;
  bench.device = application.renderer().device_name();
  bench.size = host.framebuffer_size();
  bench.frames = application.times().count();
  bench.frame_ms = application.times().work_ms();
  bench.device_wait_ms = application.times().device_wait_ms();
  std::vector<double> drags = application.take_drag_ms();
  bench.drags = drags.size();
  bench.drag_ms = percentiles(std::move(drags));

  static_cast<void>(application.engine().take_timings());
  for (int i = 0; i < kUnits; ++i)
    if (auto status = run(application, host, kNextUnit); !status) return status.error();
  std::vector<double> cancels = application.engine().take_timings().cancel_ms;
  bench.cancels = cancels.size();
  bench.cancel_ms = percentiles(std::move(cancels));
  return bench;
}

std::string to_json(const WindowBench& bench) {
  const ordered_json out{{"device", bench.device},
                         {"size", {bench.size.width_px, bench.size.height_px}},
                         {"frames", bench.frames},
                         {"ui_frame_ms", to_json(bench.frame_ms)},
                         {"device_wait_ms", to_json(bench.device_wait_ms)},
                         {"drag_ms", to_json(bench.drag_ms)},
                         {"drags", bench.drags},
                         {"cancel_ms", to_json(bench.cancel_ms)},
                         {"cancels", bench.cancels}};
  return out.dump(2) + "\n";
}

std::string to_text(const WindowBench& bench) {
  char text[1024];
  const auto row = [&](const char* what, const Percentiles& of) {
    char line[128];
    std::snprintf(line, sizeof(line), "%-34s %8.2f %8.2f %8.2f\n", what, of.p50, of.p99, of.max);
    return std::string(line);
  };
  std::snprintf(text, sizeof(text), "%s, %d x %d, %zu frames, %zu drags, %zu cancels\n%-34s %8s %8s %8s\n",
                bench.device.substr(0, 200).c_str(), bench.size.width_px, bench.size.height_px, bench.frames,
                bench.drags, bench.cancels, "milliseconds", "p50", "p99", "max");
  return text + row("frame", bench.frame_ms) + row("wait for the device", bench.device_wait_ms) +
         row("drag: input to picture", bench.drag_ms) + row("cancel: request to old work stopped", bench.cancel_ms);
}

}  // namespace app

#include "app/bench.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/interact.h"
#include "engine/bench.h"
#include "ui/actions.h"
#include "ui/choice.h"

namespace app {
namespace {

using Clock = Application::Clock;
using nlohmann::ordered_json;

constexpr auto kMove = std::chrono::microseconds(16667);  // from one movement of the hand to the next
constexpr auto kPatience = std::chrono::seconds(300);
constexpr double kPause_s = 0.05;  // while nothing is due
constexpr int kWarmUp = 20;        // movements that do not count
constexpr int kUnits = 20;         // one after the other, each gives up the work of the last
constexpr double kUnit_s = 0.25;   // for each

class Bench {
 public:
  Bench(Application& application, Host& host, bool quick) : application_(application), host_(host), quick_(quick) {}

  base::Result<WindowBench> measure() {
    WindowBench bench;
    if (auto status = until([&] { return in().model && in().picture; }); !status) return status.error();
    if (in().model->error) return *in().model->error;
    const std::vector<core::Unit> units = engine::benched_units(*in().model);
    if (units.empty())
      return base::Error{"The model " + in().model->name + " cannot be benched",
                         "it has none of the layers that are measured", "Use a model with InceptionV1's layers."};
    for (const core::Unit& unit : units) {
      auto drags = drags_of(unit);
      if (!drags) return drags.error();
      bench.layers.push_back(*std::move(drags));
    }
    bench.device = application_.renderer().device_name();
    bench.size = host_.framebuffer_size();
    bench.on_screen = application_.renderer().on_screen();
    bench.frames = application_.times().count();
    bench.frame_ms = application_.times().work_ms();
    bench.device_wait_ms = application_.times().device_wait_ms();
    bench.present_ms = application_.times().present_ms();
    if (auto status = cancel(bench); !status) return status.error();
    return bench;
  }

 private:
  [[nodiscard]] const engine::Snapshots& in() const { return application_.snapshots(); }
  base::Status turn(double longest_s, const std::function<void()>& act) {
    return app::turn(application_, host_, longest_s, now_s_, act);
  }

  template <class Condition>
  base::Status until(const Condition& condition) {
    const auto end = Clock::now() + kPatience;
    while (!condition()) {
      if (Clock::now() > end || host_.wants_to_close())
        return base::Error{"The bench did not end", "the window was closed, or an answer took longer than five minutes",
                           "Run it again on a machine that does less."};
      if (auto status = turn(kPause_s, [] {}); !status) return status;
    }
    return {};
  }

  base::Status choose(const core::Unit& unit) {
    return ui::perform(application_.workspace(), in(), application_.requests(), "select unit " + core::to_string(unit));
  }

  base::Result<LayerDrags> drags_of(const core::Unit& unit) {
    if (auto status = choose(unit); !status) return status.error();
    const auto under_way = [&] {
      return ui::drag_is_current(application_.workspace(), in()) &&
             ui::sweep_is_current(application_.workspace(), in()) && in().visualize[0] &&
             in().visualize[0]->visualization.spec.unit == unit && in().visualize[0]->visualization.step > 0;
    };
    if (auto status = until(under_way); !status) return status.error();

    // As a hand does, it comes to the square before it takes it.
    if (auto status = turn(0.0, [&] { host_.point(hand_at(0)); }); !status) return status.error();
    if (auto status = turn(0.0, [&] { host_.press(true); }); !status) return status.error();
    const FrameTimes before = application_.times();
    if (auto status = move(kWarmUp); !status) return status.error();
    application_.times() = before;
    static_cast<void>(application_.take_drag_ms());
    static_cast<void>(application_.engine().take_timings());
    if (auto status = move(quick_ ? 120 : 600); !status) return status.error();
    LayerDrags drags;
    drags.layer = unit.layer;
    std::vector<double> all_ms = application_.take_drag_ms();
    drags.drags = all_ms.size();
    drags.drag_ms = percentiles(std::move(all_ms));
    drags.answer_ms = percentiles(application_.engine().take_timings().drag_ms);
    if (auto status = turn(0.0, [&] { host_.press(false); }); !status) return status.error();
    return drags;
  }

  // Up and down over the middle of the picture, a little further each time.
  [[nodiscard]] core::Point hand_at(int movement) const {
    const auto shown = ui::stage_picture_rect(application_.workspace());
    if (!shown) return {};
    const auto there_and_back = [](int step, int length) {
      const int place = step % (2 * length);
      return static_cast<float>(place < length ? place : 2 * length - place) / static_cast<float>(length);
    };
    return {shown->min.x + shown->width() * (0.3F + 0.4F * there_and_back(movement, 83)),
            shown->min.y + shown->height() * (0.3F + 0.4F * there_and_back(movement, 47))};
  }

  base::Status move(int movements) {
    Clock::time_point next = Clock::now();
    for (const int end = movement_ + movements; movement_ < end;) {
      const double left_s = std::chrono::duration<double>(next - Clock::now()).count();
      const auto act = [&] {
        if (Clock::now() < next) return;
        host_.point(hand_at(++movement_));
        next = std::max(next + kMove, Clock::now());
      };
      if (auto status = turn(std::max(0.0, left_s), act); !status) return status;
    }
    return {};
  }

  base::Status cancel(WindowBench& bench) {
    core::Unit unit = *application_.workspace().chosen.unit;
    static_cast<void>(application_.engine().take_timings());
    for (int i = 0; i < kUnits; ++i) {
      unit.channel = 1 + i;
      if (auto status = choose(unit); !status) return status;
      const auto end = Clock::now() + std::chrono::duration<double>(kUnit_s);
      while (Clock::now() < end)
        if (auto status = turn(kPause_s, [] {}); !status) return status;
    }
    std::vector<double> cancels = application_.engine().take_timings().cancel_ms;
    bench.cancels = cancels.size();
    bench.cancel_ms = percentiles(std::move(cancels));
    return {};
  }

  Application& application_;
  Host& host_;
  const bool quick_;
  double now_s_ = 0.0;
  int movement_ = 0;
};

ordered_json to_json(const Percentiles& of) {
  const auto hundredths = [](double ms) { return std::round(ms * 100.0) / 100.0; };
  return {{"p50", hundredths(of.p50)}, {"p99", hundredths(of.p99)}, {"max", hundredths(of.max)}};
}

}  // namespace

base::Result<WindowBench> measure_window(Application& application, Host& host, bool quick) {
  return Bench(application, host, quick).measure();
}

std::string to_json(const WindowBench& bench) {
  ordered_json layers = ordered_json::array();
  for (const LayerDrags& layer : bench.layers)
    layers.push_back({{"layer", layer.layer},
                      {"drag_ms", to_json(layer.drag_ms)},
                      {"drags", layer.drags},
                      {"answer_ms", to_json(layer.answer_ms)}});
  const ordered_json out{{"device", bench.device},
                         {"size", {bench.size.width_px, bench.size.height_px}},
                         {"presented", bench.on_screen ? "to a window" : "offscreen, when drawn"},
                         {"layers", std::move(layers)},
                         {"frames", bench.frames},
                         {"ui_frame_ms", to_json(bench.frame_ms)},
                         {"device_wait_ms", to_json(bench.device_wait_ms)},
                         {"present_ms", to_json(bench.present_ms)},
                         {"cancel_ms", to_json(bench.cancel_ms)},
                         {"cancels", bench.cancels}};
  return out.dump(2) + "\n";
}

std::string to_text(const WindowBench& bench) {
  char text[1024];
  std::snprintf(text, sizeof(text), "%s, %d x %d, %s, %zu frames, %zu cancels\n%-44s %8s %8s %8s\n",
                bench.device.substr(0, 200).c_str(), bench.size.width_px, bench.size.height_px,
                bench.on_screen ? "in a window" : "offscreen", bench.frames, bench.cancels, "milliseconds", "p50",
                "p99", "max");
  std::string all = text;
  const auto row = [&](const std::string& what, const Percentiles& of) {
    std::snprintf(text, sizeof(text), "%-44s %8.2f %8.2f %8.2f\n", what.c_str(), of.p50, of.p99, of.max);
    all += text;
  };
  for (const LayerDrags& layer : bench.layers) {
    row("drag " + layer.layer + ": input to present", layer.drag_ms);
    row("  of it the engine: input to value", layer.answer_ms);
  }
  row("frame: events polled to submit", bench.frame_ms);
  row("wait for the device, before a frame", bench.device_wait_ms);
  row(bench.on_screen ? "submit to present returned" : "submit to drawn", bench.present_ms);
  row("cancel: request to old work stopped", bench.cancel_ms);
  return all;
}

}  // namespace app

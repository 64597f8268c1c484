#include "engine/bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>

#include "base/rng.h"
#include "core/specs.h"
#include "engine/engine.h"
#include "engine/export.h"

namespace engine {
namespace {

using namespace std::chrono_literals;

constexpr const char* kLayers[] = {"conv2d2_pre_relu", "mixed3b_pre_relu", "mixed4a_pre_relu", "mixed4c_pre_relu",
                                   "mixed5b_pre_relu"};
constexpr auto kPatience = 600s;
constexpr auto kFrame = std::chrono::microseconds(16667);

struct Interrupted {};  // thrown by Session::wait, caught by run_bench

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// The smallest value that a share of them does not exceed.
double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0.0;
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}
Percentiles percentiles(const std::vector<double>& values) {
  return {percentile(values, 0.5), percentile(values, 0.99)};
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name"))
      if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
  return "unknown";
}

PicturePointer picture_of_bench(core::Size size) {
  auto picture = std::make_shared<PictureSnapshot>();
  picture->name = "made up";
  picture->file.path = "made up";
  picture->original = size;
  picture->image = made_up_picture(size);
  return picture;
}

// An engine, and the wait for what it publishes.
class Session {
 public:
  explicit Session(const BenchOptions& options) : stop_(options.stop), engine_(engine_options(options)) {}

  Engine& engine() { return engine_; }
  void post(Requests requests) { engine_.post(std::move(requests)); }

  template <class Condition>
  void wait(const Condition& condition) {
    const Clock::time_point end = Clock::now() + kPatience;
    std::unique_lock lock(mutex_);
    while (true) {
      const std::uint64_t seen = published_;
      lock.unlock();
      if (condition(engine_.snapshots())) return;
      if ((stop_ != nullptr && stop_->stop_requested()) || Clock::now() > end) throw Interrupted{};
      lock.lock();
      changed_.wait_for(lock, 100ms, [&] { return published_ != seen; });
    }
  }
  void rest() {
    wait([&](const Snapshots&) { return !engine_.busy(); });
  }

 private:
  EngineOptions engine_options(const BenchOptions& options) {
    EngineOptions made;
    made.cuda = options.cuda;
    made.threads = options.threads;
    made.on_publish = [this] {
      {
        std::scoped_lock lock(mutex_);
        ++published_;
      }
      changed_.notify_all();
    };
    return made;
  }

  const core::StopFlag* stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t published_ = 0;
  Engine engine_;  // last: it calls on_publish until it ends
};

class Bench {
 public:
  Bench(Session& session, const BenchOptions& options, ModelPointer model)
      : session_(session),
        options_(options),
        model_(std::move(model)),
        picture_(picture_of_bench(model_->framing.crop)) {}

  LayerBench measure(const core::Unit& unit) {
    LayerBench result;
    result.layer = unit.layer;
    options_.progress(unit.layer + ": forward");
    result.forward_ms = forward_ms(unit);
    options_.progress(unit.layer + ": visualization");
    result.visualization_steps_per_s = steps_per_s(unit);
    options_.progress(unit.layer + ": drag");
    const std::vector<double> answers = answer_ms(unit);
    result.answer_ms = percentiles(answers);
    result.answers = static_cast<int>(answers.size());
    options_.progress(unit.layer + (options_.quick ? ": first map" : ": full map"));
    measure_map(unit, result);
    return result;
  }

  std::vector<double> cancel_ms(const core::Unit& unit) {
    start_background(unit);
    static_cast<void>(session_.engine().take_timings());
    base::Rng rng(7, "bench cancel");
    core::Unit wanted = unit;
    for (int i = 0; i < (options_.quick ? 60 : 300); ++i) {
      std::this_thread::sleep_for(std::chrono::microseconds(20000 + rng.below(40000)));
      wanted.channel = 1 - wanted.channel;
      Requests requests;
      requests.sweep = SweepRequest{model_, picture_, sweep_spec(wanted)};
      requests.visualize[0] = VisualizeRequest{model_, visualize_spec(wanted)};
      session_.post(std::move(requests));
    }
    stop_background();
    return session_.engine().take_timings().cancel_ms;
  }

 private:
  core::OcclusionSpec sweep_spec(const core::Unit& unit) const {
    core::OcclusionSpec spec;
    spec.model = model_->file;
    spec.picture = picture_->file;
    spec.unit = unit;
    spec.side_px = core::side_from_fraction(0.4, picture_->image.size);
    return spec;
  }
  core::VisualizeSpec visualize_spec(const core::Unit& unit) const {
    core::VisualizeSpec spec = core::preset("lucid").value();
    spec.model = model_->file;
    spec.unit = unit;
    spec.steps = 1 << 20;  // does not end during the bench
    return spec;
  }
  DragRequest drag_at(const core::Unit& unit, int i) const {
    const core::Size size = picture_->image.size;
    const int side_px = core::side_from_fraction(0.4, size);
    const core::Occluder place{(i * 5) % (size.width_px - side_px), (i * 3) % (size.height_px - side_px), side_px};
    return {model_, picture_, unit, place, core::Fill::patch_mean, 0, Clock::now()};
  }
  void drag_to(const core::Unit& unit, int i) {
    Requests requests;
    requests.drag = drag_at(unit, i);
    session_.post(std::move(requests));
  }

  // The picture under noise from border to border, each time another: nothing of a pass before can be used again.
  DragRequest new_picture(const core::Unit& unit, int i) const {
    const core::Size size = picture_->image.size;
    const core::Occluder everything{0, 0, std::min(size.width_px, size.height_px)};
    return {model_, picture_, unit, everything, core::Fill::noise, static_cast<std::uint64_t>(i), Clock::now()};
  }

  double forward_ms(const core::Unit& unit) {
    std::vector<double> passes;
    const int repetitions = options_.quick ? 15 : 60;
    for (int i = 0; i < repetitions; ++i) {
      Requests requests;
      requests.drag = new_picture(unit, i);
      session_.post(std::move(requests));
      session_.rest();
      const auto drag = session_.engine().snapshots().drag;
      if (i >= repetitions / 5) passes.push_back(drag->compute_ms);  // after warming up
    }
    return percentile(passes, 0.5);
  }

  double steps_per_s(const core::Unit& unit) {
    constexpr int kWarmUp = 3;
    const double length_s = options_.quick ? 1.5 : 8.0;
    Requests requests;
    requests.visualize[0] = VisualizeRequest{model_, visualize_spec(unit)};
    session_.post(std::move(requests));
    int first = 0, last = 0;
    Clock::time_point begin;
    double elapsed_s = 0.0;
    session_.wait([&](const Snapshots& newest) {
      const auto& answer = newest.visualize[0];
      if (!answer || answer->visualization.step < kWarmUp) return false;
      if (first == 0) {
        first = answer->visualization.step;
        begin = Clock::now();
      }
      last = answer->visualization.step;
      elapsed_s = seconds_since(begin);
      return elapsed_s >= length_s;
    });
    stop_background();
    return (last - first) / elapsed_s;
  }

  // A hand that moves every frame for a while.
  std::vector<double> answer_ms(const core::Unit& unit) {
    start_background(unit);
    static_cast<void>(session_.engine().take_timings());
    Clock::time_point next = Clock::now();
    for (int i = 0; i < (options_.quick ? 120 : 900); ++i) {
      drag_to(unit, i);
      next += kFrame;
      std::this_thread::sleep_until(next);
    }
    stop_background();
    return session_.engine().take_timings().drag_ms;
  }

  void measure_map(const core::Unit& unit, LayerBench& result) {
    const Clock::time_point begin = Clock::now();
    Requests requests;
    requests.sweep = SweepRequest{model_, picture_, sweep_spec(unit)};
    session_.post(std::move(requests));
    session_.wait(
        [](const Snapshots& newest) { return newest.sweep && newest.sweep->sweep.map.complete_stride_px > 0; });
    result.first_map_ms = 1e3 * seconds_since(begin);
    if (!options_.quick) {
      session_.wait([](const Snapshots& newest) { return newest.sweep && newest.sweep->sweep.done; });
      result.full_map_s = seconds_since(begin);
    }
    stop_background();
  }

  // A visualization and a sweep, both under way.
  void start_background(const core::Unit& unit) {
    Requests requests;
    requests.visualize[0] = VisualizeRequest{model_, visualize_spec(unit)};
    requests.sweep = SweepRequest{model_, picture_, sweep_spec(unit)};
    session_.post(std::move(requests));
    session_.wait([](const Snapshots& newest) {
      return newest.visualize[0] && newest.visualize[0]->visualization.step > 0 && newest.sweep &&
             newest.sweep->sweep.map.exact_cells > 0;
    });
  }
  void stop_background() {
    Requests requests;
    requests.visualize[0] = VisualizeRequest{};
    requests.sweep = SweepRequest{};
    session_.post(std::move(requests));
    session_.rest();
  }

  Session& session_;
  const BenchOptions& options_;
  const ModelPointer model_;
  const PicturePointer picture_;
};

}  // namespace

std::vector<core::Unit> benched_units(const ModelSnapshot& model) {
  std::vector<core::Unit> units;
  for (const char* layer : kLayers)
    if (const auto understood = model.understand(std::string(layer) + ":0")) units.push_back(understood->unit);
  return units;
}

core::Image made_up_picture(core::Size size) {
  base::Rng rng(7, "bench picture");
  core::Image coarse = core::make_image({8, 8});
  for (std::uint8_t& value : coarse.rgb) value = static_cast<std::uint8_t>(rng.below(256));
  core::Image picture = core::resize(coarse, size);
  for (std::uint8_t& value : picture.rgb)
    value = static_cast<std::uint8_t>(std::clamp(static_cast<int>(value) + rng.below(41) - 20, 0, 255));
  return picture;
}

base::Result<BenchReport> run_bench(const BenchOptions& options) try {
  Session session(options);
  Requests open;
  open.open_model = options.model;
  session.post(std::move(open));
  session.wait([](const Snapshots& newest) { return newest.model != nullptr; });
  const ModelPointer model = session.engine().snapshots().model;
  if (model->error) return *model->error;

  BenchReport report;
  report.cpu = cpu_name();
  report.cores = static_cast<int>(std::thread::hardware_concurrency());
  const MadeBy made = made_by(options.cuda ? net::Device::cuda : net::Device::cpu, session.engine().threads());
  report.threads = made.threads;
  report.precision = made.precision;
  report.libtorch = made.libtorch;
  Bench bench(session, options, model);
  const std::vector<core::Unit> units = benched_units(*model);
  for (const core::Unit& unit : units) report.layers.push_back(bench.measure(unit));
  if (units.empty())
    return base::Error{"The model " + model->name + " cannot be benched", "it has none of the layers that are measured",
                       "Use a model with InceptionV1's layers (mixed4a and so on)."};
  options.progress("cancel");
  const std::vector<double> cancels = bench.cancel_ms(units.back());
  report.cancel_ms = percentiles(cancels);
  report.cancels = static_cast<int>(cancels.size());
  return report;
} catch (const Interrupted&) {
  return base::Error{"The bench did not end", "it was interrupted, or an answer took longer than ten minutes",
                     "Run it again, with --quick on a slow machine."};
}

}  // namespace engine

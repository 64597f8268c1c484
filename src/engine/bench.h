// The bench: how fast the real engine answers, measured from outside as the window would see it: requests posted,
// snapshots published. Its picture is made up and seeded, so that it needs no file but the model. Not for tests:
// numbers here depend on the machine. Calling thread; the engine's threads are its own.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/job.h"
#include "core/unit.h"
#include "engine/messages.h"

namespace engine {

struct BenchOptions {
  std::filesystem::path model;
  bool cuda = false;
  int threads = 0;     // as EngineOptions
  bool quick = false;  // under a minute: fewer repetitions, no full maps
  std::function<void(const std::string&)> progress = [](const std::string&) {};
  const core::StopFlag* stop = nullptr;
};

struct Percentiles {
  double p50 = 0.0;
  double p99 = 0.0;
};
struct LayerBench {
  std::string layer;
  double forward_ms = 0.0;                 // a whole new picture to one unit, nothing else running; median
  double visualization_steps_per_s = 0.0;  // Lucid's preset, batch of one, nothing else running
  Percentiles answer_ms;  // of a drag: posted → published, while a visualization and a sweep run. No window is drawn
  int answers = 0;        // how many there were
  double first_map_ms = 0.0;         // sweep posted → grid of stride 16 published
  std::optional<double> full_map_s;  // sweep posted → grid of stride 2 published; absent where it was not run
};
struct BenchReport {
  std::string cpu;
  int cores = 0;
  int threads = 0;  // of torch, each compute thread
  std::string precision;
  std::string libtorch;
  std::vector<LayerBench> layers;
  Percentiles cancel_ms;  // request posted → the pass of the old work stopped
  int cancels = 0;
};

// One unit of each layer that is measured and that the model has: conv2d2, mixed3b, mixed4a, mixed4c, mixed5b before
// the ReLU.
std::vector<core::Unit> benched_units(const ModelSnapshot& model);
// Blotches of several sizes: nothing that a unit is certain to like, nothing flat.
core::Image made_up_picture(core::Size size);

// Refuses a model with none of those units.
base::Result<BenchReport> run_bench(const BenchOptions& options);

}  // namespace engine

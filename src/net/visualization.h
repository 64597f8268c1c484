// Feature visualization: gradient ascent on a parameterized picture under random transformations (Olah, Mordvintsev and
// Schubert 2017; Lucid's words and defaults). One step() is one update. The picture after N updates depends on the spec
// alone. One thread an instance, that of its Network.
#pragma once
#include <memory>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/job.h"
#include "core/specs.h"
#include "net/network.h"

namespace net {

// The objective before an update, by term; total is what Adam ascends: sign·activation + diversity − priors.
struct ObjectivePoint {
  int step = 0;
  float total = 0.0F;
  float activation = 0.0F;  // mean over the batch of the unit's activation, without sign
  float diversity = 0.0F;   // weighted contributions
  float priors = 0.0F;      // l2 + total variation + blur, weighted
};

struct VisualizationSnapshot {
  core::VisualizeSpec spec;
  int step = 0;                         // updates done
  std::vector<core::Image> pictures;    // one per batch element, size_px square, margin cut off
  std::vector<ObjectivePoint> history;  // one per update, thinned to at most 2048 points
  double steps_per_s = 0.0;             // filled by the engine
  bool done = false;
};

class Visualization final : public core::Job<VisualizationSnapshot> {
 public:
  static base::Result<std::unique_ptr<Visualization>> create(Network& network, core::VisualizeSpec spec);
  ~Visualization() override;

  core::StepOutcome step(const core::StopFlag& stop) override;
  [[nodiscard]] std::shared_ptr<const VisualizationSnapshot> snapshot() const override;
  // New settings from the next step on, or a new number of steps. The spec's identity must be the same (CHECK).
  void change(const core::VisualizeSpec& spec);
  [[nodiscard]] const base::Error* error() const;

 private:
  struct State;
  explicit Visualization(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace net

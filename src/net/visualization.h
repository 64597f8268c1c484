// Feature visualization: gradient ascent on a parameterized picture under random transformations (Olah, Mordvintsev and
// Schubert 2017; Lucid's words and defaults). One step() is one update. The picture after N updates depends on the spec
// alone. One thread an instance, that of its Network.
#pragma once
#include <memory>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/job.h"
#include "core/snapshots.h"
#include "core/specs.h"
#include "net/network.h"

namespace net {

using core::ObjectivePoint;
using core::VisualizationSnapshot;

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

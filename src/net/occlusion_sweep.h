// The occlusion map of one unit, picture, size and fill, coarse to fine: strides 16, 8, 4, 2, each grid containing the
// one before. Every computed cell equals a plain forward pass of the occluded picture (float32, within 1e-5 of the
// unit's largest activation). Steps of any size give the same map. One thread an instance, that of its Network.
#pragma once
#include <memory>

#include "base/result.h"
#include "core/image.h"
#include "core/job.h"
#include "core/occluder.h"
#include "core/snapshots.h"
#include "core/specs.h"
#include "net/network.h"

namespace net {

using core::SweepSnapshot;

class OcclusionSweep final : public core::Job<SweepSnapshot> {
 public:
  // `picture` is the framed picture of the spec. The network outlives the sweep. Refuses a unit the model lacks, and a
  // side or stride that does not fit the picture.
  static base::Result<std::unique_ptr<OcclusionSweep>> create(Network& network, core::Image picture,
                                                              core::OcclusionSpec spec);
  ~OcclusionSweep() override;

  // One chunk of positions. Order: within a grid, row by row, so that what is exact does not depend on timing.
  core::StepOutcome step(const core::StopFlag& stop) override;
  [[nodiscard]] std::shared_ptr<const SweepSnapshot> snapshot() const override;
  // Why step() ended early, if it did (out of memory).
  [[nodiscard]] const base::Error* error() const;

 private:
  struct State;
  explicit OcclusionSweep(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace net

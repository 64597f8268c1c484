// What long work publishes while it runs: immutable values that carry the spec they answer. Written by jobs (net,
// engine), read by panels and commands. Plain values; any thread.
#pragma once
#include <vector>

#include "core/image.h"
#include "core/occluder.h"
#include "core/specs.h"

namespace core {

struct SweepSnapshot {
  OcclusionSpec spec;
  OcclusionMap map;
  bool done = false;
};

// The objective before an update, by term; total is what Adam ascends: sign·activation + diversity − priors.
struct ObjectivePoint {
  int step = 0;
  float total = 0.0F;
  float activation = 0.0F;  // mean over the batch of the unit's activation, without sign
  float diversity = 0.0F;   // weighted contributions
  float priors = 0.0F;      // l2 + total variation + blur, weighted
};

struct VisualizationSnapshot {
  VisualizeSpec spec;
  int step = 0;                         // updates done
  std::vector<Image> pictures;          // one per batch element, size_px square, margin cut off
  std::vector<ObjectivePoint> history;  // thinned to at most 2048 points
  double steps_per_s = 0.0;             // over the last second; filled by the engine
  bool done = false;
};

}  // namespace core

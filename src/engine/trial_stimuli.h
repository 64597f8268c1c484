// One trial from its plan: the three query pictures with their truth, then what is shown beside them. Every picture
// that is shown is encoded first, and what is measured is what was encoded. Reads and writes the experiment's folder;
// each call on the thread of its network.
#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "core/job.h"
#include "engine/trial_pictures.h"
#include "engine/trial_sweep.h"
#include "net/network.h"
#include "study/experiment.h"

namespace engine {

struct PlannedTrial {
  std::string id;
  study::Role role = study::Role::main;
  core::Unit unit;
  double unit_spread = 0.0, unit_best = 0.0;  // over the collection
  int batch = 0;
  std::size_t query = 0;  // row of the collection
  int query_rank = 0;
  std::vector<std::size_t> references;  // rows, weakest bin first
  int replaced = 0;                     // of them, by the fill-up rule (study/bins.h)
  core::OcclusionSpec sweep;
};
std::filesystem::path folder_of(const PlannedTrial& planned);  // below the experiment's: "stimuli/<id>"

// Everything of a trial that follows from the plan and a sweep: places, activations, difficulty. No file, no
// references.
base::Result<study::Trial> sketch(const PlannedTrial& planned, const SweepRecord& record,
                                  const TrialPictures& pictures);

// A plain pass of the three pictures as they are encoded agrees with the record (within 1e-4 of its largest value).
struct Recomputed {
  float base = 0.0F, min = 0.0F, max = 0.0F;
  bool agrees = false;
};
base::Result<Recomputed> recompute(net::Network& network, const core::Image& picture, const SweepRecord& record,
                                   const core::StopFlag& stop);
// base.png, min.png and max.png with the sweep's spec inside, and the trial with their names and truth in it.
base::Result<study::Trial> write_queries(const PlannedTrial& planned, const SweepRecord& record,
                                         const Recomputed& truth, const TrialPictures& pictures,
                                         const std::filesystem::path& experiment);

// How many of the five likeliest classes stay. Only classes that have a label count: the published network has logits
// besides its 1000 classes, for a background and as dummies, which stand in its list of labels as "background", "dummy"
// or nothing and are no answer. Without labels all count.
int likeliest_kept(std::span<const float> before, std::span<const float> after, const std::vector<std::string>& labels);

// Of the base's, for min and max; nothing for models without logits.
struct Kept {
  std::optional<int> min, max;
};
base::Result<Kept> top5_kept(net::Network& network, const std::vector<core::Image>& base_min_max,
                             const core::StopFlag& stop);

}  // namespace engine

// How long an experiment takes: what a position of a sweep costs in each layer and an update of a visualization, as
// measured before the work begins, times what is planned and not there yet. It is told to people and says which sweeps
// are begun first; nothing that is made depends on it. Not guarded: each field is written by one piece of a round
// (trial_workers.h), and read when the round has ended.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/image.h"
#include "engine/trial_choice.h"
#include "engine/trial_pieces.h"
#include "engine/trial_stimuli.h"
#include "engine/trial_workers.h"
#include "study/experiment.h"

namespace engine {

struct TrialEstimate {
  std::map<std::string, double> position_s;  // by layer
  double update_s = 0.0;                     // of a synthetic visualization of kSyntheticPure pictures
  std::set<std::string> known;               // ids of trials whose sweeps were made before

  // Seconds on one thread, for pictures of this size.
  [[nodiscard]] double sweep_s(const PlannedTrial& trial, core::Size picture) const;
  [[nodiscard]] double screening_s(const PlannedTrial& trial, core::Size picture) const;
  [[nodiscard]] double synthetic_s(int batch) const;
  // Of all that is planned: as many sweeps as image sets and the pool ask for, whichever they will be.
  [[nodiscard]] double total_s(const TrialChoice& choice, const study::ExperimentSpec& spec,
                               const std::vector<study::Condition>& conditions, core::Size picture) const;

 private:
  [[nodiscard]] double trials_s(const std::vector<PlannedTrial>& options, int wanted,
                                const std::vector<study::Condition>& conditions, core::Size picture) const;
};

// A round that fills in the estimate. All three outlive it; `choice` has its plan.
std::vector<TrialWorkers::Piece> measuring_pieces(TrialEstimate& estimate, const TrialContext& context,
                                                  const TrialChoice& choice);

}  // namespace engine

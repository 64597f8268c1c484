// The pieces of work that the threads of TrialWorkers take: measuring, screening, sweeping, finishing. Each depends on
// its arguments alone and can be done again. On any thread, with that thread's network.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/job.h"
#include "engine/likeness.h"
#include "engine/trial_pictures.h"
#include "engine/trial_references.h"
#include "engine/trial_stimuli.h"
#include "engine/trial_sweep.h"
#include "net/network.h"
#include "study/experiment.h"

namespace engine {

// What all pieces share; does not change while a round runs.
struct TrialContext {
  const TrialPictures& pictures;
  const study::ExperimentSpec& spec;
  const std::vector<study::Condition>& conditions;
  const std::filesystem::path& folder;
  const std::vector<SweepRecord>& known_sweeps;
  const std::map<std::string, LayerScale>& scales;  // by layer
};

// Seconds for one position of a sweep of this layer, on this thread while the others work, too.
base::Result<double> seconds_a_position(const TrialContext& context, net::Network& network, const PlannedTrial& trial,
                                        const core::StopFlag& stop);

// Seconds for one update of the synthetic references of the pure condition.
base::Result<double> seconds_an_update(const TrialContext& context, net::Network& network, const core::Unit& unit,
                                       const core::StopFlag& stop);
// The ids of those trials whose complete sweep is there from an earlier run, or ships with the program.
base::Result<std::set<std::string>> known_trials(const TrialContext& context, std::vector<PlannedTrial> trials);

// Coarse: every 16th pixel. The sketch says how large the effect is at least.
base::Result<study::Trial> screen(const TrialContext& context, net::Network& network, PlannedTrial planned,
                                  const core::StopFlag& stop);

// The complete sweep, or what an earlier run or the shipped sweeps know of it, with both extremes computed again;
// writes the query pictures.
struct MadeTrial {
  study::Trial trial;
  bool swept = false;  // now
  bool from_shipped = false;
};
base::Result<MadeTrial> make_trial(const TrialContext& context, net::Network& network, PlannedTrial planned,
                                   const core::StopFlag& stop, const std::function<void(int rows, int cols)>& on_grid);

// What screening kept of these trials: for people who want to look at it and choose otherwise.
std::vector<SweepRecord> screened_sweeps(const TrialContext& context, const std::vector<PlannedTrial>& trials);

// The references of every condition with their activations, likeness, and the classes that stay.
base::Result<study::Trial> finish_trial(const TrialContext& context, net::Network& network, study::Trial trial,
                                        const PlannedTrial& planned, const core::StopFlag& stop);

// How many natural and synthetic references a condition shows beside a query.
inline constexpr int kSyntheticPure = 9;
inline constexpr int kSyntheticMixed = 4;
bool wants_synthetic(const std::vector<study::Condition>& conditions, int batch);
bool wants_blurred(const std::vector<study::Condition>& conditions);
// "stimuli/blurred/<unit>/<picture>"
std::string blurred_file(const TrialPictures& pictures, const core::Unit& unit, std::size_t row);

}  // namespace engine

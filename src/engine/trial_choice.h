// TrialChoice: which of the planned trials are swept and which are kept. It knows the plans of all units, takes in what
// screening and sweeping found, and answers what to do next: main trials by image set and balance, catch and practice
// trials by the stated rule (study/selection.h) or by hand. No network, no disk. One thread an instance.
#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/trial_making.h"
#include "engine/trial_planning.h"
#include "study/experiment.h"

namespace engine {

struct MainUnit {
  UnitPlan plan;
  std::vector<std::optional<study::Trial>> coarse, made;  // by option
  std::vector<std::size_t> order;                         // of options: those to be tried first come first
};

class TrialChoice {
 public:
  // Refuses what the planner refuses, and a list of units of which none can be asked about.
  base::Status plan(TrialPlanner& planner, const TrialMakingRequest& request);

  [[nodiscard]] const std::vector<MainUnit>& main() const { return main_; }
  // Of a unit; never more than its bins hold.
  [[nodiscard]] int image_sets(const study::ExperimentSpec& spec) const {
    return std::min(spec.image_sets, image_sets_);
  }
  [[nodiscard]] int pool_size() const;                   // catch and practice trials that are wanted
  [[nodiscard]] std::vector<PlannedTrial> pool() const;  // what they are chosen from
  [[nodiscard]] std::vector<std::string> layers() const;
  [[nodiscard]] std::vector<PlannedTrial> one_of_each_layer() const;

  // Screened are the candidates of the rule, and the options of main units that have a choice.
  [[nodiscard]] std::vector<PlannedTrial> to_screen() const;
  void screened(const std::string& id, const study::Trial& trial);
  // After screening: which image sets the main trials use, so that neither the centre nor the variance rule wins.
  void balance(const study::ExperimentSpec& spec);

  // The trials whose sweep is still wanted. Empty when all is there that can be. Once the main trials are known, a
  // sixth of them may be exchanged where the coarse screening misjudged the balance.
  std::vector<PlannedTrial> to_sweep(const study::ExperimentSpec& spec);
  void swept(const std::string& id, const study::Trial& trial);

  // The trials of the experiment with their roles, and image sets counted from 0.
  std::vector<std::pair<PlannedTrial, study::Trial>> settle(const study::ExperimentSpec& spec);
  // Fills in units, bins, what was rejected and what is said aloud. `experiment` has its trials.
  void describe(study::Experiment& experiment, int shipped) const;

 private:
  struct Candidate {
    UnitPlan plan;  // with one option
    std::optional<study::Trial> coarse, made;
    bool by_hand = false;
    bool kept = false;
  };
  [[nodiscard]] const PlannedTrial& option(const Candidate& candidate) const { return candidate.plan.options.front(); }
  // Indices of the rule's candidates that were screened (or swept) and pass the filter, best first.
  [[nodiscard]] std::vector<std::size_t> ranked(const study::ExperimentSpec& spec, bool swept_only) const;
  [[nodiscard]] std::vector<PlannedTrial> wanted_sweeps(const study::ExperimentSpec& spec) const;
  [[nodiscard]] std::vector<PlannedTrial> corrections(const study::ExperimentSpec& spec) const;
  // By unit, the options that may be kept, by what is known of them: swept ones only, or screened ones, too.
  struct Options {
    std::vector<std::vector<std::size_t>> at;
    std::vector<std::vector<study::Odds>> rules;
  };
  [[nodiscard]] Options options(const study::ExperimentSpec& spec, bool swept, bool screened) const;
  template <class Visit>
  void for_trial(const std::string& id, const Visit& visit);
  void tell_bins(study::Experiment& experiment) const;
  void tell_references(study::Experiment& experiment) const;

  std::vector<MainUnit> main_;
  std::vector<Candidate> pool_;
  study::PoolSizes wanted_;  // of the rule; what was chosen by hand is not counted
  int image_sets_ = 1;       // that the units' bins hold
  bool balances_ = false;
  int corrected_ = 0;  // sweeps beyond the first choice, for balance
  std::vector<std::string> remarks_;
  std::vector<study::Rejected> rejected_;
  std::vector<core::Unit> without_trials_;
  std::string fewer_sets_;  // "a:1 has 2, b:3 has 4": units that lack image sets
  std::vector<PlannedTrial> kept_;
};

// Why a trial may not be kept: a sentence, or nothing.
std::optional<std::string> reason_to_reject(const study::Trial& trial, const study::Filter& filter);

// Catch trials of the condition without references get the min query of another photograph (protocol 1.9), drawn from
// the practice trials, or from the others where there are none.
void add_foreign_queries(study::Experiment& experiment);

}  // namespace engine

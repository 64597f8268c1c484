// What an experiment says about how it was chosen, and the pictures that its catch trials borrow.
#include <algorithm>

#include "base/rng.h"
#include "core/saliency.h"
#include "engine/trial_choice.h"
#include "study/selection.h"

namespace engine {
namespace {

std::string counted(int count, const std::string& thing) {
  return std::to_string(count) + ' ' + thing + (count == 1 ? "" : "s");
}

}  // namespace

void TrialChoice::tell_bins(study::Experiment& experiment) const {
  const study::BinsUsed& bins = main_.front().plan.bins;
  if (bins.bins < 10 || bins.pictures_a_bin < 20)
    experiment.remarks.push_back("The collection is small: " + std::to_string(bins.bins) + " bins of " +
                                 counted(bins.pictures_a_bin, "picture") +
                                 " from the best twentieth, instead of 10 bins of 20.");
  if (experiment.spec.image_sets > image_sets_)
    experiment.remarks.push_back(counted(experiment.spec.image_sets, "image set") + " were asked for; the bins hold " +
                                 std::to_string(image_sets_) + '.');
}

void TrialChoice::tell_references(study::Experiment& experiment) const {
  int replaced = 0, all = 0, fewer = 0;
  for (const PlannedTrial& planned : kept_) {
    replaced += planned.replaced;
    all += static_cast<int>(planned.references.size());
    fewer += std::ssize(planned.references) + 1 < main_.front().plan.bins.bins ? 1 : 0;
  }
  if (replaced > 0)
    experiment.remarks.push_back(
        std::to_string(replaced) + " of " + std::to_string(all) +
        " references were replaced, because they shared an object, a background or the look of "
        "their query.");
  if (fewer > 0)
    experiment.remarks.push_back(
        counted(fewer, "trial") +
        " have fewer references than bins, because too few pictures are independent of the query.");
}

void TrialChoice::describe(study::Experiment& experiment, int shipped) const {
  std::vector<const UnitPlan*> plans;
  for (const MainUnit& unit : main_) plans.push_back(&unit.plan);
  for (const Candidate& candidate : pool_)
    if (candidate.kept) plans.push_back(&candidate.plan);
  std::vector<std::string> layers;  // in the order in which units of units.csv first name them
  for (const UnitPlan* plan : plans)
    if (std::ranges::find(layers, plan->entry.layer_name) == layers.end()) layers.push_back(plan->entry.layer_name);
  for (const UnitPlan* plan : plans) {
    study::UnitEntry entry = plan->entry;
    entry.layer_number = static_cast<int>(std::ranges::find(layers, entry.layer_name) - layers.begin());
    experiment.units.push_back(std::move(entry));
    experiment.bins.push_back(plan->bins);
  }
  experiment.rejected = rejected_;
  tell_bins(experiment);
  tell_references(experiment);
  experiment.remarks.insert(experiment.remarks.end(), remarks_.begin(), remarks_.end());
  for (const core::Unit& unit : without_trials_)
    experiment.remarks.push_back("No trial of " + core::to_string(unit) + " could be kept.");
  if (!fewer_sets_.empty())
    experiment.remarks.push_back("Some units have fewer than " + counted(image_sets(experiment.spec), "image set") +
                                 ", for want of trials that may be kept: " + fewer_sets_ + '.');
  int trials = 0, centre = 0, variance = 0, below = 0;
  for (const study::Trial& trial : experiment.trials) {
    if (trial.role != study::Role::main) continue;
    const study::Guessable rules = study::guessable(trial);
    ++trials;
    below += trial.query_rank > main_.front().plan.bins.pictures_a_bin ? 1 : 0;
    centre += rules.centre_is_right ? 1 : 0;
    variance += rules.variance_is_right ? 1 : 0;
  }
  experiment.remarks.push_back("Of " + counted(trials, "main trial") + " the centre rule gets " +
                               std::to_string(centre) + " right and the variance rule " + std::to_string(variance) +
                               (balances_ ? "; image sets were exchanged to bring both near one half." : "."));
  if (below > 0)
    experiment.remarks.push_back(counted(below, "main trial") + " of them ask" + (below == 1 ? "s" : "") +
                                 " about a picture from below the best bin.");
  if (shipped > 0)
    experiment.remarks.push_back(
        "The places of " + counted(shipped, "trial") +
        " come from complete sweeps that ship with unitscope; their extremes were computed again.");
  experiment.remarks.push_back("Saliency is the " + std::string(core::kSaliencyName) + '.');
}

void add_foreign_queries(study::Experiment& experiment) {
  for (study::Trial& trial : experiment.trials) {
    if (trial.role != study::Role::catch_trial) continue;
    std::vector<const study::Trial*> practice, others;
    for (const study::Trial& other : experiment.trials) {
      if (other.picture == trial.picture || other.unit == trial.unit) continue;
      const bool is_practice =
          other.role == study::Role::obvious_practice || other.role == study::Role::less_obvious_practice;
      (is_practice ? practice : others).push_back(&other);
    }
    const auto& from = practice.empty() ? others : practice;
    if (from.empty()) continue;
    base::Rng rng(experiment.spec.seed, "foreign query of " + trial.id);
    trial.foreign_min_file = from[static_cast<std::size_t>(rng.below(static_cast<int>(from.size())))]->min_file;
  }
}

}  // namespace engine

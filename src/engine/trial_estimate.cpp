#include "engine/trial_estimate.h"

#include <algorithm>

#include "engine/trial_pieces.h"
#include "engine/trial_references.h"

namespace engine {
namespace {

constexpr double kUpdates = 2561.0;    // of a visualization (protocol 1.5)
constexpr double kCoarseShare = 0.02;  // of a complete sweep's positions
// A blurred picture changes nearly everywhere, so nothing of a sweep's cleverness helps.
constexpr double kBlurredCost = 2.0;
constexpr double kBlurredPictures = 9.0;

}  // namespace

double TrialEstimate::sweep_s(const PlannedTrial& trial, core::Size picture) const {
  const auto known_s = position_s.find(trial.unit.layer);
  return known_s == position_s.end() ? 0.0 : known_s->second * window_count(picture, trial.sweep.side_px);
}

double TrialEstimate::screening_s(const PlannedTrial& trial, core::Size picture) const {
  return kCoarseShare * sweep_s(trial, picture);
}

double TrialEstimate::synthetic_s(int batch) const {
  return kUpdates * update_s * batch / kSyntheticPure;
}

// `wanted` of the options, those that are known first, at the price of the average one.
double TrialEstimate::sweeps_s(const std::vector<PlannedTrial>& options, int wanted, core::Size picture) const {
  if (options.empty()) return 0.0;
  double all_s = 0.0;
  for (const PlannedTrial& option : options) all_s += sweep_s(option, picture);
  const auto count = static_cast<int>(std::ssize(options));
  const auto there = static_cast<int>(
      std::ranges::count_if(options, [&](const PlannedTrial& option) { return known.contains(option.id); }));
  return all_s / count * std::max(0, std::min(wanted, count) - there);
}

double TrialEstimate::total_s(const TrialChoice& choice, const study::ExperimentSpec& spec,
                              const std::vector<study::Condition>& conditions, core::Size picture) const {
  double total_s = sweeps_s(choice.pool(), choice.pool_size(), picture);
  for (const MainUnit& unit : choice.main()) {
    const std::vector<PlannedTrial>& options = unit.plan.options;
    total_s += sweeps_s(options, spec.image_sets, picture);
    const double kept = std::min<double>(spec.image_sets, static_cast<double>(options.size()));
    if (wants_blurred(conditions))
      total_s += kept * kBlurredPictures * kBlurredCost * sweep_s(options.front(), picture);
    for (const int batch : {kSyntheticPure, kSyntheticMixed})
      if (wants_synthetic(conditions, batch)) total_s += synthetic_s(batch);
  }
  for (const PlannedTrial& trial : choice.to_screen()) total_s += screening_s(trial, picture);
  return total_s;
}

}  // namespace engine

#include "engine/trial_estimate.h"

#include <algorithm>

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

// At the price of the average option; those that are known are taken first and cost nothing.
double TrialEstimate::trials_s(const std::vector<PlannedTrial>& options, int wanted,
                               const std::vector<study::Condition>& conditions, core::Size picture) const {
  if (options.empty()) return 0.0;
  double all_s = 0.0;
  for (const PlannedTrial& option : options) all_s += sweep_s(option, picture);
  const auto count = static_cast<int>(std::ssize(options));
  const auto there = static_cast<int>(
      std::ranges::count_if(options, [&](const PlannedTrial& option) { return known.contains(option.id); }));
  const int kept = std::min(wanted, count);
  const double blurred = wants_blurred(conditions) ? kept * kBlurredPictures * kBlurredCost : 0.0;
  return all_s / count * (std::max(0, kept - there) + blurred);
}

double TrialEstimate::total_s(const TrialChoice& choice, const study::ExperimentSpec& spec,
                              const std::vector<study::Condition>& conditions, core::Size picture) const {
  double total_s = trials_s(choice.pool(), choice.pool_size(), conditions, picture);
  for (const MainUnit& unit : choice.main())
    total_s += trials_s(unit.plan.options, choice.image_sets(spec), conditions, picture);
  const auto units = static_cast<double>(std::ssize(choice.main())) + choice.pool_size();
  for (const int batch : {kSyntheticPure, kSyntheticMixed})
    if (wants_synthetic(conditions, batch)) total_s += units * synthetic_s(batch);
  for (const PlannedTrial& trial : choice.to_screen()) total_s += screening_s(trial, picture);
  return total_s;
}

std::vector<TrialWorkers::Piece> measuring_pieces(TrialEstimate& estimate, const TrialContext& context,
                                                  const TrialChoice& choice) {
  const std::vector<PlannedTrial> measured = choice.one_of_each_layer();
  std::vector<TrialWorkers::Piece> pieces;
  for (const PlannedTrial& trial : measured)
    pieces.push_back([trial, &context, &each_s = estimate.position_s[trial.unit.layer]](
                         net::Network& network, const core::StopFlag& stop) -> base::Status {
      const auto seconds = seconds_a_position(context, network, trial, stop);
      if (!seconds) return seconds.error();
      each_s = *seconds;
      return {};
    });
  if (wants_synthetic(context.conditions, kSyntheticPure) && !measured.empty())
    pieces.push_back([unit = measured.back().unit, &context, &estimate](net::Network& network,
                                                                        const core::StopFlag& stop) -> base::Status {
      const auto seconds = seconds_an_update(context, network, unit, stop);
      if (!seconds) return seconds.error();
      estimate.update_s = *seconds;
      return {};
    });
  pieces.push_back([&estimate, &context, &choice](net::Network&, const core::StopFlag&) -> base::Status {
    std::vector<PlannedTrial> trials = choice.pool();
    for (const MainUnit& unit : choice.main())
      trials.insert(trials.end(), unit.plan.options.begin(), unit.plan.options.end());
    auto known = known_trials(context, std::move(trials));
    if (!known) return known.error();
    estimate.known = *std::move(known);
    return {};
  });
  return pieces;
}

}  // namespace engine

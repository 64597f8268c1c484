#include "study/selection.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "study/observers.h"

namespace study {
namespace {

bool is_right(Rule rule, const Trial& trial) {
  return evidence(rule, trial, {}).value_or(0.0) > 0.0;
}

int shortcomings(const Trial& trial) {
  const Guessable rules = guessable(trial);
  const int wrong = (rules.centre_is_right ? 0 : 1) + (rules.variance_is_right ? 0 : 1);
  if (wrong > 0) return wrong + 1;
  return squares_apart_px(trial) >= trial.max.place.side_px ? 0 : 1;
}

// A coarse sweep knows places to its stride of 16 px, and sometimes finds another hill.
constexpr double kUnsure_px = 20.0;
constexpr double kUnsureLevels = 8.0;  // of the standard deviation of pixels
constexpr double kSurest = 0.9;

double chance(Rule rule, const Trial& trial, double unsure) {
  const double difference = evidence(rule, trial, {}).value_or(0.0);
  return std::clamp(0.5 + difference / (2.0 * unsure), 1.0 - kSurest, kSurest);
}

struct Count {
  double trials = 0.0, centre = 0.0, variance = 0.0, doubt = 0.0;
  void add(const Odds& rules, double times) {
    trials += times;
    centre += rules.centre * times;
    variance += rules.variance * times;
    doubt += 4.0 * times * (rules.centre * (1.0 - rules.centre) + rules.variance * (1.0 - rules.variance));
  }
  // Expected, of twice the distances of both counts from one half, squared.
  [[nodiscard]] double imbalance() const {
    const double of_centre = 2.0 * centre - trials, of_variance = 2.0 * variance - trials;
    return of_centre * of_centre + of_variance * of_variance + doubt;
  }
};
constexpr double kNothing = 1e-9;  // what rounding may make of an exchange that changes nothing

}  // namespace

bool is_fit(const Trial& candidate) {
  return shortcomings(candidate) == 0;
}

Guessable guessable(const Trial& trial) {
  return {is_right(Rule::centre, trial), is_right(Rule::variance, trial)};
}

Odds odds(const Trial& trial, bool exact) {
  const Guessable rules = guessable(trial);
  if (exact) return {rules.centre_is_right ? 1.0 : 0.0, rules.variance_is_right ? 1.0 : 0.0};
  return {chance(Rule::centre, trial, kUnsure_px), chance(Rule::variance, trial, kUnsureLevels)};
}

Picked pick(const std::vector<Trial>& candidates, const PoolSizes& sizes) {
  Picked picked;
  picked.order.resize(candidates.size());
  std::iota(picked.order.begin(), picked.order.end(), std::size_t{0});
  std::ranges::stable_sort(picked.order, [&](std::size_t a, std::size_t b) {
    const int lacks_a = shortcomings(candidates[a]), lacks_b = shortcomings(candidates[b]);
    if (lacks_a != lacks_b) return lacks_a < lacks_b;
    return effect_in_spreads(candidates[a]) > effect_in_spreads(candidates[b]);
  });
  picked.roles.insert(picked.roles.end(), static_cast<std::size_t>(sizes.catch_trials), Role::catch_trial);
  picked.roles.insert(picked.roles.end(), static_cast<std::size_t>(sizes.obvious), Role::obvious_practice);
  picked.roles.insert(picked.roles.end(), static_cast<std::size_t>(sizes.less_obvious), Role::less_obvious_practice);
  const std::size_t wanted = picked.roles.size();
  if (picked.roles.size() > candidates.size()) picked.roles.resize(candidates.size());
  if (candidates.size() < wanted)
    picked.remarks.push_back("Only " + std::to_string(candidates.size()) + " of " + std::to_string(wanted) +
                             " catch and practice trials could be made.");
  const auto unfit = std::count_if(picked.order.begin(), picked.order.begin() + std::ssize(picked.roles),
                                   [&](std::size_t at) { return !is_fit(candidates[at]); });
  if (unfit > 0)
    picked.remarks.push_back(std::to_string(unfit) + " of " + std::to_string(picked.roles.size()) +
                             " catch and practice trials do not keep the rule: their squares are near each other, or "
                             "the centre or the variance observer is wrong.");
  return picked;
}

std::vector<std::vector<std::size_t>> balanced(const std::vector<std::vector<Odds>>& options, int wanted) {
  std::vector<std::vector<std::size_t>> chosen;
  Count count;
  for (const std::vector<Odds>& unit : options) {
    std::vector<std::size_t> first(std::min(unit.size(), static_cast<std::size_t>(std::max(0, wanted))));
    std::iota(first.begin(), first.end(), std::size_t{0});
    for (const std::size_t option : first) count.add(unit[option], 1.0);
    chosen.push_back(std::move(first));
  }
  // One exchange at a time, the first of the best; every one lowers a sum of finitely many, so this ends.
  struct Exchange {
    std::size_t unit = 0, place = 0, option = 0;
  };
  while (true) {
    double best = count.imbalance() - kNothing;
    Exchange exchange;
    bool found = false;
    for (std::size_t unit = 0; unit < options.size(); ++unit)
      for (std::size_t place = 0; place < chosen[unit].size(); ++place)
        for (std::size_t option = 0; option < options[unit].size(); ++option) {
          if (std::ranges::find(chosen[unit], option) != chosen[unit].end()) continue;
          Count then = count;
          then.add(options[unit][chosen[unit][place]], -1.0);
          then.add(options[unit][option], 1.0);
          if (then.imbalance() >= best) continue;
          best = then.imbalance() - kNothing;
          exchange = {unit, place, option};
          found = true;
        }
    if (!found) break;
    std::size_t& place = chosen[exchange.unit][exchange.place];
    count.add(options[exchange.unit][place], -1.0);
    count.add(options[exchange.unit][exchange.option], 1.0);
    place = exchange.option;
  }
  for (std::vector<std::size_t>& unit : chosen) std::ranges::sort(unit);
  return chosen;
}

}  // namespace study

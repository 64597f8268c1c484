#include "engine/trial_choice.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "base/rng.h"
#include "core/saliency.h"
#include "study/selection.h"

namespace engine {
namespace {

// Image sets of a unit beyond those that are used, for balance and instead of rejected ones.
constexpr int kSpare = 3;

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

int& size_of(study::PoolSizes& sizes, study::Role role) {
  return role == study::Role::catch_trial        ? sizes.catch_trials
         : role == study::Role::obvious_practice ? sizes.obvious
                                                 : sizes.less_obvious;
}

int sum(const study::PoolSizes& sizes) {
  return sizes.catch_trials + sizes.obvious + sizes.less_obvious;
}

std::vector<std::vector<std::size_t>> first_of(const std::vector<std::vector<study::Odds>>& options, int wanted) {
  std::vector<std::vector<std::size_t>> first;
  for (const auto& unit : options) {
    first.emplace_back();
    for (std::size_t i = 0; i < unit.size() && std::ssize(first.back()) < wanted; ++i) first.back().push_back(i);
  }
  return first;
}

}  // namespace

std::optional<std::string> reason_to_reject(const study::Trial& trial, const study::Filter& filter) {
  const double effect = study::effect_in_spreads(trial);
  if (!(effect >= filter.least_effect))
    return "The two queries differ by " + rounded(effect) + " standard deviations of the unit; at least " +
           rounded(filter.least_effect) + " are asked for.";
  if (!filter.least_relative_difference && !filter.most_relative_difference) return std::nullopt;
  const auto relative = study::relative_difference(trial);
  if (!relative) return "It has no relative activation difference: its baseline is almost 0.";
  if (filter.least_relative_difference && *relative < *filter.least_relative_difference)
    return "Its relative activation difference is " + rounded(*relative) + "; at least " +
           rounded(*filter.least_relative_difference) + " is asked for.";
  if (filter.most_relative_difference && *relative > *filter.most_relative_difference)
    return "Its relative activation difference is " + rounded(*relative) + "; at most " +
           rounded(*filter.most_relative_difference) + " is asked for.";
  return std::nullopt;
}

base::Status TrialChoice::plan(TrialPlanner& planner, const TrialMakingRequest& request) {
  const bool published = request.spec.fidelity == study::Fidelity::as_published;
  const int most = std::max(1, request.spec.image_sets) + (published ? 0 : kSpare);
  wanted_ = request.pool;
  std::vector<UnitChoice> main_choices;
  std::set<std::size_t> taken;
  std::set<study::Role> by_hand;
  for (const UnitChoice& choice : request.units) {
    auto plan = planner.plan(choice, choice.role == study::Role::main && !published ? most : 0);
    if (!plan) return plan.error();
    for (const PlannedTrial& option : plan->options) taken.insert(option.query);
    if (choice.role == study::Role::main) {
      main_choices.push_back(choice);
      if (plan->options.empty()) {
        remarks_.push_back(plan->refusal);
        without_trials_.push_back(choice.unit);
        continue;
      }
      image_sets_ = std::max(image_sets_, plan->bins.pictures_a_bin);
      plan->options.resize(std::min(static_cast<std::size_t>(most), plan->options.size()));
      const std::size_t options = plan->options.size();
      MainUnit unit{*std::move(plan), {}, {}, {}};
      unit.coarse.resize(options);
      unit.made.resize(options);
      for (std::size_t i = 0; i < options; ++i) unit.order.push_back(i);
      main_.push_back(std::move(unit));
    } else if (!plan->options.empty()) {
      by_hand.insert(choice.role);
      plan->options.resize(1);
      plan->options.front().id += '-' + std::string(study::to_string(choice.role));
      pool_.push_back({*std::move(plan), {}, {}, true, false});
    }
  }
  if (main_.empty())
    return base::Error{"No trials can be made of these units", remarks_.empty() ? "there are none" : remarks_.front(),
                       "Choose other units"};
  for (const study::Role role : by_hand) size_of(wanted_, role) = 0;
  balances_ = !published;
  if (sum(wanted_) == 0) return {};
  auto candidates = planner.candidates(main_choices, std::move(taken), request.candidates, request.early_layers);
  if (!candidates) return candidates.error();
  for (UnitPlan& candidate : *candidates) pool_.push_back({std::move(candidate), {}, {}, false, false});
  return {};
}

int TrialChoice::pool_size() const {
  const auto by_hand = std::ranges::count_if(pool_, [](const Candidate& candidate) { return candidate.by_hand; });
  return static_cast<int>(by_hand) + std::min(sum(wanted_), static_cast<int>(std::ssize(pool_) - by_hand));
}

std::vector<PlannedTrial> TrialChoice::pool() const {
  std::vector<PlannedTrial> trials;
  for (const Candidate& candidate : pool_) trials.push_back(option(candidate));
  return trials;
}

std::vector<std::string> TrialChoice::layers() const {
  std::set<std::string> layers;
  for (const MainUnit& unit : main_) layers.insert(unit.plan.entry.unit.layer);
  for (const Candidate& candidate : pool_) layers.insert(candidate.plan.entry.unit.layer);
  return {layers.begin(), layers.end()};
}

std::vector<PlannedTrial> TrialChoice::one_of_each_layer() const {
  std::map<std::string, PlannedTrial> by_layer;
  for (const Candidate& candidate : pool_) by_layer.emplace(candidate.plan.entry.unit.layer, option(candidate));
  for (const MainUnit& unit : main_) by_layer.insert_or_assign(unit.plan.entry.unit.layer, unit.plan.options.front());
  std::vector<PlannedTrial> trials;
  for (auto& [layer, trial] : by_layer) trials.push_back(std::move(trial));
  return trials;
}

std::vector<PlannedTrial> TrialChoice::to_screen() const {
  std::vector<PlannedTrial> trials;
  for (const Candidate& candidate : pool_)
    if (!candidate.by_hand) trials.push_back(option(candidate));
  for (const MainUnit& unit : main_)
    if (balances_ && unit.plan.options.size() > 1)
      trials.insert(trials.end(), unit.plan.options.begin(), unit.plan.options.end());
  return trials;
}

// Calls `visit(coarse, made)` of the trial.
template <class Visit>
void TrialChoice::for_trial(const std::string& id, const Visit& visit) {
  for (Candidate& candidate : pool_)
    if (option(candidate).id == id) return visit(candidate.coarse, candidate.made);
  for (MainUnit& unit : main_)
    for (std::size_t i = 0; i < unit.plan.options.size(); ++i)
      if (unit.plan.options[i].id == id) return visit(unit.coarse[i], unit.made[i]);
  CHECK(false, "an answer belongs to a planned trial");
}

void TrialChoice::screened(const std::string& id, const study::Trial& trial) {
  for_trial(id, [&](auto& coarse, auto&) { coarse = trial; });
}

void TrialChoice::swept(const std::string& id, const study::Trial& trial) {
  for_trial(id, [&](auto&, auto& made) { made = trial; });
}

TrialChoice::Options TrialChoice::options(const study::ExperimentSpec& spec, bool swept, bool screened) const {
  Options found;
  for (const MainUnit& unit : main_) {
    found.at.emplace_back();
    found.rules.emplace_back();
    for (const std::size_t at : unit.order) {
      const auto& known = swept && unit.made[at] ? unit.made[at] : unit.coarse[at];
      const bool counts = known && (unit.made[at] ? swept : screened);
      if (!counts || reason_to_reject(*known, spec.filter)) continue;
      found.at.back().push_back(at);
      found.rules.back().push_back(study::odds(*known, unit.made[at].has_value()));
    }
  }
  return found;
}

void TrialChoice::balance(const study::ExperimentSpec& spec) {
  if (!balances_) return;
  // An option whose coarse effect is too small comes last: its complete sweep may still show more.
  const Options good = options(spec, false, true);
  const auto chosen = study::balanced(good.rules, image_sets(spec));
  for (std::size_t unit = 0; unit < main_.size(); ++unit) {
    std::vector<std::size_t> order;
    const auto add = [&](std::size_t at) {
      if (std::ranges::find(order, at) == order.end()) order.push_back(at);
    };
    for (const std::size_t at : chosen[unit]) add(good.at[unit][at]);
    for (const std::size_t at : good.at[unit]) add(at);
    for (std::size_t at = 0; at < main_[unit].plan.options.size(); ++at) add(at);
    main_[unit].order = std::move(order);
  }
}

std::vector<PlannedTrial> TrialChoice::corrections(const study::ExperimentSpec& spec) const {
  const Options known = options(spec, true, true);
  const auto chosen = study::balanced(known.rules, image_sets(spec));
  const int most = std::max(1, static_cast<int>(std::ssize(main_)) * image_sets(spec) / 6);
  std::vector<PlannedTrial> trials;
  for (std::size_t unit = 0; unit < main_.size(); ++unit)
    for (const std::size_t option : chosen[unit]) {
      const std::size_t at = known.at[unit][option];
      if (!main_[unit].made[at] && corrected_ + static_cast<int>(std::ssize(trials)) < most)
        trials.push_back(main_[unit].plan.options[at]);
    }
  return trials;
}

std::vector<PlannedTrial> TrialChoice::to_sweep(const study::ExperimentSpec& spec) {
  std::vector<PlannedTrial> trials = wanted_sweeps(spec);
  if (!trials.empty() || !balances_) return trials;
  trials = corrections(spec);
  corrected_ += static_cast<int>(std::ssize(trials));
  return trials;
}

std::vector<std::size_t> TrialChoice::ranked(const study::ExperimentSpec& spec, bool swept_only) const {
  std::vector<std::size_t> rows;
  std::vector<study::Trial> trials;
  for (std::size_t i = 0; i < pool_.size(); ++i) {
    const auto& trial = pool_[i].made ? pool_[i].made : pool_[i].coarse;
    if (pool_[i].by_hand || !trial || (swept_only && !pool_[i].made)) continue;
    if (pool_[i].made && reason_to_reject(*trial, spec.filter)) continue;
    rows.push_back(i);
    trials.push_back(*trial);
  }
  std::vector<std::size_t> order;
  for (const std::size_t at : study::pick(trials, wanted_).order) order.push_back(rows[at]);
  return order;
}

std::vector<PlannedTrial> TrialChoice::wanted_sweeps(const study::ExperimentSpec& spec) const {
  std::vector<PlannedTrial> trials;
  for (const Candidate& candidate : pool_)
    if (candidate.by_hand && !candidate.made) trials.push_back(option(candidate));
  // As many as are wanted; more only while that may bring fit ones.
  int fit = 0, made = 0;
  for (const std::size_t at : ranked(spec, true)) {
    fit += study::is_fit(*pool_[at].made) ? 1 : 0;
    ++made;
  }
  for (const std::size_t at : ranked(spec, false)) {
    const Candidate& candidate = pool_[at];
    if (candidate.made) continue;
    const bool promising = study::is_fit(*candidate.coarse) && fit < sum(wanted_);
    if (!promising && made >= sum(wanted_)) continue;
    trials.push_back(option(candidate));
    ++made;
    fit += promising ? 1 : 0;
  }
  for (const MainUnit& unit : main_) {
    int good = 0;
    for (const std::size_t at : unit.order) {
      if (good >= image_sets(spec)) break;
      if (!unit.made[at])
        trials.push_back(unit.plan.options[at]);
      else if (reason_to_reject(*unit.made[at], spec.filter))
        continue;
      ++good;
    }
  }
  return trials;
}

std::vector<std::pair<PlannedTrial, study::Trial>> TrialChoice::settle(const study::ExperimentSpec& spec) {
  std::vector<std::pair<PlannedTrial, study::Trial>> kept;
  const auto reject = [&](const study::Trial& trial, const std::string& reason) {
    rejected_.push_back({trial.id, trial.unit, trial.batch, reason});
  };
  const Options good = options(spec, true, false);
  const auto chosen =
      balances_ ? study::balanced(good.rules, image_sets(spec)) : first_of(good.rules, image_sets(spec));
  for (std::size_t unit = 0; unit < main_.size(); ++unit) {
    const MainUnit& of = main_[unit];
    std::vector<std::size_t> sets;
    for (const std::size_t option : chosen[unit]) sets.push_back(good.at[unit][option]);
    std::ranges::sort(sets);
    for (std::size_t set = 0; set < sets.size(); ++set) {
      study::Trial trial = *of.made[sets[set]];
      trial.batch = static_cast<int>(set);
      kept.emplace_back(of.plan.options[sets[set]], std::move(trial));
    }
    for (const auto& made : of.made)
      if (const auto reason = made ? reason_to_reject(*made, spec.filter) : std::nullopt) reject(*made, *reason);
    if (sets.empty())
      without_trials_.push_back(of.plan.entry.unit);
    else if (std::ssize(sets) < image_sets(spec))
      fewer_sets_ += (fewer_sets_.empty() ? "" : ", ") + core::to_string(of.plan.entry.unit) + " has " +
                     std::to_string(sets.size());
  }
  const auto keep = [&](Candidate& candidate, study::Role role) {
    candidate.kept = true;
    candidate.plan.entry.role = role;
    study::Trial trial = *candidate.made;
    trial.role = role;
    kept.emplace_back(option(candidate), std::move(trial));
  };
  for (Candidate& candidate : pool_) {
    if (!candidate.made) continue;
    const auto reason = reason_to_reject(*candidate.made, spec.filter);
    if (reason)
      reject(*candidate.made, *reason);
    else if (candidate.by_hand)
      keep(candidate, candidate.plan.entry.role);
  }
  const std::vector<std::size_t> order = ranked(spec, true);
  std::vector<study::Trial> best;
  for (const std::size_t at : order) best.push_back(*pool_[at].made);
  const study::Picked picked = study::pick(best, wanted_);
  for (std::size_t i = 0; i < picked.roles.size(); ++i) keep(pool_[order[picked.order[i]]], picked.roles[i]);
  remarks_.insert(remarks_.end(), picked.remarks.begin(), picked.remarks.end());
  std::ranges::stable_sort(kept, {}, [](const auto& entry) { return entry.second.role; });
  for (const auto& [planned, trial] : kept) kept_.push_back(planned);
  return kept;
}

}  // namespace engine

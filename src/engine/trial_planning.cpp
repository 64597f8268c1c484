#include "engine/trial_planning.h"

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "net/names.h"

namespace engine {
namespace {

constexpr int kFillUp = 100;  // pictures below the bins that may fill up
constexpr std::size_t kLookedAt = 64;

int channels_of(const net::Model& model, const std::string& layer) {
  const auto node = model.graph.find(layer);
  return node ? model.shapes[static_cast<std::size_t>(*node)].channels : 0;
}

}  // namespace

PlannedTrial TrialPlanner::planned(const UnitPlan& plan, const std::vector<RankedPicture>& ranked,
                                   const study::ImageSet& set, study::Role role) const {
  PlannedTrial trial;
  trial.unit = plan.entry.unit;
  trial.id = plain_name(trial.unit) + "-b" + std::to_string(set.batch);
  trial.role = role;
  trial.unit_spread = plan.entry.spread;
  trial.unit_best = plan.entry.best;
  trial.batch = set.batch;
  const auto row = [&](int place) { return ranked[static_cast<std::size_t>(place)].picture; };
  trial.query = row(set.query);
  trial.query_rank = ranked[static_cast<std::size_t>(set.query)].rank;
  for (const int reference : set.references) trial.references.push_back(row(reference));
  trial.replaced = set.replaced;
  trial.sweep.model = spec_.model;
  trial.sweep.picture = {pictures_.entry(trial.query).name, {}};
  trial.sweep.unit = trial.unit;
  trial.sweep.side_px = core::side_from_fraction(spec_.sizes.front(), model_.input.framing.crop);
  trial.sweep.stride_px = 2;
  trial.sweep.fill = spec_.fill;
  return trial;
}

base::Result<UnitPlan> TrialPlanner::plan(const UnitChoice& choice, int least) {
  const auto sizes = study::bins_for(scan_.scanned);
  if (!sizes) return sizes.error();
  const int top = sizes->bins * sizes->pictures_a_bin;
  const auto ranked = scan_.best(choice.unit, choice.picture.empty() ? top + kFillUp : 0);
  const auto [mean, spread] = scan_.spread(choice.unit);
  UnitPlan plan;
  plan.entry.unit = choice.unit;
  plan.entry.role = choice.role;
  plan.entry.hand_picked = choice.hand_picked;
  plan.entry.layer_name = short_layer_name(choice.unit.layer);
  plan.entry.branch = net::branch_of(model_, choice.unit);
  plan.bins = {choice.unit, sizes->bins, sizes->pictures_a_bin};
  const double best = ranked.empty() ? 0.0 : static_cast<double>(ranked.front().activation);
  if (std::ssize(ranked) < top || !std::isfinite(mean) || !std::isfinite(spread) || !std::isfinite(best) ||
      !(spread > 0.0F)) {
    plan.refusal = core::to_string(choice.unit) + " answers all pictures alike, or with no number.";
    return plan;
  }
  plan.entry.mean = static_cast<double>(mean);
  plan.entry.spread = static_cast<double>(spread);
  plan.entry.best = best;

  std::vector<study::Origin> origins;
  const auto known = std::min<std::size_t>(ranked.size(), static_cast<std::size_t>(top + kFillUp));
  for (std::size_t i = 0; i < known; ++i) origins.push_back(pictures_.origin(ranked[i].picture));
  if (choice.picture.empty()) {
    for (const study::ImageSet& set : study::image_sets(choice.unit.channel, *sizes, origins, spec_.fidelity))
      plan.options.push_back(planned(plan, ranked, set, choice.role));
    for (int place = sizes->pictures_a_bin; place < top && std::ssize(plan.options) < least; ++place) {
      study::ImageSet set =
          study::image_set_of(choice.unit.channel, *sizes, origins, origins[static_cast<std::size_t>(place)], place);
      set.batch = static_cast<int>(std::ssize(plan.options));
      plan.options.push_back(planned(plan, ranked, set, choice.role));
    }
    return plan;
  }
  const auto row = pictures_.find(choice.picture);
  const auto place = std::ranges::find_if(ranked, [&](const RankedPicture& entry) { return row == entry.picture; });
  if (place == ranked.end())
    return base::Error{"The picture \"" + choice.picture + "\" cannot be the query of " + core::to_string(choice.unit),
                       "it is not in the collection, or cannot be read", "Name another, or leave its cell empty"};
  const auto set = study::image_set_of(choice.unit.channel, *sizes, origins, pictures_.origin(place->picture),
                                       static_cast<int>(place - ranked.begin()));
  plan.options.push_back(planned(plan, ranked, set, choice.role));
  return plan;
}

std::vector<UnitChoice> TrialPlanner::by_standing_out(const std::string& layer,
                                                      const std::set<core::Unit>& main) const {
  std::vector<int> channels;
  for (int channel = 0; channel < channels_of(model_, layer); ++channel)
    if (!main.contains({layer, channel, std::nullopt})) channels.push_back(channel);
  base::Rng rng(spec_.seed, "candidates of " + layer);
  for (std::size_t i = 0; i + 1 < channels.size() && i < kLookedAt; ++i)
    std::swap(channels[i], channels[i + static_cast<std::size_t>(rng.below(static_cast<int>(channels.size() - i)))]);
  channels.resize(std::min(channels.size(), kLookedAt));

  std::vector<std::pair<double, UnitChoice>> units;
  for (const int channel : channels) {
    const core::Unit unit{layer, channel, std::nullopt};
    const auto best = scan_.best(unit, 1);
    const auto [mean, spread] = scan_.spread(unit);
    if (best.empty() || !(spread > 0.0F) || !std::isfinite(spread)) continue;
    units.emplace_back(static_cast<double>((best.front().activation - mean) / spread),
                       UnitChoice{unit, study::Role::less_obvious_practice, false, {}});
  }
  std::ranges::sort(units, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second.unit.channel < b.second.unit.channel;
  });
  std::vector<UnitChoice> order;
  for (auto& [stands_out, unit] : units) order.push_back(std::move(unit));
  return order;
}

base::Result<std::vector<UnitPlan>> TrialPlanner::candidates(const std::vector<UnitChoice>& main,
                                                             std::set<std::size_t> taken, int count,
                                                             bool early_layers) {
  std::set<core::Unit> main_units;
  std::set<std::string> main_layers;
  for (const UnitChoice& choice : main) {
    main_units.insert(choice.unit);
    main_layers.insert(choice.unit.layer);
  }
  std::vector<std::vector<UnitChoice>> waiting;  // in the order of the network
  for (const int node : model_.unit_layers) {
    const std::string& layer = model_.graph.nodes[static_cast<std::size_t>(node)].name;
    if (!main_layers.contains(layer)) continue;
    waiting.push_back(by_standing_out(layer, main_units));
    std::ranges::reverse(waiting.back());  // the next is taken from the end
  }
  std::vector<UnitPlan> plans;
  const auto all = std::span(waiting);
  const std::size_t first = early_layers ? (all.size() + 1) / 2 : all.size();
  for (const auto& layers : {all.first(first), all.subspan(first)})
    if (const auto added = add_in_turn(layers, taken, count, plans); !added) return added.error();
  return plans;
}

base::Status TrialPlanner::add_in_turn(std::span<std::vector<UnitChoice>> layers, std::set<std::size_t>& taken,
                                       int count, std::vector<UnitPlan>& plans) {
  while (std::ssize(plans) < count && std::ranges::any_of(layers, [](const auto& list) { return !list.empty(); }))
    for (std::vector<UnitChoice>& layer : layers) {
      bool found = false;
      while (!found && !layer.empty() && std::ssize(plans) < count) {
        auto unit = plan(layer.back(), 0);
        if (!unit) return unit.error();
        layer.pop_back();
        // The set of the best picture that nobody else asks about.
        std::ranges::reverse(unit->options);
        const auto free = std::ranges::find_if(unit->options, [&](const PlannedTrial& option) {
          return !option.references.empty() && !taken.contains(option.query);
        });
        if (free == unit->options.end()) continue;
        taken.insert(free->query);
        unit->options = {*free};
        plans.push_back(*std::move(unit));
        found = true;
      }
    }
  return {};
}

}  // namespace engine

#include "ui/practice_words.h"

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

std::string places_of(const core::OcclusionMap& map) {
  return thousands(map.exact_cells);
}

std::string rounded_percent(const study::Share& share) {
  const auto value = share.value();
  return value ? std::to_string(std::lround(*value * 100.0)) : "–";
}

std::string among_others(const engine::PracticeQuestion& question, double difference) {
  const auto others = static_cast<long long>(question.others.size());
  if (others == 0) return "the first that was measured for this unit";
  const auto smaller =
      std::ranges::count_if(question.others, [&](double other) { return std::fabs(other) < std::fabs(difference); });
  if (others == 1)
    return smaller == 1 ? "larger than in the other trial of this unit"
                        : "smaller than in the other trial of this unit";
  return "larger than in *" + thousands(smaller) + "* of the *" + thousands(others) +
         "* other trials measured for this unit";
}

}  // namespace

State practice_state(const Workspace& workspace, const engine::Snapshots& in) {
  const auto failed = [](const base::Error& error) { return State{Readiness::failed, error.sentence()}; };
  if (workspace.practice.question) return {Readiness::ready, ""};
  if (in.model && in.model->error) return failed(*in.model->error);
  if (in.collection && in.collection->error) return failed(*in.collection->error);
  if (in.scan && in.scan->error) return failed(*in.scan->error);
  if (!in.model) return {Readiness::working, "Opening the model…"};
  if (!in.collection) return {Readiness::working, "Opening the pictures…"};
  if (in.collection->pictures.empty()) {
    return {Readiness::nothing, "No pictures here: drop pictures or a folder on the window."};
  }
  if (!in.scan) return {Readiness::working, "Measuring every unit on every picture…"};
  if (!in.scan->done) {
    return {Readiness::working, "Measuring every unit on every picture, to know which it likes: *" +
                                    thousands(in.scan->scanned) + "* of " + thousands(in.scan->total) + " so far."};
  }
  const Practice& practice = workspace.practice;
  if (practice.units == PracticeUnits::this_unit && !workspace.chosen.unit) {
    return {Readiness::nothing, "Choose a unit first: press / and type its name."};
  }
  const State next = next_state(workspace, in);
  return next.readiness == Readiness::ready ? State{Readiness::working, "…"} : next;
}

State next_state(const Workspace& workspace, const engine::Snapshots& in) {
  if (next_is_ready(workspace, in)) return {Readiness::ready, ""};
  const bool current =
      in.practice && workspace.practice.asked && in.practice->request.unit == workspace.practice.asked->unit;
  if (current && in.practice->error) return {Readiness::failed, in.practice->error->sentence()};
  if (!current || in.practice->places == 0) return {Readiness::working, "Choosing a picture for the next question…"};
  return {Readiness::working, "Preparing the next question: *" + thousands(in.practice->tested) + "* of " +
                                  thousands(in.practice->places) + " places of the square tried."};
}

std::string practice_status(const Workspace& workspace, const engine::Snapshots& in) {
  if (!in.model || in.model->error) return "no model";
  const Practice& practice = workspace.practice;
  std::string words = "*s d f | j k l* answer";
  if (practice.answer)
    words = practice.hunt && !practice.hunt->over ? "*arrows* move · *m* truth · *Enter* next"
                                                  : "*m* search · *Enter* next";
  return words + " · *Esc* explore · " + in.model->name + " · seed " + std::to_string(practice.seed) +
         " · square 40 %, mean of covered";
}

std::string score_words(const study::PracticeScore& score, int trial) {
  std::string words = "trial *" + std::to_string(trial) + "*";
  if (score.all.of > 0)
    words += "   right *" + std::to_string(score.all.right) + "* of " + std::to_string(score.all.of);
  if (score.first.of > 0)
    words += "   first time right *" + rounded_percent(score.first) + " %* of " + std::to_string(score.first.of);
  return words;
}

std::string rules_words(const study::PracticeScore& score) {
  return "on the same trials, %: guessing *50* · centre *" + rounded_percent(score.centre) + "* · variance *" +
         rounded_percent(score.variance) + "* · saliency *" + rounded_percent(score.saliency) + "*";
}

std::string published_words() {
  return "published, without references, another model: *" +
         std::to_string(std::lround(study::kPublishedWithoutReferences * 100)) + " ± " +
         std::to_string(std::lround(study::kPublishedTwoSem * 100)) + " %*";
}

core::Range values_of(const study::Trial& trial) {
  return {static_cast<float>(trial.min.activation), static_cast<float>(trial.max.activation)};
}

TruthWords truth_words(const engine::PracticeQuestion& question) {
  const study::Trial& trial = question.trial;
  const std::string places = places_of(question.map);
  const bool max_left = question.switched_queries;
  TruthWords words;
  const core::Range among = values_of(trial);
  words.highest_value = number(among.high, among);
  words.highest = std::string(max_left ? "left" : "right") + " square, the highest of all " + places + " places";
  words.lowest_value = number(among.low, among);
  words.lowest = std::string(max_left ? "right" : "left") + " square, the lowest";
  words.difference = "Without a square *" + number(static_cast<float>(trial.base_activation), among) + "*. ";
  if (const auto difference = study::relative_difference(trial)) {
    words.difference += "Relative difference *" + number(static_cast<float>(*difference)) + "*, " +
                        among_others(question, *difference) + ".";
  } else {
    words.difference += "That is too near 0 for a relative difference.";
  }
  words.difference += " The squares differ by *" + number(static_cast<float>(study::effect_in_spreads(trial))) +
                      "* standard deviations of the unit.";
  return words;
}

std::string hunted_words(const core::OcclusionMap& map, float value) {
  const int rank = rank_from_lowest(map, value);
  if (rank == 1) return "The *lowest* of all *" + places_of(map) + "* places.";
  return "*" + ordinal(rank) + "* lowest of *" + places_of(map) + "* places.";
}

std::string found_words(const engine::PracticeQuestion& question, const Hunt& hunt) {
  if (!hunt.best) return "The square was not moved: the lowest place is where the ring is.";
  const int rank = rank_from_lowest(question.map, *hunt.best);
  const core::Range among = values_of(question.trial);
  const std::string found = "You found *" + number(*hunt.best, among) + "*";
  if (rank == 1) return found + ": the lowest place itself.";
  return found + ", the *" + ordinal(rank) + "* lowest of " + places_of(question.map) + "; the lowest is " +
         number(among.low, among) + ".";
}

}  // namespace ui

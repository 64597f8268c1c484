#include <algorithm>
#include <map>
#include <utility>

#include "study/analysis_parts.h"

namespace study {
namespace {

constexpr int kBins = 5;  // of the published figure

std::array<std::optional<double>, kDifficulties.size()> difficulties_of(const Trial& trial) {
  std::array<std::optional<double>, kDifficulties.size()> values;
  for (std::size_t i = 0; i < kDifficulties.size(); ++i) values[i] = value_of(kDifficulties[i], trial);
  return values;
}

std::string why_unknown(Difficulty difficulty, bool any_trial) {
  if (!any_trial) return "the trials.json of these answers is not at hand";
  if (difficulty == Difficulty::object) return "no trial has a mask of its object";
  return "no trial has this measure";
}

Relation relation(const std::vector<TrialPoint>& points, Difficulty difficulty, std::optional<int> series) {
  Relation result;
  result.difficulty = difficulty;
  result.series = series;
  std::vector<double> x, y;
  const auto index = static_cast<std::size_t>(difficulty);
  for (const TrialPoint& point : points) {
    if (series && point.series != *series) continue;
    if (!point.difficulty[index]) continue;
    x.push_back(*point.difficulty[index]);
    y.push_back(point.accuracy());
  }
  result.points = static_cast<int>(x.size());
  result.correlation = spearman(x, y);
  if (x.size() >= kBins) result.bins = quantile_bins(x, y, kBins);
  if (x.empty())
    result.why_not = why_unknown(difficulty, !points.empty());
  else if (x.size() < 3)
    result.why_not = "there are fewer than three trials";
  else if (!result.correlation)
    result.why_not = "all trials have the same value";
  return result;
}

// Whether the rule is right about a trial: its evidence must be strictly for the max query.
std::optional<bool> is_right(Rule rule, const Trial& trial) {
  const auto found = evidence(rule, trial, "");
  if (!found) return std::nullopt;
  return *found > 0.0;
}

}  // namespace

std::string baseline_label(Rule rule) {
  return rule == Rule::published_centre ? "centre rule, published" : std::string(to_string(rule)) + " rule";
}

std::string_view to_string(Difficulty difficulty) {
  switch (difficulty) {
    case Difficulty::relative:
      return "relative activation difference (published)";
    case Difficulty::plain_relative:
      return "relative activation difference (max - min query) / |base|";
    case Difficulty::effect:
      return "difference in standard deviations of the unit";
    case Difficulty::apart:
      return "distance between the squares, px";
    case Difficulty::centre:
      return "max query's square farther from the centre, px";
    case Difficulty::variance:
      return "max query's square covers less variation, grey levels";
    case Difficulty::saliency:
      return "max query's square is less salient, relative";
    case Difficulty::object:
      return "max query's square covers less of the object, share";
  }
  CHECK(false, "a difficulty lacks its words");
}

std::string_view key_of(Difficulty difficulty) {
  switch (difficulty) {
    case Difficulty::relative:
      return "relative_difference_published";
    case Difficulty::plain_relative:
      return "relative_difference_plain";
    case Difficulty::effect:
      return "effect_in_spreads";
    case Difficulty::apart:
      return "squares_apart_px";
    case Difficulty::centre:
      return "centre_evidence_px";
    case Difficulty::variance:
      return "variance_evidence";
    case Difficulty::saliency:
      return "saliency_evidence";
    case Difficulty::object:
      return "object_evidence";
  }
  CHECK(false, "a difficulty lacks its key");
}

std::optional<double> value_of(Difficulty difficulty, const Trial& trial) {
  switch (difficulty) {
    case Difficulty::relative:
      return relative_difference(trial);
    case Difficulty::plain_relative:
      return plain_relative_difference(trial);
    case Difficulty::effect:
      return trial.unit_spread > 0.0 ? std::optional(effect_in_spreads(trial)) : std::nullopt;
    case Difficulty::apart:
      return squares_apart_px(trial);
    case Difficulty::centre:
      return evidence(Rule::centre, trial, "");
    case Difficulty::variance:
      return evidence(Rule::variance, trial, "");
    case Difficulty::saliency:
      return evidence(Rule::saliency, trial, "");
    case Difficulty::object:
      return evidence(Rule::object, trial, "");
  }
  CHECK(false, "a difficulty lacks its value");
}

std::vector<TrialPoint> trial_points(const Selection& selection) {
  std::map<std::pair<int, const Trial*>, std::size_t> at;
  std::vector<TrialPoint> points;
  for (const Scored& scored : selection.main) {
    const Trial* trial = trial_of(*selection.data, *scored.session, *scored.response);
    if (trial == nullptr) continue;
    const auto [place, is_new] = at.emplace(std::pair(scored.series, trial), points.size());
    if (is_new) {
      TrialPoint point;
      point.experiment = *scored.session->experiment;
      point.trial_id = trial->id;
      point.series = scored.series;
      point.difficulty = difficulties_of(*trial);
      points.push_back(std::move(point));
    }
    TrialPoint& point = points[place->second];
    ++point.answers;
    point.correct += scored.response->correct ? 1 : 0;
  }
  // In the order of the series and of the trials' names, not of who came first.
  std::sort(points.begin(), points.end(), [](const TrialPoint& a, const TrialPoint& b) {
    if (a.series != b.series) return a.series < b.series;
    if (a.experiment != b.experiment) return a.experiment < b.experiment;
    return natural_less(a.trial_id, b.trial_id);
  });
  return points;
}

std::vector<Relation> relations(const std::vector<TrialPoint>& points, int series) {
  std::vector<Relation> list;
  for (const Difficulty difficulty : kDifficulties) {
    list.push_back(relation(points, difficulty, std::nullopt));
    for (int one = 0; one < series; ++one) list.push_back(relation(points, difficulty, one));
  }
  return list;
}

std::vector<BaselineAccuracy> baseline_accuracies(const Selection& selection) {
  std::vector<BaselineAccuracy> list;
  for (const Rule rule : kBaselines) {
    BaselineAccuracy baseline;
    baseline.rule = rule;
    struct Sum {
      int trials = 0, correct = 0;
    };
    ByParticipant<Sum> sums(selection.participants);
    int correct = 0;
    bool any_trial = false;
    for (const Scored& scored : selection.main) {
      const Trial* trial = trial_of(*selection.data, *scored.session, *scored.response);
      if (trial == nullptr) continue;
      any_trial = true;
      const auto right = is_right(rule, *trial);
      if (!right) continue;
      Sum& sum = sums[scored.participant];
      ++sum.trials;
      sum.correct += *right ? 1 : 0;
      ++baseline.trials;
      correct += *right ? 1 : 0;
    }
    std::vector<double> shares;
    for (const Sum& sum : sums.present()) shares.push_back(static_cast<double>(sum.correct) / sum.trials);
    if (baseline.trials > 0) {
      baseline.mean = static_cast<double>(correct) / baseline.trials;
      baseline.two_sem = two_sem(shares);
    } else {
      baseline.why_not =
          any_trial ? "no trial has what the rule looks at" : "the trials.json of these answers is not at hand";
    }
    list.push_back(std::move(baseline));
  }
  return list;
}

std::vector<LabelOverlap> label_overlaps(const AnalysisData& data) {
  std::vector<LabelOverlap> list;
  for (std::size_t e = 0; e < data.experiments.size(); ++e) {
    const Experiment& experiment = data.experiments[e]->experiment;
    for (const Condition& condition : experiment.conditions) {
      LabelOverlap overlap;
      overlap.experiment = e;
      overlap.condition = condition.name;
      for (const Trial& trial : experiment.trials) {
        const ReferenceSet* references = trial.references_of(condition.name);
        if (trial.role != Role::main || trial.label.empty() || references == nullptr) continue;
        // A synthetic picture has no label that could agree.
        const bool natural = std::any_of(references->pictures.begin(), references->pictures.end(),
                                         [](const ReferencePicture& picture) { return !picture.label.empty(); });
        if (!natural) continue;
        const auto same = static_cast<std::size_t>(
            std::count_if(references->pictures.begin(), references->pictures.end(),
                          [&](const ReferencePicture& picture) { return picture.label == trial.label; }));
        if (overlap.trials_with.size() <= references->pictures.size())
          overlap.trials_with.resize(references->pictures.size() + 1);
        ++overlap.trials_with[same];
      }
      if (!overlap.trials_with.empty()) list.push_back(std::move(overlap));
    }
  }
  return list;
}

std::vector<QueryConsistency> query_consistency(const AnalysisData& data) {
  constexpr double kClasses = 5.0;
  std::vector<QueryConsistency> list;
  for (std::size_t e = 0; e < data.experiments.size(); ++e) {
    QueryConsistency consistency;
    consistency.experiment = e;
    for (const Trial& trial : data.experiments[e]->experiment.trials) {
      if (trial.role != Role::main || !trial.top5_kept_min || !trial.top5_kept_max) continue;
      ++consistency.trials;
      consistency.share_min += *trial.top5_kept_min / kClasses;
      consistency.share_max += *trial.top5_kept_max / kClasses;
    }
    if (consistency.trials == 0) continue;
    consistency.share_min /= consistency.trials;
    consistency.share_max /= consistency.trials;
    list.push_back(consistency);
  }
  return list;
}

}  // namespace study

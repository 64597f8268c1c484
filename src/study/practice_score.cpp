#include "study/practice_score.h"

#include <algorithm>
#include <vector>

#include "study/observers.h"

namespace study {

PracticeScore practice_score(std::span<const PracticeAnswer> answers, std::span<const core::Unit> met_before) {
  PracticeScore score;
  std::vector<core::Unit> met(met_before.begin(), met_before.end());
  for (const PracticeAnswer& one : answers) {
    const bool is_first = std::ranges::find(met, one.trial.unit) == met.end();
    if (is_first) met.push_back(one.trial.unit);
    if (one.answer.truth_seen) continue;
    score.all.add(one.answer.correct);
    if (is_first) score.first.add(one.answer.correct);
    const auto judge = [&](Share& share, Rule rule) {
      const std::optional<double> found = evidence(rule, one.trial, one.answer.condition);
      if (found && *found != 0.0) share.add(*found > 0.0);
    };
    judge(score.centre, Rule::centre);
    judge(score.variance, Rule::variance);
    judge(score.saliency, Rule::saliency);
  }
  return score;
}

}  // namespace study

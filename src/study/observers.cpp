#include "study/observers.h"

#include <cmath>

#include "study/answer.h"
#include "study/words.h"

namespace study {
namespace {

constexpr Words<Rule, 8> kWords = {{{Rule::chance, "chance"},
                                    {Rule::centre, "centre"},
                                    {Rule::published_centre, "centre-as-published"},
                                    {Rule::variance, "variance"},
                                    {Rule::saliency, "saliency"},
                                    {Rule::object, "object"},
                                    {Rule::oracle, "oracle"},
                                    {Rule::nearest_reference, "nearest-reference"}}};

// Evidence of this size makes a middling answer: half of it is where 2 begins, three halves where 3 does.
double usual_size(Rule rule, const Trial& trial) {
  switch (rule) {
    case Rule::centre:
    case Rule::published_centre:
      return 0.25 * trial.max.place.side_px;
    case Rule::variance:
      return 10.0;
    case Rule::saliency:
    case Rule::object:
      return 0.2;
    case Rule::nearest_reference:
    case Rule::oracle:
    case Rule::chance:
      return 1.0;
  }
  CHECK(false, "a rule lacks its usual size");
}

// Differences by their sum lie in −1 … 1 whatever the unit of the map.
double relative(double a, double b) {
  const double sum = a + b;
  return sum > 0.0 ? (a - b) / sum : 0.0;
}

}  // namespace

std::string_view to_string(Rule rule) {
  return word_of(kWords, rule);
}
base::Result<Rule> parse_rule(std::string_view text) {
  return value_of(kWords, text, "an observer");
}

std::optional<double> evidence(Rule rule, const Trial& trial, std::string_view condition) {
  const Occlusion& min = trial.min;
  const Occlusion& max = trial.max;
  switch (rule) {
    case Rule::chance:
      return std::nullopt;
    case Rule::centre:
      return max.centre_distance_px - min.centre_distance_px;
    case Rule::published_centre:
      return max.published_centre_distance - min.published_centre_distance;
    case Rule::variance:
      return min.standard_deviation - max.standard_deviation;
    case Rule::saliency:
      return relative(min.saliency, max.saliency);
    case Rule::object:
      if (!min.object_share || !max.object_share) return std::nullopt;
      return *min.object_share - *max.object_share;
    case Rule::oracle:
      return effect_in_spreads(trial);
    case Rule::nearest_reference: {
      const ReferenceSet* references = trial.references_of(condition);
      if (references == nullptr || !references->likeness_min || !references->likeness_max) return std::nullopt;
      return *references->likeness_max - *references->likeness_min;
    }
  }
  CHECK(false, "a rule lacks its evidence");
}

int button_of(const Observer& observer, const Trial& trial, std::string_view condition, bool switched_queries,
              base::Rng& rng) {
  std::optional<double> found = evidence(observer.rule, trial, condition);
  if (found && observer.rule == Rule::oracle) *found += observer.noise_in_spreads * rng.normal();
  if (!found || *found == 0.0) return rng.below(kButtons);
  const double size = std::fabs(*found) / usual_size(observer.rule, trial);
  const int label = size >= 1.5 ? 3 : size >= 0.5 ? 2 : 1;
  const bool left = (*found > 0.0) == switched_queries;
  return left ? 3 - label : label + 2;
}

}  // namespace study

// Artificial observers: rules that answer the same trials as people, in the same format, seeded. Chance guesses;
// centre, variance, saliency and object look at the two squares only (protocol 1.12); the oracle sees the truth through
// noise. The nearest-reference observer is "informed": it compares queries and references in the network's own
// features, which are also what the truth is made of, so it stands for nobody. Pure; any thread.
#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/rng.h"
#include "study/trial.h"

namespace study {

enum class Rule { chance, centre, published_centre, variance, saliency, object, oracle, nearest_reference };
inline constexpr std::array kRules = {Rule::chance,   Rule::centre, Rule::published_centre, Rule::variance,
                                      Rule::saliency, Rule::object, Rule::oracle,           Rule::nearest_reference};
std::string_view to_string(Rule rule);  // "centre", "centre-as-published", "nearest-reference": the words of flags
base::Result<Rule> parse_rule(std::string_view text);

// What speaks for the max query, in the rule's own unit: positive, the rule is right. Nothing where the rule has no
// opinion (chance; no mask; a condition without references): then an observer guesses, and no accuracy is counted.
std::optional<double> evidence(Rule rule, const Trial& trial, std::string_view condition);

struct Observer {
  Rule rule = Rule::chance;
  double noise_in_spreads = 0.5;  // the oracle's: standard deviation added to the difference of the two activations
};

// The button 0 … 5 that the observer presses: the side by the sign of the evidence, the confidence by its size.
int button_of(const Observer& observer, const Trial& trial, std::string_view condition, bool switched_queries,
              base::Rng& rng);

}  // namespace study

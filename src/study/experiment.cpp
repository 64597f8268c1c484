#include "study/experiment.h"

#include <algorithm>

#include "study/words.h"

namespace study {
namespace {

constexpr Words<Tier, 3> kTiers = {{{Tier::quick, "quick"}, {Tier::standard, "standard"}, {Tier::full, "full"}}};
constexpr Words<Fidelity, 2> kFidelities = {
    {{Fidelity::as_intended, "as-intended"}, {Fidelity::as_published, "as-published"}}};
constexpr Words<ResumePolicy, 2> kPolicies = {{{ResumePolicy::resume, "resume"}, {ResumePolicy::restart, "restart"}}};

template <class List, class Condition>
auto* first(const List& list, const Condition& wanted) {
  const auto found = std::ranges::find_if(list, wanted);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace

std::string_view to_string(Tier tier) {
  return word_of(kTiers, tier);
}
base::Result<Tier> parse_tier(std::string_view text) {
  return value_of(kTiers, text, "a tier");
}
std::string_view to_string(Fidelity fidelity) {
  return word_of(kFidelities, fidelity);
}
base::Result<Fidelity> parse_fidelity(std::string_view text) {
  return value_of(kFidelities, text, "a way to follow the published study");
}
std::string_view to_string(ResumePolicy policy) {
  return word_of(kPolicies, policy);
}
base::Result<ResumePolicy> parse_resume_policy(std::string_view text) {
  return value_of(kPolicies, text, "a policy for sessions that were cut off");
}

const Trial* Experiment::find(std::string_view trial_id) const {
  return first(trials, [&](const Trial& trial) { return trial.id == trial_id; });
}

const Condition* Experiment::condition(std::string_view name_or_code) const {
  return first(conditions,
               [&](const Condition& known) { return known.name == name_or_code || known.code == name_or_code; });
}

const Task* Experiment::task(std::string_view condition_name, int number) const {
  return first(tasks, [&](const Task& known) { return known.condition == condition_name && known.number == number; });
}

}  // namespace study

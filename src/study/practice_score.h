// How practice goes: what was answered, what of it was a first encounter with its unit (the rest is learning), and what
// rules that know nothing of the unit get right on the very same trials. Pure; any thread.
#pragma once
#include <optional>
#include <span>

#include "study/answer.h"
#include "study/trial.h"

namespace study {

struct PracticeAnswer {
  Trial trial;
  Answer answer;
};

struct Share {  // of trials
  int right = 0;
  int of = 0;
  void add(bool is_right) {
    ++of;
    right += is_right ? 1 : 0;
  }
  [[nodiscard]] std::optional<double> value() const {
    return of == 0 ? std::nullopt : std::optional(static_cast<double>(right) / of);
  }
  bool operator==(const Share&) const = default;
};

struct PracticeScore {
  Share all;
  Share first;                       // the first answer about each unit
  Share centre, variance, saliency;  // those that the rule has an opinion of
};
// Trials whose truth was seen before the answer are left out everywhere; such an answer is an encounter all the same.
// Units that were met in earlier sessions are no first encounters either.
PracticeScore practice_score(std::span<const PracticeAnswer> answers, std::span<const core::Unit> met_before = {});

// The published study's people without references, on another model's trials (protocol 1.13).
inline constexpr double kPublishedWithoutReferences = 0.60;
inline constexpr double kPublishedTwoSem = 0.03;

}  // namespace study

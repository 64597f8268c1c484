// What practice says, as pure functions of values. Any thread.
#pragma once
#include <string>

#include "engine/messages.h"
#include "study/practice_score.h"
#include "ui/sentences.h"
#include "ui/workspace.h"

namespace ui {

// What the next question waits for, in one sentence with its progress; ready when there is one.
State practice_state(const Workspace& workspace, const engine::Snapshots& in);
// The same, of the question after one that is shown.
State next_state(const Workspace& workspace, const engine::Snapshots& in);

// The status line: with what it is asked, and the keys that act now.
std::string practice_status(const Workspace& workspace, const engine::Snapshots& in);

// "trial *7*   right *5*   first time right *71 %*". `trial` counts from 1.
std::string score_words(const study::PracticeScore& score, int trial);
// "on the same trials: guessing *50* · centre *57* · variance *62* · …" in percent, "–" where nothing was judged yet.
std::string rules_words(const study::PracticeScore& score);
// The published figure, and that it is of another model.
std::string published_words();

// ---- after the answer only -----------------------------------------------------------------------------------------

// From the lowest to the highest of all places: as many digits as tell them apart.
core::Range values_of(const study::Trial& trial);

struct TruthWords {
  std::string highest_value, highest;  // "2.87", "right square, the highest of all 4,624 places"
  std::string lowest_value, lowest;
  std::string difference;  // base value, relative difference, how that compares
};
TruthWords truth_words(const engine::PracticeQuestion& question);
// "*2.35* is the *37th* lowest of *4,624* places."
std::string hunted_words(const core::OcclusionMap& map, float value);
// What was found when the search is over.
std::string found_words(const engine::PracticeQuestion& question, const Hunt& hunt);

}  // namespace ui

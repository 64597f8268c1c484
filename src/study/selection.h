// Which trials become catch and practice trials, and which image sets the main trials use. In the paper people picked
// the former by hand; here a stated rule does, and its choices can be replaced in units.csv. Pure; any thread.
//
// The rule: a candidate is fit if the centre and the variance observer are both right and its squares are at least a
// side apart. Fit candidates, largest effect (in the unit's standard deviation) first: the first are catch trials, the
// next the obvious practice trials, the next the less obvious ones. Where too few are fit, those follow that have near
// squares, then those that one observer misses, then the rest; a remark says how many.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "study/trial.h"

namespace study {

struct PoolSizes {
  int catch_trials = 3;
  int obvious = 3;
  int less_obvious = 7;
};

struct Picked {
  std::vector<std::size_t> order;    // of the candidates, best first: every one that was asked about
  std::vector<Role> roles;           // of the first ones of `order`: catch, obvious, less obvious
  std::vector<std::string> remarks;  // said aloud
};
bool is_fit(const Trial& candidate);
Picked pick(const std::vector<Trial>& candidates, const PoolSizes& sizes);

// What the balance looks at in a trial.
struct Guessable {
  bool centre_is_right = false;
  bool variance_is_right = false;
};
Guessable guessable(const Trial& trial);

// How likely each rule is right: 0 or 1 where the places are `exact`; after a coarse sweep the less so the smaller the
// difference that the rule looks at, because a complete sweep may move both squares.
struct Odds {
  double centre = 0.0;
  double variance = 0.0;
};
Odds odds(const Trial& trial, bool exact);

// For each unit, which `wanted` of its options (in their own order) make the main trials: the first ones, then options
// are exchanged as long as that brings both rules nearer to being right in one half of the trials (the expected squares
// of the distances, so that no rule pays for the other). Units with fewer options keep them all.
std::vector<std::vector<std::size_t>> balanced(const std::vector<std::vector<Odds>>& options, int wanted);

}  // namespace study

#include "study/selection.h"

#include "catch.h"
#include "study/made_up_trials.h"

namespace {

study::Trial with_effect(double effect, bool fit = true) {
  study::Trial trial = made_up::trial("candidate " + std::to_string(effect));
  trial.unit_spread = 1.0;
  trial.min.activation = 0.0;
  trial.max.activation = effect;
  if (!fit) trial.max.centre_distance_px = 0.0;
  return trial;
}

int right(const std::vector<std::vector<study::Guessable>>& options,
          const std::vector<std::vector<std::size_t>>& chosen, bool study::Guessable::*rule) {
  int count = 0;
  for (std::size_t unit = 0; unit < options.size(); ++unit)
    for (const std::size_t option : chosen[unit]) count += options[unit][option].*rule ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("The largest effects become catch trials, the next obvious practice, the next less obvious practice") {
  std::vector<study::Trial> candidates;
  for (int i = 0; i < 20; ++i) candidates.push_back(with_effect(i));
  candidates.push_back(with_effect(100.0, /*fit=*/false));
  const study::Picked picked = study::pick(candidates, {3, 3, 7});
  REQUIRE(picked.roles.size() == 13);
  REQUIRE(picked.remarks.empty());
  for (std::size_t i = 0; i < 13; ++i) REQUIRE(picked.order[i] == 19 - i);
  REQUIRE(picked.roles[2] == study::Role::catch_trial);
  REQUIRE(picked.roles[3] == study::Role::obvious_practice);
  REQUIRE(picked.roles[12] == study::Role::less_obvious_practice);
}

TEST_CASE("Squares must be a side apart, and both observers right, for a trial to be fit") {
  REQUIRE(study::is_fit(with_effect(1.0)));
  REQUIRE(!study::is_fit(with_effect(1.0, false)));
  study::Trial near = with_effect(1.0);
  near.max.place = {60, 100, 90};
  REQUIRE(!study::is_fit(near));
  study::Trial varied = with_effect(1.0);
  varied.max.standard_deviation = varied.min.standard_deviation;  // a tie is not right
  REQUIRE(!study::is_fit(varied));
}

TEST_CASE("Where too few candidates are fit the others follow, and it is said aloud") {
  const std::vector<study::Trial> candidates = {with_effect(9.0, false), with_effect(1.0), with_effect(2.0)};
  const study::Picked picked = study::pick(candidates, {1, 1, 2});
  REQUIRE(picked.order == std::vector<std::size_t>{2, 1, 0});
  REQUIRE(picked.roles == std::vector<study::Role>{study::Role::catch_trial, study::Role::obvious_practice,
                                                   study::Role::less_obvious_practice});
  REQUIRE(picked.remarks.size() == 2);
}

TEST_CASE("Image sets are exchanged until neither the centre nor the variance rule wins") {
  const study::Guessable both{true, true}, none{false, false}, centre{true, false};
  std::vector<std::vector<study::Guessable>> options(18, {both, none, centre});
  const auto chosen = study::balanced(options, 1);
  REQUIRE(right(options, chosen, &study::Guessable::centre_is_right) == 9);
  REQUIRE(right(options, chosen, &study::Guessable::variance_is_right) == 9);
  for (const auto& unit : chosen) REQUIRE(unit.size() == 1);
}

TEST_CASE("A rule that is never right does not pay for one that is always right") {
  const study::Guessable both{true, true}, none{false, false}, centre{true, false};
  const std::vector<std::vector<study::Guessable>> options = {{both, none}, {both, none}, {centre}, {centre}};
  const auto chosen = study::balanced(options, 1);
  REQUIRE(right(options, chosen, &study::Guessable::centre_is_right) == 3);
  REQUIRE(right(options, chosen, &study::Guessable::variance_is_right) == 1);
}

TEST_CASE("Balanced trials and units without a choice stay as they are") {
  const study::Guessable both{true, true}, none{false, false};
  REQUIRE(study::balanced({{both, none}, {none, both}}, 1) == std::vector<std::vector<std::size_t>>{{0}, {0}});
  REQUIRE(study::balanced({{both}, {both, none}, {}}, 2) == std::vector<std::vector<std::size_t>>{{0}, {0, 1}, {}});
}

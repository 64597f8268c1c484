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

double right(const std::vector<std::vector<study::Odds>>& options, const std::vector<std::vector<std::size_t>>& chosen,
             double study::Odds::*rule) {
  double count = 0.0;
  for (std::size_t unit = 0; unit < options.size(); ++unit)
    for (const std::size_t option : chosen[unit]) count += options[unit][option].*rule;
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
  const study::Odds both{1.0, 1.0}, none{0.0, 0.0}, centre{1.0, 0.0};
  std::vector<std::vector<study::Odds>> options(18, {both, none, centre});
  const auto chosen = study::balanced(options, 1);
  REQUIRE(right(options, chosen, &study::Odds::centre) == 9);
  REQUIRE(right(options, chosen, &study::Odds::variance) == 9);
  for (const auto& unit : chosen) REQUIRE(unit.size() == 1);
}

TEST_CASE("A rule that is never right does not pay for one that is always right") {
  const study::Odds both{1.0, 1.0}, none{0.0, 0.0}, centre{1.0, 0.0};
  const std::vector<std::vector<study::Odds>> options = {{both, none}, {both, none}, {centre}, {centre}};
  const auto chosen = study::balanced(options, 1);
  REQUIRE(right(options, chosen, &study::Odds::centre) == 3);
  REQUIRE(right(options, chosen, &study::Odds::variance) == 1);
}

TEST_CASE("Of two options that would balance, the surer one is taken") {
  const study::Odds right{1.0, 1.0}, perhaps_wrong{0.4, 0.4}, wrong{0.1, 0.1};
  REQUIRE(study::balanced({{right}, {right, perhaps_wrong, wrong}}, 1) ==
          std::vector<std::vector<std::size_t>>{{0}, {2}});
}

TEST_CASE(
    "After a coarse sweep a rule is the surer the larger its difference, and never quite; after a complete one it is") {
  study::Trial trial = with_effect(1.0);
  trial.min.centre_distance_px = 30.0;
  double before = 0.0;
  for (double further_px : {-100.0, -5.0, 0.0, 5.0, 100.0}) {
    trial.max.centre_distance_px = trial.min.centre_distance_px + further_px;
    const double coarse = study::odds(trial, false).centre;
    REQUIRE(coarse > before);
    REQUIRE(coarse < 1.0);
    REQUIRE((coarse > 0.5) == (further_px > 0.0));
    REQUIRE(study::odds(trial, true).centre == (further_px > 0.0 ? 1.0 : 0.0));
    before = coarse;
  }
}

TEST_CASE("Balanced trials and units without a choice stay as they are") {
  const study::Odds both{1.0, 1.0}, none{0.0, 0.0};
  REQUIRE(study::balanced({{both, none}, {none, both}}, 1) == std::vector<std::vector<std::size_t>>{{0}, {0}});
  REQUIRE(study::balanced({{both}, {both, none}, {}}, 2) == std::vector<std::vector<std::size_t>>{{0}, {0, 1}, {}});
}

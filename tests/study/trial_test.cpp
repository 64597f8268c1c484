#include "study/trial.h"

#include "catch.h"

namespace {

study::Trial trial_with(double base, double min, double max) {
  study::Trial trial;
  trial.base_activation = base;
  trial.min.activation = trial.lowest = min;
  trial.max.activation = trial.highest = max;
  trial.unit_spread = 1.0;
  return trial;
}

}  // namespace

TEST_CASE("The published relative difference counts the base as a position, the plain one does not") {
  study::Trial trial = trial_with(4.0, 1.0, 3.0);
  trial.highest = 4.0;  // the base is the highest of all
  REQUIRE(*study::relative_difference(trial) == Approx(0.75));
  REQUIRE(*study::plain_relative_difference(trial) == Approx(0.5));
}

TEST_CASE("There is no relative difference to a baseline of almost nothing") {
  REQUIRE(!study::relative_difference(trial_with(0.0005, -1.0, 1.0)));
  REQUIRE(study::relative_difference(trial_with(0.5, -1.0, 1.0)));
}

TEST_CASE("Below a negative base the plain difference stays larger for what is easier, the published one flips") {
  const study::Trial easy = trial_with(-1.0, -3.0, 3.0), hard = trial_with(-1.0, -1.5, 0.0);
  REQUIRE(*study::plain_relative_difference(easy) > *study::plain_relative_difference(hard));
  REQUIRE(*study::plain_relative_difference(hard) == Approx(1.5));
  REQUIRE(*study::relative_difference(easy) == Approx(-6.0));
}

TEST_CASE("An effect is measured in the unit's standard deviation over the collection") {
  study::Trial trial = trial_with(4.0, 1.0, 3.0);
  trial.unit_spread = 0.5;
  REQUIRE(study::effect_in_spreads(trial) == Approx(4.0));
  trial.unit_spread = 0.0;
  REQUIRE(study::effect_in_spreads(trial) == 0.0);
}

TEST_CASE("Squares are as far apart as their centres") {
  study::Trial trial;
  trial.min.place = {0, 0, 90};
  trial.max.place = {30, 40, 90};
  REQUIRE(study::squares_apart_px(trial) == Approx(50.0));
}

TEST_CASE("Every role and kind of reference is found again by its word, and others are refused with the choices") {
  for (const study::Role role :
       {study::Role::main, study::Role::catch_trial, study::Role::obvious_practice, study::Role::less_obvious_practice})
    REQUIRE(*study::parse_role(study::to_string(role)) == role);
  const auto refused = study::parse_reference_kind("painted");
  REQUIRE(!refused);
  REQUIRE(refused.error().sentence().find("natural, synthetic, blurred, own") != std::string::npos);
}

#include "study/observers.h"

#include "catch.h"
#include "study/answer.h"
#include "study/made_up_trials.h"

namespace {

using study::Rule;

bool is_right(const study::Observer& observer, const study::Trial& trial, bool switched, base::Rng& rng) {
  return study::is_left(study::button_of(observer, trial, "natural", switched, rng)) == switched;
}

double share_right(const study::Observer& observer, const study::Trial& trial) {
  base::Rng rng(1);
  int right = 0;
  for (int i = 0; i < 2000; ++i) right += is_right(observer, trial, i % 3 == 0, rng) ? 1 : 0;
  return right / 2000.0;
}

}  // namespace

TEST_CASE("Every rule is right where its evidence favours the max query, on either side, and wrong where it does not") {
  const study::Trial trial = made_up::trial("t");
  for (const Rule rule : {Rule::centre, Rule::variance, Rule::saliency, Rule::object, Rule::nearest_reference}) {
    REQUIRE(*study::evidence(rule, trial, "natural") > 0.0);
    REQUIRE(share_right({rule}, trial) == 1.0);
  }
  REQUIRE(*study::evidence(Rule::published_centre, trial, "natural") < 0.0);
  REQUIRE(share_right({Rule::published_centre}, trial) == 0.0);
}

TEST_CASE("A rule that knows nothing guesses") {
  study::Trial trial = made_up::trial("t");
  trial.min.object_share.reset();
  trial.references.clear();
  trial.min.centre_distance_px = trial.max.centre_distance_px;
  for (const Rule rule : {Rule::chance, Rule::object, Rule::nearest_reference, Rule::centre}) {
    const double share = share_right({rule}, trial);
    REQUIRE(share > 0.45);
    REQUIRE(share < 0.55);
  }
}

TEST_CASE("Confidence grows with the evidence and is the label on the button") {
  study::Trial trial = made_up::trial("t");
  base::Rng rng(0);
  int last = 0;
  for (const double distance : {15.0, 40.0, 80.0}) {
    trial.max.centre_distance_px = distance;
    const int left = study::button_of({Rule::centre}, trial, "natural", true, rng);
    const int right = study::button_of({Rule::centre}, trial, "natural", false, rng);
    REQUIRE(study::is_left(left));
    REQUIRE(!study::is_left(right));
    REQUIRE(study::label_of_button(left) == study::label_of_button(right));
    REQUIRE(study::label_of_button(left) == last + 1);
    ++last;
  }
}

TEST_CASE("The oracle is right without noise and worse with more of it") {
  const study::Trial trial = made_up::trial("t");  // five standard deviations
  REQUIRE(share_right({Rule::oracle, 0.0}, trial) == 1.0);
  const double some = share_right({Rule::oracle, 5.0}, trial), much = share_right({Rule::oracle, 50.0}, trial);
  REQUIRE(some > 0.75);
  REQUIRE(some < 0.95);
  REQUIRE(much < some);
}

TEST_CASE("Every rule is found again by its word") {
  for (const Rule rule : study::kRules) REQUIRE(*study::parse_rule(study::to_string(rule)) == rule);
  REQUIRE(!study::parse_rule("clairvoyance"));
}

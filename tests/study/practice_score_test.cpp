#include "study/practice_score.h"

#include <vector>

#include "catch.h"

namespace {

study::PracticeAnswer answered(int channel, bool correct, double max_distance_px, double max_deviation,
                               bool truth_seen = false) {
  study::PracticeAnswer one;
  one.trial.unit = {"mixed4a_pre_relu", channel, std::nullopt};
  one.trial.max.centre_distance_px = max_distance_px;
  one.trial.min.centre_distance_px = 50;
  one.trial.max.standard_deviation = max_deviation;
  one.trial.min.standard_deviation = 40;
  one.answer.correct = correct;
  one.answer.truth_seen = truth_seen;
  one.answer.condition = "natural";
  return one;
}

}  // namespace

TEST_CASE("first encounters are counted apart from learning, and the rules answer the same trials") {
  const std::vector<study::PracticeAnswer> answers = {answered(1, true, 60, 30), answered(1, true, 60, 50),
                                                      answered(2, false, 40, 50), answered(3, true, 50, 40)};
  const study::PracticeScore score = study::practice_score(answers);
  REQUIRE(score.all == study::Share{3, 4});
  REQUIRE(score.first == study::Share{2, 3});
  REQUIRE(score.centre == study::Share{2, 3});  // the last trial gives it no opinion
  REQUIRE(score.variance == study::Share{1, 3});
  REQUIRE(score.saliency == study::Share{0, 0});  // not measured: no opinion, no share
  REQUIRE_FALSE(score.saliency.value());
}

TEST_CASE("a unit of an earlier session is no first encounter") {
  const std::vector<study::PracticeAnswer> answers = {answered(1, true, 60, 30), answered(2, true, 60, 30)};
  const std::vector<core::Unit> before = {answers[0].trial.unit};
  REQUIRE(study::practice_score(answers, before).first == study::Share{1, 1});
}

TEST_CASE("a trial whose truth was seen counts nowhere, but its unit is no first encounter afterwards") {
  const std::vector<study::PracticeAnswer> answers = {answered(1, true, 60, 30, true), answered(1, false, 60, 30)};
  const study::PracticeScore score = study::practice_score(answers);
  REQUIRE(score.all == study::Share{0, 1});
  REQUIRE(score.first == study::Share{0, 0});
  REQUIRE(score.centre == study::Share{1, 1});
}

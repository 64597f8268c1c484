#include "engine/practice_run.h"

#include <cmath>

#include "catch.h"
#include "engine/likeness.h"
#include "engine/practice_stage.h"

namespace {

using study::Rule;

std::shared_ptr<const engine::PracticeRunSnapshot> run(const practice_stage::Stage& stage,
                                                       engine::PracticeRequest practice, int questions) {
  engine::PracticeRun job(stage.network, {std::move(practice), questions, {Rule::chance, Rule::oracle, Rule::centre}});
  const core::StopFlag never;
  while (job.step(never) == core::StepOutcome::more) continue;
  return job.snapshot();
}

engine::Features features(std::vector<double> standardized) {
  return {0.0F, std::move(standardized)};
}

}  // namespace

TEST_CASE("observers answer the questions that a person is asked, the same ones from the same seed") {
  const practice_stage::Stage stage;
  const auto first = run(stage, stage.request(std::nullopt, 3), 12);
  REQUIRE(!first->error);
  REQUIRE(first->asked == 12);
  REQUIRE(first->trials.size() == 12);
  for (const engine::RuleScore& one : first->scores) REQUIRE(one.score.of == 12);
  REQUIRE(first->scores[1].score.right > 8);  // who sees the truth through a little noise

  engine::PracticeRequest request = stage.request(std::nullopt, 3);
  engine::Practice practice(stage.network, request);
  int centre = 0;
  for (int number = 0; number < 12; ++number) {
    request.number = number;
    practice.change(request);
    const core::StopFlag never;
    while (practice.step(never) == core::StepOutcome::more) continue;
    const study::Trial& asked = practice.snapshot()->question->trial;
    study::Trial answered = first->trials[static_cast<std::size_t>(number)];
    REQUIRE(answered.references.front().likeness_max.has_value());
    answered.references.front().likeness_min.reset();
    answered.references.front().likeness_max.reset();
    REQUIRE(answered == asked);
    centre += *study::evidence(Rule::centre, asked, "natural") > 0.0 ? 1 : 0;
  }
  REQUIRE(std::abs(first->scores[2].score.right - centre) <= 1);  // who is guided by nothing guesses
}

TEST_CASE("observers stop with a sentence where every picture was asked") {
  const practice_stage::Stage stage;
  const auto all = run(stage, stage.request(core::Unit{"conv", 1, std::nullopt}), 1000);
  REQUIRE(all->error.has_value());
  REQUIRE(all->asked > 0);
  REQUIRE(all->error->why.find("after " + std::to_string(all->asked)) != std::string::npos);
}

TEST_CASE("a picture is the more like the references the more it has of one of them") {
  const std::vector<engine::Features> references = {features({3.0, 4.0}), features({-2.0, 0.0})};
  REQUIRE(engine::likeness(features({3.0, 4.0}), references) == Approx(5.0));
  REQUIRE(engine::likeness(features({1.5, 2.0}), references) == Approx(2.5));
  REQUIRE(engine::likeness(features({-1.0, 0.0}), references) == Approx(1.0));
  REQUIRE(engine::likeness(features({0.0, 0.0}), {features({0.0, 0.0})}) == 0.0);
}

TEST_CASE("what the observer sees of a unit's layer lacks the unit's own channel") {
  const practice_stage::Stage stage;
  const core::Unit unit{"conv", 2, std::nullopt};
  const engine::LayerScale scale = engine::scale_of(*stage.scan, *stage.model->model, unit.layer);
  REQUIRE(scale.mean.size() == 4);
  const core::StopFlag never;
  const core::Image picture = hand_made::picture(practice_stage::kSize, 5);
  const auto seen = engine::features_of(*stage.network, {picture}, unit, scale, never);
  REQUIRE(seen.ok());
  REQUIRE((*seen)[0].activation == Approx(stage.network->respond(picture, unit)->activation));
  for (int channel = 0; channel < 4; ++channel) {
    const double value = (*seen)[0].standardized[static_cast<std::size_t>(channel)];
    if (channel == unit.channel) {
      REQUIRE(value == 0.0);
    } else {
      const double activation =
          static_cast<double>(stage.network->respond(picture, {"conv", channel, std::nullopt})->activation);
      const auto [mean, spread] = stage.scan->spread({"conv", channel, std::nullopt});
      REQUIRE(value == Approx((activation - static_cast<double>(mean)) / static_cast<double>(spread)));
    }
  }
}

#include "study/simulate.h"

#include "catch.h"
#include "study/assignment.h"
#include "study/made_up_trials.h"

namespace {

std::shared_ptr<const study::Experiment> experiment() {
  study::Experiment made = made_up::experiment(18, 1, 10);
  made.tasks = study::assign_tasks(made);
  return std::make_shared<const study::Experiment>(std::move(made));
}

study::Session simulated(study::Rule rule, int participant, const std::string& condition = "natural") {
  const auto session = study::simulate(experiment(), "made up", "hash", {{rule}, condition, participant, 7});
  REQUIRE(session);
  return *session;
}

}  // namespace

TEST_CASE("A simulated session has the rows of a person's, and equal seeds give equal sessions") {
  const study::Session session = simulated(study::Rule::centre, 3);
  REQUIRE(session == simulated(study::Rule::centre, 3));
  REQUIRE(session.answers != simulated(study::Rule::centre, 4).answers);
  REQUIRE(session.header.mode == study::Mode::simulated);
  REQUIRE(session.header.observer == "centre");
  REQUIRE(session.end.complete);
  REQUIRE(session.end.practice_rounds == 1);
  REQUIRE(session.answers.size() == 4 + 21);
  for (const study::Answer& answer : session.answers) {
    REQUIRE(answer.mode == study::Mode::simulated);
    REQUIRE(answer.correct);  // the made-up trials are all of one kind
    REQUIRE(answer.confidence == study::label_of_button(answer.button));
    REQUIRE(answer.rt_ms > 0.0);
  }
  REQUIRE(study::session_from_json(study::to_json(session)).ok());
}

TEST_CASE("No condition is answered by the participants of another") {
  REQUIRE(simulated(study::Rule::chance, 1).header.participant == "chance-natural-0001");
  REQUIRE(simulated(study::Rule::chance, 1, "no_references").header.participant == "chance-none-0001");
}

TEST_CASE("Without references there is no practice, and a condition that is not there is refused by name") {
  REQUIRE(simulated(study::Rule::variance, 1, "none").answers.size() == 21);
  const auto refused = study::simulate(experiment(), "made up", "hash", {{study::Rule::chance}, "telepathy", 1, 0});
  REQUIRE(!refused);
  REQUIRE(refused.error().sentence().find("telepathy") != std::string::npos);
}

TEST_CASE("Times are plausible: most sessions last between 90 and 900 seconds, and some participants hurry") {
  int hurried = 0, usual = 0;
  for (int participant = 1; participant <= 200; ++participant) {
    const study::SessionEnd end = simulated(study::Rule::centre, participant).end;
    hurried += end.instruction_ms < 15000.0 ? 1 : 0;
    usual += end.total_ms > 90000.0 && end.total_ms < 900000.0 ? 1 : 0;
  }
  REQUIRE(hurried > 2);
  REQUIRE(hurried < 25);
  REQUIRE(usual > 170);
}

TEST_CASE("Chance needs more practice rounds than a rule that is right") {
  int rounds = 0;
  for (int participant = 1; participant <= 20; ++participant)
    rounds += simulated(study::Rule::chance, participant).end.practice_rounds;
  REQUIRE(rounds > 60);
}

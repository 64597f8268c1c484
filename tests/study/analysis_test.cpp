// The rules of the analysis on a few sessions each.
#include "study/analysis.h"

#include <algorithm>
#include <cmath>

#include "catch.h"
#include "synthetic_study.h"

namespace {

study::Participation person(const std::string& name, const std::string& condition, const std::vector<bool>& correct) {
  study::Participation session;
  session.participant = name;
  session.session = name + condition;
  session.condition = {condition};
  session.mode = study::Mode::real;
  for (std::size_t i = 0; i < correct.size(); ++i) {
    study::Response response;
    response.correct = correct[i];
    response.trial_key = std::to_string(i);
    response.chose_left = i % 2 == 0;
    session.responses.push_back(response);
  }
  return session;
}

}  // namespace

TEST_CASE("One participant has no error bar but a binomial interval over the trials") {
  study::AnalysisData data;
  std::vector<bool> correct(18, true);
  for (std::size_t i = 0; i < 6; ++i) correct[i] = false;
  data.sessions.push_back(person("p01", "natural", correct));
  const auto one = study::analyse(data, {});
  REQUIRE(one->accuracy[0]->participants == 1);
  REQUIRE(!one->accuracy[0]->two_sem);
  REQUIRE(one->accuracy[0]->over_trials);
  REQUIRE(one->accuracy[0]->ci95 == study::binomial_95(12, 18));
  REQUIRE(!one->kappa.at(0, 0).mean);
  REQUIRE(!one->kappa.at(0, 0).why_not.empty());
}

TEST_CASE("Each rule excludes by its own threshold, conditions without references by shorter ones") {
  study::Participation good = person("good", "natural", {true, false, true, true});
  good.responses[3].catch_trial = true;
  good.instruction_s = 20.0;
  good.total_s = 90.0;
  good.practice_rounds = 5;
  const auto excluded = [&](auto&& change, const std::string& condition = "natural",
                            study::Fidelity fidelity = study::Fidelity::as_intended) {
    study::AnalysisData data;
    study::Participation session = good;
    session.condition = {condition};
    change(session);
    data.sessions = {good, session};
    study::AnalysisOptions options;
    options.fidelity = fidelity;
    const auto result = study::analyse(data, options);
    REQUIRE(!result->sessions[0].excluded);
    REQUIRE(result->sessions[1].excluded == !result->sessions[1].reasons.empty());
    return result->sessions[1].excluded;
  };
  REQUIRE(!excluded([](auto&) {}));
  REQUIRE(excluded([](auto& session) { session.instruction_s = 19.9; }));
  REQUIRE(!excluded([](auto& session) { session.instruction_s = 15.0; }, "none"));
  REQUIRE(excluded([](auto& session) { session.instruction_s = 14.9; }, "none"));
  REQUIRE(excluded([](auto& session) { session.total_s = 89.0; }));
  REQUIRE(!excluded([](auto& session) { session.total_s = 40.0; }, "none"));
  REQUIRE(excluded([](auto& session) { session.total_s = 901.0; }));
  REQUIRE(excluded([](auto& session) { session.practice_rounds = 6; }));
  REQUIRE(excluded([](auto& session) { session.responses[3].correct = false; }));
  REQUIRE(excluded([](auto& session) { session.complete = false; }));
  const auto always_left = [](auto& session) {
    for (study::Response& response : session.responses) response.chose_left = true;
  };
  REQUIRE(excluded(always_left));
  REQUIRE(!excluded(always_left, "natural", study::Fidelity::as_published));
}

TEST_CASE("Practice, repeated answers and answers that could be known are counted and not scored") {
  study::AnalysisData data;
  study::Participation session = person("p", "natural", {true, true, true, true, false});
  session.responses[0].practice = true;
  session.responses[1].repeated = true;
  session.responses[2].truth_seen = true;
  data.sessions.push_back(session);
  const auto result = study::analyse(data, {});
  REQUIRE(result->accuracy[0]->trials == 2);
  REQUIRE(result->accuracy[0]->correct == 1);
  REQUIRE(std::count_if(result->notes.begin(), result->notes.end(),
                        [](const std::string& note) { return note.find("1 answer") == 0; }) == 3);
}

TEST_CASE("People and observers in one folder are never pooled, and their labels say who is who") {
  study::AnalysisData data;
  data.sessions.push_back(person("p01", "natural", {true, false}));
  data.sessions.push_back(person("p01", "natural", {true, true}));
  data.sessions[1].mode = study::Mode::simulated;
  data.sessions[1].observer = "centre";
  const auto result = study::analyse(data, {});
  REQUIRE(result->series.size() == 2);
  REQUIRE(result->series[0].label == "natural (real)");
  REQUIRE(result->series[1].label == "natural (centre)");
  REQUIRE(result->accuracy[0]->trials == 2);
}

TEST_CASE("Kappa is printed times 100, cut toward zero as published and rounded as intended") {
  study::KappaCell cell;
  cell.mean = -0.0196;
  cell.two_sem = 0.0578;
  REQUIRE(study::kappa_text(cell, study::Fidelity::as_published) == "-1±5");
  REQUIRE(study::kappa_text(cell, study::Fidelity::as_intended) == "-2±6");
  cell.mean.reset();
  REQUIRE(study::kappa_text(cell, study::Fidelity::as_published) == "–");
}

TEST_CASE("The printed kappa cells of the published figure are reproduced from their unrounded values") {
  study::KappaCell cell;
  cell.mean = 0.29996;  // rounds to 30.00 before it is cut
  REQUIRE(study::kappa_text(cell, study::Fidelity::as_published) == "30");
}

TEST_CASE("Nothing to analyse, or a column that is no condition, is one sentence") {
  REQUIRE(!study::analyse({}, {}));
  study::AnalysisData data;
  for (int i = 0; i < 100; ++i) data.sessions.push_back(person("p" + std::to_string(i), std::to_string(i), {true}));
  const auto refused = study::analyse(data, {});
  REQUIRE(!refused);
  REQUIRE(refused.error().sentence().find("60 different conditions") != std::string::npos);
}

TEST_CASE("Digits in names compare as numbers") {
  study::AnalysisData data;
  for (const char* condition : {"r10", "r9", "r2"})
    data.sessions.push_back(person(condition, condition, {true, false}));
  const auto result = study::analyse(data, {});
  REQUIRE(result->series[0].label == "r2");
  REQUIRE(result->series[2].label == "r10");
}

TEST_CASE("People are not tested against a rule, and who is in two conditions is left out of their test aloud") {
  study::AnalysisData data;
  for (int i = 0; i < 10; ++i)
    for (const char* condition : {"none", "natural"}) {
      data.sessions.push_back(person("p" + std::to_string(i) + condition, condition, {true, i % 2 == 0}));
      data.sessions.push_back(person("c" + std::to_string(i), condition, {true, i % 3 == 0}));
      data.sessions.back().mode = study::Mode::simulated;
      data.sessions.back().observer = "chance";
    }
  data.sessions.push_back(person("p3none", "natural", {true, true}));
  const auto result = study::analyse(data, {});
  REQUIRE(result->series.size() == 4);
  REQUIRE(result->between.size() == 2);
  const auto& people = result->between[0].test ? result->between[0] : result->between[1];
  const auto& rules = result->between[0].test ? result->between[1] : result->between[0];
  REQUIRE(people.test);
  REQUIRE(people.left_out == 1);
  REQUIRE(people.p_corrected == people.test->p);
  REQUIRE(rules.why_not.find("within") != std::string::npos);
  REQUIRE(std::count_if(result->notes.begin(), result->notes.end(), [](const std::string& note) {
            return note.find("1 participant in both") != std::string::npos;
          }) == 1);
  // Ten observers are in both conditions, one person is.
  REQUIRE(result->within.participants == 10);
}

TEST_CASE("Accuracy on catch trials is of those who missed them, too") {
  study::AnalysisData data;
  for (const bool caught : {true, false}) {
    study::Participation session = person(caught ? "a" : "b", "natural", {true, true, caught, caught});
    session.responses[2].catch_trial = session.responses[3].catch_trial = true;
    session.instruction_s = 30.0;
    data.sessions.push_back(session);
  }
  const auto result = study::analyse(data, {});
  REQUIRE(result->accuracy[0]->participants == 1);
  REQUIRE(result->catch_accuracy[0]->participants == 2);
  REQUIRE(result->catch_accuracy[0]->mean == 0.5);
  REQUIRE(result->footnote.find("1 participant,") != std::string::npos);
  data.sessions[1].instruction_s = 14.0;
  REQUIRE(study::analyse(data, {})->catch_accuracy[0]->participants == 1);
}

TEST_CASE("Where everybody is excluded, who and why is said, and how to keep them") {
  study::AnalysisData data;
  for (const char* name : {"a", "b"}) data.sessions.push_back(person(name, "natural", {true, false}));
  data.sessions[0].instruction_s = 3.0;
  data.sessions[1].total_s = 5.0;
  const auto refused = study::analyse(data, {});
  REQUIRE(!refused);
  const std::string sentence = refused.error().sentence();
  INFO(sentence);
  for (const char* part : {"2 excluded", "anatural read the instructions", "bnatural took", "--keep-all"})
    REQUIRE(sentence.find(part) != std::string::npos);
}

TEST_CASE("Few resamples are enough for an interval, and imported answers are called so") {
  study::AnalysisData data;
  for (const char* name : {"a", "b", "c"}) {
    data.sessions.push_back(person(name, "natural", {true, false}));
    data.sessions.back().mode.reset();
  }
  study::AnalysisOptions options;
  options.resamples = 10;
  const auto result = study::analyse(data, options);
  REQUIRE(result->accuracy[0]->ci95.low <= result->accuracy[0]->mean);
  REQUIRE(result->footnote.find("imported") == 0);
}

TEST_CASE("The same trial counts once for a participant, in whichever session it was answered") {
  study::AnalysisData data;
  data.sessions.push_back(person("a", "natural", {true, false}));
  data.sessions.push_back(person("a", "natural", {false, false, true}));
  data.sessions.push_back(person("b", "natural", {true, true}));
  study::flag_repeats(data);
  REQUIRE(!data.sessions[0].responses[0].repeated);
  REQUIRE(data.sessions[1].responses[0].repeated);
  REQUIRE(data.sessions[1].responses[1].repeated);
  REQUIRE(!data.sessions[1].responses[2].repeated);
  REQUIRE(!data.sessions[2].responses[0].repeated);
}

TEST_CASE("A practice session that changed its references is a participation in each condition") {
  study::Session session;
  session.header.condition = "natural";
  session.header.mode = study::Mode::practice;
  session.end.complete = true;
  for (const char* condition : {"natural", "none", "natural"}) {
    study::Answer answer;
    answer.condition = condition;
    answer.is_demo = true;
    session.answers.push_back(answer);
  }
  study::AnalysisData data;
  study::add_session(data, session);
  REQUIRE(data.sessions.size() == 2);
  REQUIRE(data.sessions[0].responses.size() == 2);
  REQUIRE(data.sessions[1].condition == std::vector<std::string>{"none"});
  REQUIRE(data.notes.size() == 1);
  REQUIRE(data.notes[0].find("no experiment") != std::string::npos);
}

#include "study/analysis.h"

#include <algorithm>
#include <cmath>

#include "catch.h"
#include "expected.h"
#include "synthetic_study.h"

namespace {

using nlohmann::json;
constexpr double kClose = 1e-9;

const json& expected() {
  static const json values = expected_values("analysis_expected");
  return values;
}
const study::Analysis& analysis() {
  static const study::Analysis result = *study::analyse(synthetic::synthetic_study(), {});
  return result;
}

int series_of(const study::Analysis& of, const std::string& label) {
  for (std::size_t i = 0; i < of.series.size(); ++i)
    if (of.series[i].label == label) return static_cast<int>(i);
  FAIL("no series " << label);
  return -1;
}

void require_close(double value, double wanted, double tolerance = kClose) {
  INFO(value << " instead of " << wanted);
  REQUIRE(std::fabs(value - wanted) <= tolerance);
}

void require_accuracy(const study::Accuracy& accuracy, const json& wanted) {
  REQUIRE(accuracy.participants == wanted["participants"]);
  REQUIRE(accuracy.trials == wanted["trials"]);
  REQUIRE(accuracy.correct == wanted["correct"]);
  require_close(accuracy.mean, wanted["mean"]);
  require_close(*accuracy.two_sem, wanted["two_sem"]);
  require_close(accuracy.p_chance, wanted["p_chance"]);
  // Two bootstraps with random numbers of their own; shares come in steps of about one trial.
  const double margin = 0.06 * accuracy.two_sem.value() + 1.5 / accuracy.trials;
  require_close(accuracy.ci95.low, wanted["ci95"][0], margin);
  require_close(accuracy.ci95.high, wanted["ci95"][1], margin);
}

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

TEST_CASE("Exclusions of 250 sessions are those of an independent program, in the published order of conditions") {
  REQUIRE(analysis().series.size() == 5);
  REQUIRE(analysis().series.front().label == "none");
  for (const auto& [condition, count] : expected()["excluded"].items()) {
    const int series = series_of(analysis(), condition);
    const auto excluded = std::count_if(analysis().sessions.begin(), analysis().sessions.end(),
                                        [&](const auto& one) { return one.series == series && one.excluded; });
    REQUIRE(excluded == count.get<int>());
  }
}

TEST_CASE("Accuracies, errors and intervals of 50 × 5 × 21 trials are those of an independent program") {
  for (const json& wanted : expected()["accuracy"])
    require_accuracy(*analysis().accuracy[static_cast<std::size_t>(series_of(analysis(), wanted["condition"]))],
                     wanted);
}

TEST_CASE("Accuracies by layer, branch and image set are those of an independent program") {
  int compared = 0;
  for (const char* factor : {"layer", "branch", "image set"})
    for (const json& wanted : expected()[factor])
      for (const study::BreakdownCell& cell : analysis().breakdown) {
        if (study::to_string(cell.factor) != factor || cell.value != wanted["value"].get<std::string>() ||
            cell.series != series_of(analysis(), wanted["condition"]))
          continue;
        require_accuracy(cell.accuracy, wanted);
        ++compared;
      }
  REQUIRE(compared ==
          static_cast<int>(expected()["layer"].size() + expected()["branch"].size() + expected()["image set"].size()));
}

TEST_CASE("Accuracy against relative difference: correlation and five bins are SciPy's") {
  for (const json& wanted : expected()["relations"]) {
    const auto found = std::find_if(analysis().relations.begin(), analysis().relations.end(), [&](const auto& one) {
      if (one.difficulty != study::Difficulty::relative) return false;
      if (wanted["condition"].is_null()) return !one.series;
      return one.series && *one.series == series_of(analysis(), wanted["condition"]);
    });
    REQUIRE(found != analysis().relations.end());
    REQUIRE(found->points == wanted["points"]);
    require_close(found->correlation->rho, wanted["rho"]);
    require_close(found->correlation->p, wanted["p"]);
    for (std::size_t i = 0; i < 5; ++i) {
      require_close(found->bins[i].low, wanted["edges"][i]);
      require_close(found->bins[i].mean, wanted["means"][i]);
      require_close(*found->bins[i].standard_deviation, wanted["sds"][i]);
    }
  }
}

TEST_CASE("Confidence as people saw it and as published, and reaction times, are those of an independent program") {
  const auto cell_of = [](const std::vector<study::ConfidenceCell>& cells, int series, int confidence) {
    return *std::find_if(cells.begin(), cells.end(),
                         [&](const auto& cell) { return cell.series == series && cell.confidence == confidence; });
  };
  for (const json& wanted : expected()["confidence"]) {
    const int series = series_of(analysis(), wanted["condition"]);
    const auto seen = cell_of(analysis().confidence, series, wanted["label"]);
    require_close(seen.share, wanted["share"]);
    require_close(*seen.share_two_sem, wanted["share_two_sem"]);
    require_close(*seen.accuracy, wanted["accuracy"]);
    require_close(*seen.accuracy_two_sem, wanted["accuracy_two_sem"]);
    const auto published = cell_of(analysis().published_confidence, series, wanted["label"]);
    require_close(published.share, wanted["published_share"]);
    require_close(*published.share_two_sem, wanted["published_share_two_sem"]);
  }
  for (const json& wanted : expected()["reaction_time"]) {
    const auto found = std::find_if(analysis().reaction_times.begin(), analysis().reaction_times.end(),
                                    [&](const study::ReactionTime& one) {
                                      return one.series == series_of(analysis(), wanted["condition"]) &&
                                             to_string(one.which) == wanted["which"].get<std::string>();
                                    });
    require_close(found->mean_s, wanted["mean"]);
    require_close(found->median_s, wanted["median"]);
    require_close(*found->two_sem_s, wanted["two_sem"]);
  }
}

TEST_CASE("Baselines and the kappa matrix are those of an independent program") {
  const std::vector<std::string> rules = {"centre", "published_centre", "variance", "saliency"};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    REQUIRE(expected()["baselines"][i]["name"] == rules[i]);
    require_close(*analysis().baselines[i].mean, expected()["baselines"][i]["mean"]);
  }
  REQUIRE(!analysis().baselines.back().mean);  // no trial has a mask
  REQUIRE(!analysis().baselines.back().why_not.empty());

  const study::KappaMatrix& matrix = analysis().kappa;
  REQUIRE(matrix.names.size() == 9);
  const auto place = [&](const std::string& name) {
    const auto rule = std::find(rules.begin(), rules.end(), name);
    return rule == rules.end() ? static_cast<std::size_t>(series_of(analysis(), name))
                               : 5 + static_cast<std::size_t>(rule - rules.begin());
  };
  for (const json& wanted : expected()["kappa"]) {
    const study::KappaCell& cell = matrix.at(place(wanted["a"]), place(wanted["b"]));
    INFO(wanted.dump());
    REQUIRE(cell.pairs == wanted["pairs"]);
    require_close(*cell.mean, wanted["mean"]);
    require_close(*cell.two_sem, wanted["two_sem"]);
    REQUIRE(*matrix.at(place(wanted["b"]), place(wanted["a"])).mean == *cell.mean);
  }
}

TEST_CASE("Differences between conditions: permutation tests near an independent program's, Bonferroni over ten") {
  REQUIRE(analysis().between.size() == 10);
  for (const json& wanted : expected()["between"]) {
    const auto found =
        std::find_if(analysis().between.begin(), analysis().between.end(), [&](const study::BetweenTest& test) {
          return test.a == series_of(analysis(), wanted["a"]) && test.b == series_of(analysis(), wanted["b"]);
        });
    require_close(found->test->difference, wanted["difference"]);
    require_close(found->test->p, wanted["p"], 0.015);
    require_close(found->p_corrected, std::min(1.0, 10.0 * found->test->p));
  }
  REQUIRE(!analysis().within.anova);
  REQUIRE(!analysis().within.why_not.empty());
}

TEST_CASE("The same people in all conditions are compared within: repeated measures, and no test between") {
  study::AnalysisOptions everyone;
  everyone.exclude = false;
  everyone.resamples = 100;
  const auto within = study::analyse(synthetic::synthetic_study(/*within=*/true), everyone);
  REQUIRE(within->within.participants == synthetic::kParticipants);
  const json& wanted = expected()["within"];
  require_close(within->within.anova->f, wanted["f"]);
  require_close(within->within.anova->p, wanted["p"]);
  for (std::size_t i = 0; i < wanted["pairs"].size(); ++i) {
    require_close(within->within.anova->pairs[i].t, wanted["pairs"][i]["t"]);
    require_close(within->within.anova->pairs[i].p_corrected, wanted["pairs"][i]["p_corrected"]);
  }
  for (const study::BetweenTest& test : within->between) REQUIRE(!test.test);
}

TEST_CASE("The order of sessions changes no number") {
  study::AnalysisData data = synthetic::synthetic_study();
  std::reverse(data.sessions.begin(), data.sessions.end());
  const auto reversed = study::analyse(data, {});
  REQUIRE(reversed->series == analysis().series);
  for (std::size_t i = 0; i < 5; ++i) {
    REQUIRE(reversed->accuracy[i]->correct == analysis().accuracy[i]->correct);
    REQUIRE(*reversed->accuracy[i]->two_sem == Approx(*analysis().accuracy[i]->two_sem));
    REQUIRE(*reversed->kappa.at(i, i).mean == Approx(*analysis().kappa.at(i, i).mean));
  }
}

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

TEST_CASE("Histograms hold every session once and show the cut-offs in use") {
  const auto& histograms = analysis().histograms;
  REQUIRE(histograms.size() == 3);
  for (const study::Histogram& histogram : {histograms[0], histograms[1]}) {
    int counted = 0;
    for (std::size_t i = 0; i < histogram.kept.size(); ++i) counted += histogram.kept[i] + histogram.excluded[i];
    REQUIRE(counted == 250);
    REQUIRE(histogram.edges.size() == histogram.kept.size() + 1);
  }
  REQUIRE(histograms[0].cut_offs.size() == 2);  // 20 s, and 15 s without references
  REQUIRE(histograms[1].cut_offs.size() == 3);
  REQUIRE(histograms[2].cut_offs.empty());
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

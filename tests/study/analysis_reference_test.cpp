// The analysis of 250 made-up sessions against what an independent program (NumPy, SciPy) works out of them.
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

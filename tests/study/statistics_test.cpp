#include "study/statistics.h"

#include <cmath>

#include "base/rng.h"
#include "catch.h"
#include "expected.h"

namespace {

using nlohmann::json;
constexpr double kClose = 1e-10;

const json& expected() {
  static const json values = expected_values("statistics_expected");
  return values;
}

std::vector<double> list(const char* key) {
  return expected()[key].get<std::vector<double>>();
}

void require_close(double value, double wanted) {
  INFO(value << " instead of " << wanted);
  REQUIRE(std::fabs(value - wanted) <= kClose * std::max(1.0, std::fabs(wanted)));
}

}  // namespace

TEST_CASE("Mean, deviations, errors and quantiles are NumPy's") {
  const auto x = list("x");
  require_close(study::mean(x), expected()["mean"]);
  require_close(*study::standard_deviation(x, 0), expected()["sd0"]);
  require_close(*study::standard_deviation(x, 1), expected()["sd1"]);
  require_close(*study::two_sem(x), expected()["two_sem"]);
  std::size_t i = 0;
  for (const double share : {0.0, 0.025, 0.31, 0.5, 0.975, 1.0})
    require_close(study::quantile(x, share, study::QuantileRule::linear), expected()["quantiles_linear"][i++]);
}

TEST_CASE("One value has no error, and none has no deviation") {
  REQUIRE(!study::two_sem(std::vector<double>{0.7}));
  REQUIRE(!study::standard_deviation(std::vector<double>{0.7}, 1));
  REQUIRE(*study::standard_deviation(std::vector<double>{0.7}, 0) == 0.0);
  REQUIRE(!study::standard_deviation(std::vector<double>{}, 0));
}

TEST_CASE("Five bins are cut where SciPy's mquantiles cuts, and hold what its binned statistic says") {
  const auto bins = study::quantile_bins(list("x"), list("y"), 5);
  REQUIRE(bins.size() == 5);
  int counted = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    require_close(bins[i].low, expected()["bin_edges"][i]);
    require_close(bins[i].high, expected()["bin_edges"][i + 1]);
    require_close(bins[i].mean, expected()["bin_means"][i]);
    require_close(*bins[i].standard_deviation, expected()["bin_sds"][i]);
    counted += bins[i].count;
  }
  REQUIRE(counted == 40);
}

TEST_CASE("Bins of equal values hold every value once") {
  const std::vector<double> x(7, 2.0), y = {1, 0, 1, 0, 1, 0, 1};
  const auto bins = study::quantile_bins(x, y, 5);
  int counted = 0;
  for (const study::Bin& bin : bins) counted += bin.count;
  REQUIRE(counted == 7);
}

TEST_CASE("Special functions and distributions are SciPy's") {
  for (const json& one : expected()["beta"])
    require_close(study::incomplete_beta(one["a"], one["b"], one["x"]), one["value"]);
  for (const json& one : expected()["log_gamma"]) require_close(study::log_gamma(one["x"]), one["value"]);
  for (const json& one : expected()["f_tail"])
    require_close(study::f_tail(one["f"], one["numerator"], one["denominator"]), one["value"]);
  for (const json& one : expected()["t_two_sided"])
    require_close(study::t_two_sided(one["t"], one["freedom"]), one["value"]);
}

TEST_CASE("Exact binomial intervals and tests are SciPy's") {
  for (const json& one : expected()["binomial"]) {
    const auto interval = study::binomial_95(one["successes"], one["trials"]);
    require_close(interval.low, one["low"]);
    require_close(interval.high, one["high"]);
    require_close(study::binomial_test(one["successes"], one["trials"], one["share"]), one["p"]);
  }
}

TEST_CASE("A bootstrap is seeded, and its interval is about four standard errors wide") {
  base::Rng rng(3);
  std::vector<study::Score> scores;
  std::vector<double> shares;
  for (int i = 0; i < 100; ++i) {
    scores.push_back({10 + rng.below(11), 20});
    shares.push_back(scores.back().correct / 20.0);
  }
  const auto interval = study::bootstrap_95(scores, 10000, 5);
  REQUIRE(interval == study::bootstrap_95(scores, 10000, 5));
  REQUIRE(interval != study::bootstrap_95(scores, 10000, 6));
  const double error = *study::two_sem(shares) / 2.0;
  REQUIRE((interval.high - interval.low) / (2.0 * 1.96 * error) == Approx(1.0).margin(0.05));
  REQUIRE(0.5 * (interval.low + interval.high) == Approx(study::mean(shares)).margin(0.2 * error));
}

TEST_CASE("Participants who all score the same leave a bootstrap nothing to vary") {
  const std::vector<study::Score> scores(12, {3, 4});
  const auto interval = study::bootstrap_95(scores, 200, 0);
  REQUIRE(interval.low == 0.75);
  REQUIRE(interval.high == 0.75);
}

TEST_CASE("Spearman's correlation is SciPy's, with and without ties") {
  const auto plain = study::spearman(list("x"), list("y"));
  require_close(plain->rho, expected()["spearman"][0]);
  require_close(plain->p, expected()["spearman"][1]);
  const auto tied = study::spearman(list("tied_x"), list("tied_y"));
  require_close(tied->rho, expected()["spearman_tied"][0]);
  require_close(tied->p, expected()["spearman_tied"][1]);
}

TEST_CASE("A correlation depends on order only, changes sign with it, and needs variation") {
  const auto x = list("x"), y = list("y");
  std::vector<double> stretched, backwards;
  for (const double value : x) stretched.push_back(std::exp(3.0 * value));
  for (const double value : y) backwards.push_back(-value);
  REQUIRE(study::spearman(stretched, y) == study::spearman(x, y));
  REQUIRE(study::spearman(x, backwards)->rho == Approx(-study::spearman(x, y)->rho));
  REQUIRE(study::spearman(x, x)->rho == 1.0);
  REQUIRE(!study::spearman(x, std::vector<double>(x.size(), 1.0)));
  REQUIRE(!study::spearman(std::vector<double>{1, 2}, std::vector<double>{1, 2}));
}

TEST_CASE("A permutation test of few participants tries all groupings and is exact") {
  const auto test = study::permutation_test(list("a"), list("b"), 10000, 0);
  REQUIRE(test.exact);
  require_close(test.difference, expected()["permutation"]["difference"]);
  require_close(test.p, expected()["permutation"]["p"]);
}

TEST_CASE("A permutation test by draws comes near the exact one, is seeded, and never says zero") {
  const auto exact = study::permutation_test(list("a"), list("b"), 10000, 0);
  const auto drawn = study::permutation_test(list("a"), list("b"), 1700, 1);  // fewer than the 1716 groupings
  REQUIRE(!drawn.exact);
  REQUIRE(drawn.p == Approx(exact.p).margin(0.04));
  REQUIRE(drawn == study::permutation_test(list("a"), list("b"), 1700, 1));
  const std::vector<double> low(20, 0.1), high(20, 0.9);
  REQUIRE(study::permutation_test(low, high, 500, 2).p == Approx(1.0 / 501.0));
  REQUIRE(study::permutation_test(low, low, 500, 2).p == 1.0);
}

TEST_CASE("Repeated-measures analysis and its pairwise tests are those of least squares") {
  const auto anova = study::repeated_measures_anova(expected()["table"].get<std::vector<std::vector<double>>>());
  const json& wanted = expected()["anova"];
  require_close(anova->f, wanted["f"]);
  require_close(anova->p, wanted["p"]);
  REQUIRE(anova->numerator == wanted["numerator"]);
  REQUIRE(anova->denominator == wanted["denominator"]);
  REQUIRE(anova->pairs.size() == wanted["pairs"].size());
  for (std::size_t i = 0; i < anova->pairs.size(); ++i) {
    REQUIRE(anova->pairs[i].a == wanted["pairs"][i]["a"]);
    REQUIRE(anova->pairs[i].b == wanted["pairs"][i]["b"]);
    require_close(anova->pairs[i].t, wanted["pairs"][i]["t"]);
    require_close(anova->pairs[i].p, wanted["pairs"][i]["p"]);
    require_close(anova->pairs[i].p_corrected, wanted["pairs"][i]["p_corrected"]);
  }
}

TEST_CASE("With two conditions the analysis is the paired t test: F is t squared, with the same p") {
  const auto anova = study::repeated_measures_anova({{0.5, 0.7}, {0.6, 0.6}, {0.4, 0.8}, {0.5, 0.6}});
  REQUIRE(anova->pairs.front().t * anova->pairs.front().t == Approx(anova->f));
  REQUIRE(anova->pairs.front().p == Approx(anova->p));
}

TEST_CASE("What one participant does to each condition alike changes no repeated-measures result") {
  auto table = expected()["table"].get<std::vector<std::vector<double>>>();
  const double f = study::repeated_measures_anova(table)->f;
  for (double& value : table[3]) value += 0.37;
  REQUIRE(study::repeated_measures_anova(table)->f == Approx(f));
}

TEST_CASE("There is no repeated-measures result without error, or for one participant or condition") {
  REQUIRE(!study::repeated_measures_anova({{0.5, 0.7}, {0.6, 0.8}}));
  REQUIRE(!study::repeated_measures_anova({{0.5, 0.7}}));
  REQUIRE(!study::repeated_measures_anova({{0.5}, {0.7}}));
  REQUIRE(!study::repeated_measures_anova({}));
}

TEST_CASE("Kappa is 1 for equal answers, −1 for opposite halves, 0 where agreement is as by chance") {
  REQUIRE(study::cohens_kappa({true, false, true, false}, {true, false, true, false}).value == 1.0);
  REQUIRE(study::cohens_kappa({true, false, true, false}, {false, true, false, true}).value == -1.0);
  REQUIRE(study::cohens_kappa({true, true, false, false}, {true, false, true, false}).value == 0.0);
  // By hand: 12 of 18 equal, both right in 10: p = 0.6111 and 0.7222.
  std::vector<bool> a, b;
  for (int i = 0; i < 18; ++i) {
    a.push_back(i < 11);
    b.push_back(i < 9 || (i >= 11 && i < 15));
  }
  const double expected_agreement = 11.0 / 18 * 13.0 / 18 + 7.0 / 18 * 5.0 / 18;
  REQUIRE(study::cohens_kappa(a, b).value == Approx((12.0 / 18 - expected_agreement) / (1 - expected_agreement)));
}

TEST_CASE("Two who are always right agree by definition, and so do two who are always wrong; one alone does not") {
  const std::vector<bool> right(5, true), wrong(5, false);
  for (const auto& [a, b] : {std::pair(right, right), std::pair(wrong, wrong)}) {
    REQUIRE(study::cohens_kappa(a, b).value == 1.0);
    REQUIRE(study::cohens_kappa(a, b).by_definition);
  }
  REQUIRE(study::cohens_kappa(right, wrong).value == 0.0);
  REQUIRE(study::cohens_kappa(right, {true, false, true, true, false}).value == 0.0);
  REQUIRE(!study::cohens_kappa(right, wrong).by_definition);
}

TEST_CASE("Bonferroni multiplies by the comparisons and stops at 1") {
  REQUIRE(study::bonferroni(0.01, 3) == Approx(0.03));
  REQUIRE(study::bonferroni(0.6, 3) == 1.0);
  REQUIRE(study::bonferroni(0.2, 0) == 0.2);
}

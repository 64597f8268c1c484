// The numbers that an analysis is made of: means and their errors, intervals, tests, agreement. Pure functions of plain
// lists; what is not defined (one value, no variation) is absent, never NaN. Random ones take a seed and give the same
// numbers everywhere. Nothing here knows a trial. Any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace study {

struct Interval {
  double low = 0.0, high = 0.0;
  bool operator==(const Interval&) const = default;
};

// ---- descriptions ------------------------------------------------------------------------------------------------

double mean(std::span<const double> values);  // needs one value
// Divides by n − ddof; absent where that is not positive.
std::optional<double> standard_deviation(std::span<const double> values, int ddof);
// Twice the standard error of the mean with the population's deviation (ddof 0) by √n, the studies' error bar (protocol
// 1.12). Absent for one value, of which the formula would claim an error of 0.
std::optional<double> two_sem(std::span<const double> values);

enum class QuantileRule {
  linear,    // between order statistics at (n − 1)·share, NumPy's default
  published  // at 0.4 + share·(n + 0.2), SciPy's mquantiles, which cut the published bins
};
double quantile(std::span<const double> values, double share, QuantileRule rule);  // share in 0 … 1; needs one value

struct Bin {
  double low = 0.0, high = 0.0;  // edges; the last bin holds its upper edge, the others do not
  int count = 0;
  double mean = 0.0;                         // of y; 0 in an empty bin
  std::optional<double> standard_deviation;  // of y, ddof 0; absent in an empty bin
  bool operator==(const Bin&) const = default;
};
// `bins` bins of x with equally many values each, and what y is in them. Equal values of x may leave bins empty.
std::vector<Bin> quantile_bins(std::span<const double> x, std::span<const double> y, int bins);

// ---- shares ------------------------------------------------------------------------------------------------------

struct Score {  // of one participant
  int correct = 0, trials = 0;
  bool operator==(const Score&) const = default;
};
// Of the pooled share Σ correct / Σ trials when whole participants are drawn anew with replacement: its 2.5th
// and 97.5th percentile over `resamples` draws. Needs a participant with a trial.
Interval bootstrap_95(std::span<const Score> participants, int resamples, std::uint64_t seed);
// The exact interval of a share (Clopper & Pearson 1934), 95 %.
Interval binomial_95(int successes, int trials);
// Two-sided exact test: the probability of all outcomes that are at most as probable as this one. 1 of no trials.
double binomial_test(int successes, int trials, double share);

// ---- distributions -----------------------------------------------------------------------------------------------

double log_gamma(double x);                                     // x > 0
double incomplete_beta(double a, double b, double x);           // regularized I_x(a, b); a, b > 0, x in 0 … 1
double f_tail(double f, double numerator, double denominator);  // P(F ≥ f) for these degrees of freedom
double t_two_sided(double t, double freedom);                   // P(|T| ≥ |t|)

// ---- relations and differences -----------------------------------------------------------------------------------

struct Correlation {
  double rho = 0.0;
  double p = 1.0;  // two-sided, by Student's t with n − 2 degrees of freedom
  int n = 0;
  bool operator==(const Correlation&) const = default;
};
// Spearman's, equal values share their mean rank. Absent for fewer than three pairs or where one side does not vary.
std::optional<Correlation> spearman(std::span<const double> x, std::span<const double> y);

struct PermutationTest {
  double difference = 0.0;  // mean of a − mean of b
  double p = 1.0;           // two-sided
  bool exact = false;       // all groupings were tried, not a draw of them
  bool operator==(const PermutationTest&) const = default;
};
// Whether two groups of participants differ, by relabelling them: all groupings where there are at most `draws`, else
// that many at random, the observed one counted in. Needs one value on each side.
PermutationTest permutation_test(std::span<const double> a, std::span<const double> b, int draws, std::uint64_t seed);

double bonferroni(double p, int comparisons);  // at most 1

struct PairwiseT {
  int a = 0, b = 0;         // columns
  double difference = 0.0;  // mean of a − mean of b
  double t = 0.0;
  double p = 1.0;            // two-sided, not corrected
  double p_corrected = 1.0;  // by Bonferroni over all pairs
  bool operator==(const PairwiseT&) const = default;
};
struct RepeatedAnova {
  double f = 0.0;
  int numerator = 0, denominator = 0;  // degrees of freedom: k − 1 and (k − 1)(n − 1)
  double p = 1.0;
  std::vector<PairwiseT> pairs;  // with the error of the whole analysis (protocol 2.5)
  bool operator==(const RepeatedAnova&) const = default;
};
// One way, repeated measures: one row a participant, one column a condition. Absent for fewer than two of either, or
// where nothing is left once participants and conditions are taken out (no error to measure by).
std::optional<RepeatedAnova> repeated_measures_anova(const std::vector<std::vector<double>>& rows);

// Cohen's kappa of two lists of right and wrong answers to the same trials: (agreement − expected) / (1 − expected),
// where expected comes from the two shares of right answers. Where chance alone would agree always, that is, both are
// always right or both always wrong, the formula is 0/0; it is 1 here, because they do agree on every trial, and
// `by_definition` says so. Needs one trial, equal lengths.
struct Kappa {
  double value = 0.0;
  bool by_definition = false;
  bool operator==(const Kappa&) const = default;
};
Kappa cohens_kappa(const std::vector<bool>& a, const std::vector<bool>& b);

}  // namespace study

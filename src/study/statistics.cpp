#include "study/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/check.h"
#include "base/rng.h"

namespace study {
namespace {

// The continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8), from its start by Lentz's
// method. It converges fast for x < (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  constexpr double kPrecision = 1e-15;
  const auto away_from_zero = [](double value) { return std::fabs(value) < kTiny ? kTiny : value; };
  double c = 1.0;
  double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
  double fraction = d;
  for (int m = 1; m <= 100000; ++m) {
    const double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    d = 1.0 / away_from_zero(1.0 + even * d);
    c = away_from_zero(1.0 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    d = 1.0 / away_from_zero(1.0 + odd * d);
    c = away_from_zero(1.0 + odd / c);
    fraction *= d * c;
    if (std::fabs(d * c - 1.0) < kPrecision) break;
  }
  return fraction;
}

// The x at which the incomplete beta function has this value, by halving.
double inverse_incomplete_beta(double a, double b, double value) {
  double low = 0.0, high = 1.0;
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = 0.5 * (low + high);
    if (middle == low || middle == high) break;
    (incomplete_beta(a, b, middle) < value ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double log_binomial(int successes, int trials, double share) {
  if (share <= 0.0) return successes == 0 ? 0.0 : -std::numeric_limits<double>::infinity();
  if (share >= 1.0) return successes == trials ? 0.0 : -std::numeric_limits<double>::infinity();
  return log_gamma(trials + 1.0) - log_gamma(successes + 1.0) - log_gamma(trials - successes + 1.0) +
         successes * std::log(share) + (trials - successes) * std::log1p(-share);
}

double percentile_of_sorted(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

double mean(std::span<const double> values) {
  CHECK(!values.empty(), "a mean needs a value");
  // From the first value on, so that equal values have exactly their value as mean and no deviation.
  double sum = 0.0;
  for (const double value : values) sum += value - values.front();
  return values.front() + sum / static_cast<double>(values.size());
}

std::optional<double> standard_deviation(std::span<const double> values, int ddof) {
  const double divisor = static_cast<double>(values.size()) - ddof;
  if (divisor <= 0.0) return std::nullopt;
  const double centre = mean(values);
  double squares = 0.0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return std::sqrt(squares / divisor);
}

std::optional<double> two_sem(std::span<const double> values) {
  if (values.size() < 2) return std::nullopt;
  return 2.0 * *standard_deviation(values, 0) / std::sqrt(static_cast<double>(values.size()));
}

double quantile(std::span<const double> values, double share, QuantileRule rule) {
  CHECK(!values.empty() && share >= 0.0 && share <= 1.0, "a quantile needs a value and a share of 0 to 1");
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  if (rule == QuantileRule::linear) return percentile_of_sorted(sorted, share);
  // Counted from 1; what lies before the first or behind the last value is that value.
  const auto n = static_cast<double>(sorted.size());
  if (sorted.size() == 1) return sorted.front();
  const double place = n * share + 0.4 + share * 0.2;
  const double whole = std::clamp(std::floor(place), 1.0, n - 1.0);
  const double part = std::clamp(place - whole, 0.0, 1.0);
  const auto index = static_cast<std::size_t>(whole);
  return (1.0 - part) * sorted[index - 1] + part * sorted[index];
}

std::vector<Bin> quantile_bins(std::span<const double> x, std::span<const double> y, int bins) {
  CHECK(x.size() == y.size() && bins > 0, "bins need as many y as x");
  if (x.empty()) return {};
  std::vector<Bin> result(static_cast<std::size_t>(bins));
  for (int i = 0; i < bins; ++i) {
    Bin& bin = result[static_cast<std::size_t>(i)];
    bin.low = i == 0 ? quantile(x, 0.0, QuantileRule::published) : result[static_cast<std::size_t>(i - 1)].high;
    bin.high = quantile(x, static_cast<double>(i + 1) / bins, QuantileRule::published);
    std::vector<double> inside;
    for (std::size_t k = 0; k < x.size(); ++k)
      if (x[k] >= bin.low && (x[k] < bin.high || (i == bins - 1 && x[k] <= bin.high))) inside.push_back(y[k]);
    bin.count = static_cast<int>(inside.size());
    bin.mean = inside.empty() ? 0.0 : mean(inside);
    bin.standard_deviation = standard_deviation(inside, 0);
  }
  return result;
}

Interval bootstrap_95(std::span<const Score> participants, int resamples, std::uint64_t seed) {
  CHECK(!participants.empty() && resamples > 0, "a bootstrap needs participants");
  base::Rng rng(seed, "bootstrap");
  const int count = static_cast<int>(participants.size());
  std::vector<double> shares;
  shares.reserve(static_cast<std::size_t>(resamples));
  for (int r = 0; r < resamples; ++r) {
    std::int64_t correct = 0, trials = 0;
    for (int i = 0; i < count; ++i) {
      const Score& drawn = participants[static_cast<std::size_t>(rng.below(count))];
      correct += drawn.correct;
      trials += drawn.trials;
    }
    if (trials > 0) shares.push_back(static_cast<double>(correct) / static_cast<double>(trials));
  }
  CHECK(!shares.empty(), "a bootstrap needs trials");
  std::sort(shares.begin(), shares.end());
  return {percentile_of_sorted(shares, 0.025), percentile_of_sorted(shares, 0.975)};
}

Interval binomial_95(int successes, int trials) {
  CHECK(successes >= 0 && successes <= trials, "a share of trials lies between none and all");
  const double k = successes, n = trials;
  return {successes == 0 ? 0.0 : inverse_incomplete_beta(k, n - k + 1.0, 0.025),
          successes == trials ? 1.0 : inverse_incomplete_beta(k + 1.0, n - k, 0.975)};
}

double binomial_test(int successes, int trials, double share) {
  CHECK(successes >= 0 && successes <= trials, "a share of trials lies between none and all");
  // What differs from this outcome's probability by rounding only is as probable.
  const double least_probable = log_binomial(successes, trials, share) + 1e-7;
  double sum = 0.0;
  for (int k = 0; k <= trials; ++k) {
    const double probability = log_binomial(k, trials, share);
    if (probability <= least_probable) sum += std::exp(probability);
  }
  return std::min(1.0, sum);
}

// Lanczos's series with g = 7 and nine terms. std::lgamma writes to a global variable, which threads must not.
double log_gamma(double x) {
  constexpr std::array<double, 9> kTerms = {0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
                                            771.32342877765313,   -176.61502916214059,   12.507343278686905,
                                            -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
  CHECK(x > 0.0, "log_gamma needs a positive number");
  if (x < 0.5) return std::log(std::numbers::pi / std::sin(std::numbers::pi * x)) - log_gamma(1.0 - x);
  const double z = x - 1.0;
  double sum = kTerms[0];
  for (std::size_t i = 1; i < kTerms.size(); ++i) sum += kTerms[i] / (z + static_cast<double>(i));
  const double t = z + 7.5;
  return 0.5 * std::log(2.0 * std::numbers::pi) + (z + 0.5) * std::log(t) - t + std::log(sum);
}

double incomplete_beta(double a, double b, double x) {
  CHECK(a > 0.0 && b > 0.0, "the beta function needs positive shapes");
  if (x <= 0.0) return 0.0;
  if (x >= 1.0) return 1.0;
  const double log_front = log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log1p(-x);
  if (x < (a + 1.0) / (a + b + 2.0)) return std::exp(log_front) * beta_fraction(a, b, x) / a;
  return 1.0 - std::exp(log_front) * beta_fraction(b, a, 1.0 - x) / b;
}

double f_tail(double f, double numerator, double denominator) {
  if (f <= 0.0) return 1.0;
  return incomplete_beta(0.5 * denominator, 0.5 * numerator, denominator / (denominator + numerator * f));
}

double t_two_sided(double t, double freedom) {
  return incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + t * t));
}

}  // namespace study

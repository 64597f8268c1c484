#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "base/rng.h"
#include "study/statistics.h"

// Tests and agreement of statistics.h; what they are computed from is in statistics.cpp.

namespace study {
namespace {

// From 1; equal values share the mean of their ranks.
std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> result(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    const double shared = 0.5 * static_cast<double>(first + last) + 1.0;
    for (std::size_t i = first; i <= last; ++i) result[order[i]] = shared;
    first = last + 1;
  }
  return result;
}

// How many ways there are to choose `k` of `n`; stops counting above `most`.
double groupings(int n, int k, double most) {
  double count = 1.0;
  for (int i = 1; i <= k && count <= most; ++i) count = count * (n - k + i) / i;
  return count;
}

// Calls `visit` with the sum of every choice of `left` of the values from `from` on.
template <class Visit>
void for_each_choice(std::span<const double> values, std::size_t from, int left, double sum, const Visit& visit) {
  if (left == 0) return visit(sum);
  for (std::size_t i = from; i + static_cast<std::size_t>(left) <= values.size(); ++i)
    for_each_choice(values, i + 1, left - 1, sum + values[i], visit);
}

}  // namespace

std::optional<Correlation> spearman(std::span<const double> x, std::span<const double> y) {
  CHECK(x.size() == y.size(), "a correlation needs as many y as x");
  if (x.size() < 3) return std::nullopt;
  const auto a = ranks(x);
  const auto b = ranks(y);
  const double middle = 0.5 * (static_cast<double>(x.size()) + 1.0);
  double products = 0.0, squares_a = 0.0, squares_b = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    products += (a[i] - middle) * (b[i] - middle);
    squares_a += (a[i] - middle) * (a[i] - middle);
    squares_b += (b[i] - middle) * (b[i] - middle);
  }
  if (squares_a == 0.0 || squares_b == 0.0) return std::nullopt;
  Correlation result;
  result.n = static_cast<int>(x.size());
  result.rho = std::clamp(products / std::sqrt(squares_a * squares_b), -1.0, 1.0);
  const double rest = 1.0 - result.rho * result.rho;
  const double freedom = static_cast<double>(x.size()) - 2.0;
  result.p = rest <= 0.0 ? 0.0 : t_two_sided(result.rho * std::sqrt(freedom / rest), freedom);
  return result;
}

PermutationTest permutation_test(std::span<const double> a, std::span<const double> b, int draws, std::uint64_t seed) {
  CHECK(!a.empty() && !b.empty() && draws > 0, "a permutation test needs two groups");
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  const double total = std::accumulate(all.begin(), all.end(), 0.0);
  const auto n_a = static_cast<double>(a.size());
  const auto n_b = static_cast<double>(b.size());
  const auto difference = [&](double sum_a) { return sum_a / n_a - (total - sum_a) / n_b; };

  PermutationTest result;
  result.difference = difference(std::accumulate(a.begin(), a.end(), 0.0));
  // A grouping that differs by rounding only is as extreme as what was seen.
  const double as_extreme = std::fabs(result.difference) - 1e-12 * std::max(1.0, std::fabs(result.difference));
  const double possible = groupings(static_cast<int>(all.size()), static_cast<int>(a.size()), draws);
  result.exact = possible <= draws;
  std::int64_t extreme = 0, tried = 0;
  const auto count = [&](double sum_a) {
    ++tried;
    if (std::fabs(difference(sum_a)) >= as_extreme) ++extreme;
  };
  if (result.exact) {
    for_each_choice(all, 0, static_cast<int>(a.size()), 0.0, count);
  } else {
    base::Rng rng(seed, "permutation");
    count(std::accumulate(a.begin(), a.end(), 0.0));
    for (int draw = 0; draw < draws; ++draw) {
      double sum_a = 0.0;
      for (std::size_t i = 0; i < a.size(); ++i) {
        std::swap(all[i], all[i + static_cast<std::size_t>(rng.below(static_cast<int>(all.size() - i)))]);
        sum_a += all[i];
      }
      count(sum_a);
    }
  }
  result.p = static_cast<double>(extreme) / static_cast<double>(tried);
  return result;
}

double bonferroni(double p, int comparisons) {
  return std::min(1.0, p * std::max(1, comparisons));
}

std::optional<RepeatedAnova> repeated_measures_anova(const std::vector<std::vector<double>>& rows) {
  const std::size_t n = rows.size();
  const std::size_t k = n == 0 ? 0 : rows.front().size();
  if (n < 2 || k < 2) return std::nullopt;
  std::vector<double> of_row, of_column(k, 0.0);
  for (const std::vector<double>& row : rows) {
    CHECK(row.size() == k, "every participant has every condition");
    of_row.push_back(mean(row));
    for (std::size_t c = 0; c < k; ++c) of_column[c] += row[c] / static_cast<double>(n);
  }
  const double grand = mean(of_row);
  double between = 0.0, error = 0.0, scale = 0.0;
  for (std::size_t c = 0; c < k; ++c)
    between += static_cast<double>(n) * (of_column[c] - grand) * (of_column[c] - grand);
  for (std::size_t r = 0; r < n; ++r)
    for (std::size_t c = 0; c < k; ++c) {
      const double rest = rows[r][c] - of_row[r] - of_column[c] + grand;
      error += rest * rest;
      scale += rows[r][c] * rows[r][c];
    }
  if (error <= 1e-24 * scale || error == 0.0) return std::nullopt;

  RepeatedAnova result;
  result.numerator = static_cast<int>(k) - 1;
  result.denominator = result.numerator * (static_cast<int>(n) - 1);
  const double mean_error = error / result.denominator;
  result.f = between / result.numerator / mean_error;
  result.p = f_tail(result.f, result.numerator, result.denominator);
  const int pairs = static_cast<int>(k * (k - 1) / 2);
  for (std::size_t a = 0; a < k; ++a)
    for (std::size_t b = a + 1; b < k; ++b) {
      PairwiseT pair{static_cast<int>(a), static_cast<int>(b), of_column[a] - of_column[b]};
      pair.t = pair.difference / std::sqrt(2.0 * mean_error / static_cast<double>(n));
      pair.p = t_two_sided(pair.t, result.denominator);
      pair.p_corrected = bonferroni(pair.p, pairs);
      result.pairs.push_back(pair);
    }
  return result;
}

Kappa cohens_kappa(const std::vector<bool>& a, const std::vector<bool>& b) {
  CHECK(!a.empty() && a.size() == b.size(), "kappa needs the same trials twice");
  int right_a = 0, right_b = 0, equal = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    right_a += a[i] ? 1 : 0;
    right_b += b[i] ? 1 : 0;
    equal += a[i] == b[i] ? 1 : 0;
  }
  const int n = static_cast<int>(a.size());
  if ((right_a == n && right_b == n) || (right_a == 0 && right_b == 0)) return {1.0, true};
  const double p_a = static_cast<double>(right_a) / n, p_b = static_cast<double>(right_b) / n;
  const double expected = p_a * p_b + (1.0 - p_a) * (1.0 - p_b);
  return {(static_cast<double>(equal) / n - expected) / (1.0 - expected), false};
}

}  // namespace study

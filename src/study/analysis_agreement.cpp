#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "study/analysis_parts.h"

namespace study {
namespace {

constexpr std::size_t kMostPairs = 2'000'000;  // of participants; more would take minutes
constexpr std::size_t kLeastShared = 2;        // trials; of one alone, agreement means nothing

// One observer's right and wrong answers, by the number of the trial, in order.
struct Record {
  int participant = -1;  // −1: a baseline
  std::vector<std::pair<int, bool>> answers;
};

std::optional<Kappa> kappa_of(const Record& a, const Record& b) {
  std::vector<bool> right_a, right_b;
  for (auto i = a.answers.begin(), k = b.answers.begin(); i != a.answers.end() && k != b.answers.end();) {
    if (i->first < k->first) {
      ++i;
    } else if (k->first < i->first) {
      ++k;
    } else {
      right_a.push_back((i++)->second);
      right_b.push_back((k++)->second);
    }
  }
  if (right_a.size() < kLeastShared) return std::nullopt;
  return cohens_kappa(right_a, right_b);
}

// The records of every series and every baseline.
struct Records {
  std::vector<std::vector<Record>> of_series;
  std::vector<std::vector<Record>> of_baseline;  // one record an image set
};

Records records_of(const Selection& selection) {
  std::map<std::string, int> number;  // of a trial
  for (const Scored& scored : selection.main)
    if (!scored.response->trial_key.empty()) number.emplace(scored.response->trial_key, 0);
  int next = 0;
  for (auto& [key, value] : number) value = next++;

  Records records;
  records.of_series.resize(static_cast<std::size_t>(selection.series));
  records.of_baseline.resize(kBaselines.size());
  std::vector<std::map<int, std::map<int, bool>>> people(records.of_series.size());
  using ImageSet = std::pair<std::size_t, int>;
  std::vector<std::map<ImageSet, std::map<int, bool>>> sets(kBaselines.size());
  for (const Scored& scored : selection.main) {
    const Response& response = *scored.response;
    if (response.trial_key.empty()) continue;
    const int trial_number = number[response.trial_key];
    people[static_cast<std::size_t>(scored.series)][scored.participant].emplace(trial_number, response.correct);
    const Trial* trial = trial_of(*selection.data, *scored.session, response);
    if (trial == nullptr) continue;
    for (std::size_t i = 0; i < kBaselines.size(); ++i)
      if (const auto found = evidence(kBaselines[i], *trial, ""))
        sets[i][{*scored.session->experiment, trial->batch}].emplace(trial_number, *found > 0.0);
  }
  for (std::size_t s = 0; s < people.size(); ++s)
    for (const auto& [participant, answers] : people[s])
      records.of_series[s].push_back({participant, {answers.begin(), answers.end()}});
  for (std::size_t i = 0; i < sets.size(); ++i)
    for (const auto& [set, answers] : sets[i]) records.of_baseline[i].push_back({-1, {answers.begin(), answers.end()}});
  return records;
}

KappaCell cell_of(const std::vector<Record>& a, const std::vector<Record>& b, bool same) {
  KappaCell cell;
  if (a.empty() || b.empty()) {
    cell.why_not = "one side has no answers to trials that are known";
    return cell;
  }
  if (a.size() * b.size() > kMostPairs) {
    cell.why_not = "there are more than " + std::to_string(kMostPairs) + " pairs";
    return cell;
  }
  std::vector<double> values;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t k = same ? i : 0; k < b.size(); ++k) {
      const bool person = a[i].participant >= 0 && b[k].participant >= 0;
      if (person && a[i].participant == b[k].participant) continue;  // nobody is paired with oneself
      if (same && !person && i != k) continue;                       // a rule with itself, once an image set
      const auto kappa = kappa_of(a[i], b[k]);
      if (!kappa) continue;
      values.push_back(kappa->value);
      cell.by_definition += kappa->by_definition ? 1 : 0;
    }
  cell.pairs = static_cast<int>(values.size());
  if (values.empty()) {
    cell.why_not = "no two answered the same trials";
    return cell;
  }
  cell.mean = mean(values);
  cell.two_sem = two_sem(values);
  return cell;
}

// Each participant's share of right answers in each series.
std::vector<std::map<int, double>> shares_of(const Selection& selection) {
  std::vector<std::map<int, Score>> scores(static_cast<std::size_t>(selection.series));
  for (const Scored& scored : selection.main) {
    Score& score = scores[static_cast<std::size_t>(scored.series)][scored.participant];
    ++score.trials;
    score.correct += scored.response->correct ? 1 : 0;
  }
  std::vector<std::map<int, double>> shares(scores.size());
  for (std::size_t s = 0; s < scores.size(); ++s)
    for (const auto& [participant, score] : scores[s])
      shares[s][participant] = static_cast<double>(score.correct) / score.trials;
  return shares;
}

// Whether two series are of the same mode and observer: people are not tested against a rule, nor pilots against them.
bool same_kind(const Series& a, const Series& b) {
  return a.mode == b.mode && a.observer == b.observer;
}

std::vector<double> values_of(const std::map<int, double>& shares) {
  std::vector<double> values;
  for (const auto& [participant, share] : shares) values.push_back(share);
  return values;
}

}  // namespace

const KappaCell& KappaMatrix::at(std::size_t row, std::size_t column) const {
  return cells[row * names.size() + column];
}

std::string kappa_text(const KappaCell& cell, Fidelity fidelity) {
  if (!cell.mean) return "–";
  // The published notebook rounds to two decimals of a per cent before it cuts.
  const auto whole = [&](double value) {
    const double percent = std::round(value * 1e4) / 100.0;
    return std::to_string(
        static_cast<int>(fidelity == Fidelity::as_published ? std::trunc(percent) : std::round(value * 100.0)));
  };
  return whole(*cell.mean) + (cell.two_sem ? "±" + whole(*cell.two_sem) : "");
}

KappaMatrix kappa_matrix(const Selection& selection, const std::vector<Series>& series) {
  const Records records = records_of(selection);
  KappaMatrix matrix;
  std::vector<const std::vector<Record>*> sides;
  for (std::size_t s = 0; s < series.size(); ++s) {
    matrix.names.push_back(series[s].label);
    sides.push_back(&records.of_series[s]);
  }
  for (std::size_t i = 0; i < kBaselines.size(); ++i) {
    if (records.of_baseline[i].empty()) continue;  // said by its accuracy
    matrix.names.push_back(baseline_label(kBaselines[i]));
    sides.push_back(&records.of_baseline[i]);
  }
  matrix.cells.resize(sides.size() * sides.size());
  for (std::size_t row = 0; row < sides.size(); ++row)
    for (std::size_t column = row; column < sides.size(); ++column) {
      const KappaCell cell = cell_of(*sides[row], *sides[column], row == column);
      matrix.cells[row * sides.size() + column] = cell;
      matrix.cells[column * sides.size() + row] = cell;
    }
  return matrix;
}

std::vector<BetweenTest> between_tests(const Selection& selection, const std::vector<Series>& series) {
  const auto shares = shares_of(selection);
  std::vector<BetweenTest> tests;
  int done = 0;
  for (std::size_t a = 0; a < series.size(); ++a)
    for (std::size_t b = a + 1; b < series.size(); ++b) {
      if (!same_kind(series[a], series[b])) continue;
      BetweenTest test{static_cast<int>(a), static_cast<int>(b), std::nullopt, 1.0, 0, ""};
      auto of_a = shares[a], of_b = shares[b];
      const std::size_t fewer = std::min(of_a.size(), of_b.size());
      std::erase_if(of_a, [&](const auto& one) { return of_b.contains(one.first); });
      std::erase_if(of_b, [&](const auto& one) { return shares[a].contains(one.first); });
      test.left_out = static_cast<int>(shares[a].size() - of_a.size());
      if (2 * static_cast<std::size_t>(test.left_out) > fewer) {
        test.why_not = "most participants are in both: compare them within";
      } else if (of_a.size() < 2 || of_b.size() < 2) {
        test.why_not = "a group has fewer than two participants";
      } else {
        test.test = permutation_test(values_of(of_a), values_of(of_b), selection.options.resamples,
                                     selection.options.seed + static_cast<std::uint64_t>(tests.size()));
        ++done;
      }
      tests.push_back(std::move(test));
    }
  for (BetweenTest& test : tests)
    if (test.test) test.p_corrected = bonferroni(test.test->p, done);
  return tests;
}

WithinTest within_test(const Selection& selection, const std::vector<Series>& series) {
  const auto shares = shares_of(selection);
  WithinTest result;
  std::map<int, std::set<int>> series_of;  // by participant, who is of one mode and observer
  for (std::size_t s = 0; s < shares.size(); ++s)
    for (const auto& [participant, share] : shares[s]) series_of[participant].insert(static_cast<int>(s));
  std::erase_if(series_of, [](const auto& one) { return one.second.size() < 2; });
  if (series_of.empty()) {
    result.why_not = "every participant is in one condition only";
    return result;
  }
  const auto first_of = [&](const std::set<int>& list) -> const Series& {
    return series[static_cast<std::size_t>(*list.begin())];
  };
  const auto like = [&](const Series& kind) {
    return std::ranges::count_if(series_of, [&](const auto& one) { return same_kind(first_of(one.second), kind); });
  };
  const Series* kind = &series.front();
  for (const Series& other : series)
    if (like(other) > like(*kind)) kind = &other;
  std::erase_if(series_of, [&](const auto& one) { return !same_kind(first_of(one.second), *kind); });
  std::set<int> all;
  for (const auto& [participant, list] : series_of) all.insert(list.begin(), list.end());
  result.series.assign(all.begin(), all.end());
  std::vector<std::vector<double>> rows;
  for (const auto& [participant, list] : series_of) {
    if (list.size() < all.size()) {
      ++result.left_out;
      continue;
    }
    std::vector<double>& row = rows.emplace_back();
    for (const int s : all) row.push_back(shares[static_cast<std::size_t>(s)].at(participant));
  }
  result.participants = static_cast<int>(rows.size());
  result.anova = repeated_measures_anova(rows);
  if (!result.anova)
    result.why_not = rows.size() < 2 ? "fewer than two participants are in all conditions"
                                     : "nothing varies but participants and conditions";
  return result;
}

}  // namespace study

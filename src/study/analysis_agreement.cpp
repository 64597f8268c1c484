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

std::vector<BetweenTest> between_tests(const Selection& selection) {
  const auto shares = shares_of(selection);
  std::vector<BetweenTest> tests;
  int done = 0;
  for (int a = 0; a < selection.series; ++a)
    for (int b = a + 1; b < selection.series; ++b) {
      BetweenTest test{a, b, std::nullopt, 1.0, ""};
      const auto& of_a = shares[static_cast<std::size_t>(a)];
      const auto& of_b = shares[static_cast<std::size_t>(b)];
      const bool shared =
          std::any_of(of_a.begin(), of_a.end(), [&](const auto& one) { return of_b.contains(one.first); });
      if (of_a.size() < 2 || of_b.size() < 2) {
        test.why_not = "a group has fewer than two participants";
      } else if (shared) {
        test.why_not = "some participants are in both: compare them within";
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

WithinTest within_test(const Selection& selection) {
  const auto shares = shares_of(selection);
  WithinTest result;
  std::map<int, int> series_of;  // participant → in how many
  for (const auto& one : shares)
    for (const auto& [participant, share] : one) ++series_of[participant];
  std::set<int> repeated;
  for (const auto& [participant, count] : series_of)
    if (count > 1) repeated.insert(participant);
  if (repeated.empty()) {
    result.why_not = "every participant is in one condition only";
    return result;
  }
  for (int s = 0; s < selection.series; ++s) {
    const auto& one = shares[static_cast<std::size_t>(s)];
    if (std::any_of(one.begin(), one.end(), [&](const auto& entry) { return repeated.contains(entry.first); }))
      result.series.push_back(s);
  }
  std::vector<std::vector<double>> rows;
  for (const int participant : repeated) {
    std::vector<double> row;
    for (const int s : result.series) {
      const auto& one = shares[static_cast<std::size_t>(s)];
      if (const auto found = one.find(participant); found != one.end()) row.push_back(found->second);
    }
    if (row.size() == result.series.size())
      rows.push_back(std::move(row));
    else
      ++result.left_out;
  }
  result.participants = static_cast<int>(rows.size());
  result.anova = repeated_measures_anova(rows);
  if (!result.anova)
    result.why_not = rows.size() < 2 ? "fewer than two participants are in all conditions"
                                     : "nothing varies but participants and conditions";
  return result;
}

}  // namespace study

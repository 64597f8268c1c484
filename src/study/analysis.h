// An analysis: who is excluded and why, how often each condition was right and how sure that is, and what it hangs
// together with, by the formulas of the published study (protocol 1.11, 1.12, 2.5), as published or as its authors
// meant. A number that cannot be computed is absent and the reason stands in its place. Pure and seeded; drawing is
// report's and ui's. Any thread; seconds at most.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "study/analysis_data.h"
#include "study/observers.h"
#include "study/statistics.h"

namespace study {

struct AnalysisOptions {
  Fidelity fidelity = Fidelity::as_intended;
  bool exclude = true;  // false: everyone is kept, and still listed
  std::uint64_t seed = 0;
  int resamples = 10000;  // of bootstraps and permutations; tables by unit, layer, … take a fifth
  bool operator==(const AnalysisOptions&) const = default;
};

// What is compared: a condition as people, pilots or one observer took it. These are never pooled.
struct Series {
  std::vector<std::string> condition;
  std::optional<Mode> mode;  // absent: imported
  std::string observer;
  std::string label;  // "natural"; with the mode or observer where there are several: "natural (centre)"
  bool operator==(const Series&) const = default;
};

// ---- exclusions (protocol 1.11) ----------------------------------------------------------------------------------

struct ExclusionRule {
  double least_instruction_s = 20.0, least_total_s = 90.0, most_total_s = 900.0;
  double least_catch_share = 0.6;
  int most_practice_rounds = 5;
  int least_on_each_side = 1;
};
ExclusionRule exclusion_rule(const std::vector<std::string>& condition);  // without references it is shorter

// Why a session does not count, in words that follow its name; none: it counts. Practice mode is never excluded.
std::vector<std::string> reasons_to_exclude(const Participation& session, Fidelity fidelity);

struct Judged {             // one session before the rule
  std::size_t session = 0;  // in AnalysisData::sessions
  int series = 0;
  std::vector<std::string> reasons;  // to exclude it; none: kept
  bool excluded = false;
};

struct CutOff {
  double at = 0.0;
  std::string label;  // "least 20 s"
};
struct Histogram {
  std::string title, axis;    // "Instruction time", "seconds"
  std::vector<double> edges;  // one more than counts; empty: `why_not`
  std::vector<int> kept, excluded;
  std::vector<CutOff> cut_offs;  // none: the published rules have none
  std::string why_not;
};

// ---- results -----------------------------------------------------------------------------------------------------

struct Accuracy {
  int participants = 0, trials = 0, correct = 0;
  double mean = 0.0;              // pooled: correct / trials
  std::optional<double> two_sem;  // over participants; absent for one
  Interval ci95;                  // bootstrap over participants; of one participant binomial over trials
  bool over_trials = false;       // the interval is the binomial one
  double p_chance = 1.0;          // exact binomial test of correct against half of the trials
};

enum class Factor { group, unit, layer, branch, size, image_set };
inline constexpr std::array kFactors = {Factor::group,  Factor::unit, Factor::layer,
                                        Factor::branch, Factor::size, Factor::image_set};
std::string_view to_string(Factor factor);  // "image set"

struct BreakdownCell {
  Factor factor = Factor::unit;
  std::string value;
  int series = 0;
  Accuracy accuracy;
};

// What is known of a trial before anyone is asked; larger should be easier.
enum class Difficulty { relative, plain_relative, effect, apart, centre, variance, saliency, object };
inline constexpr std::array kDifficulties = {Difficulty::relative, Difficulty::plain_relative, Difficulty::effect,
                                             Difficulty::apart,    Difficulty::centre,         Difficulty::variance,
                                             Difficulty::saliency, Difficulty::object};
std::string_view to_string(Difficulty difficulty);  // for axes, with its unit
std::string_view key_of(Difficulty difficulty);     // for column names: "relative_difference"
std::optional<double> value_of(Difficulty difficulty, const Trial& trial);

struct TrialPoint {  // one trial in one series
  std::size_t experiment = 0;
  std::string trial_id;
  int series = 0;
  int answers = 0, correct = 0;
  std::array<std::optional<double>, kDifficulties.size()> difficulty;
  [[nodiscard]] double accuracy() const { return static_cast<double>(correct) / answers; }
};
struct Relation {  // accuracy per trial with one measure
  Difficulty difficulty = Difficulty::relative;
  std::optional<int> series;  // absent: all together, as published
  int points = 0;
  std::optional<Correlation> correlation;
  std::vector<Bin> bins;  // five with equally many trials each
  std::string why_not;    // where there is no correlation
};

struct ConfidenceCell {
  int series = 0, confidence = 0;
  int trials = 0, correct = 0;
  double share = 0.0;                   // of the series's trials
  std::optional<double> share_two_sem;  // over participants
  std::optional<double> accuracy;       // absent without trials
  std::optional<double> accuracy_two_sem;
};

enum class Which { all, correct, incorrect };
std::string_view to_string(Which which);
struct ReactionTime {
  int series = 0;
  Which which = Which::all;
  int trials = 0;
  double mean_s = 0.0, median_s = 0.0;
  std::optional<double> two_sem_s;  // over participants' means
};

inline constexpr std::array kBaselines = {Rule::centre, Rule::published_centre, Rule::variance, Rule::saliency,
                                          Rule::object};
std::string baseline_label(Rule rule);  // "variance rule"
struct BaselineAccuracy {
  Rule rule = Rule::centre;
  int trials = 0;  // included participants' rows for which the rule has an opinion
  std::optional<double> mean;
  std::optional<double> two_sem;
  std::string why_not;
};

struct KappaCell {
  int pairs = 0;
  int by_definition = 0;  // pairs that are 1 because both were always right, or both always wrong
  std::optional<double> mean, two_sem;
  std::string why_not;
};
struct KappaMatrix {
  std::vector<std::string> names;  // series, then baselines
  std::vector<KappaCell> cells;    // row by row
  [[nodiscard]] const KappaCell& at(std::size_t row, std::size_t column) const;
};
// "33±5": mean and two standard errors, times 100, cut toward zero as published, or rounded as intended.
std::string kappa_text(const KappaCell& cell, Fidelity fidelity);

struct LabelOverlap {  // of an experiment's main trials: how many references bear the query's label
  std::size_t experiment = 0;
  std::string condition;
  std::vector<int> trials_with;  // index: number of references
};
struct QueryConsistency {  // top-five classes of the base picture that the queries keep
  std::size_t experiment = 0;
  int trials = 0;
  double share_min = 0.0, share_max = 0.0;
};

struct BetweenTest {  // of two conditions of one mode and observer
  int a = 0, b = 0;   // series
  std::optional<PermutationTest> test;
  double p_corrected = 1.0;
  int left_out = 0;  // participants who are in both
  std::string why_not;
};
struct WithinTest {         // of the mode and observer with the most participants in several conditions
  std::vector<int> series;  // columns of the analysis
  int participants = 0, left_out = 0;
  std::optional<RepeatedAnova> anova;
  std::string why_not;
};

struct Intuitiveness {
  int series = 0, participants = 0;
  double mean = 0.0;
  std::optional<double> two_sem;
};

struct Analysis {
  AnalysisOptions options;
  std::vector<Series> series;
  std::vector<Judged> sessions;
  std::vector<Histogram> histograms;                    // instruction, total, reaction time
  std::vector<std::optional<Accuracy>> accuracy;        // one a series; absent where nobody is left
  std::vector<std::optional<Accuracy>> catch_accuracy;  // of catch trials, whoever missed them, too
  std::vector<BreakdownCell> breakdown;
  std::vector<TrialPoint> points;
  std::vector<Relation> relations;
  std::vector<ConfidenceCell> confidence, published_confidence;
  std::vector<ReactionTime> reaction_times;
  std::vector<BaselineAccuracy> baselines;
  KappaMatrix kappa;
  std::vector<LabelOverlap> label_overlap;
  std::vector<QueryConsistency> consistency;
  std::vector<BetweenTest> between;
  WithinTest within;
  std::vector<Intuitiveness> intuitiveness;
  std::vector<std::string> notes;  // whole sentences: what was left out, what is not known
  std::string footnote;            // one line for every plot: people, exclusions, filter, rejected trials
};

// Refuses data without a scored response, and more than 60 series (a column that is no condition).
base::Result<Analysis> analyse(const AnalysisData& data, const AnalysisOptions& options);

// "p < 0.001", "p = 0.012".
std::string p_text(double p);

}  // namespace study

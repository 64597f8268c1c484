// What the parts of an analysis share: the responses that count, each with its series and participant. Private to
// study's analysis*.cpp files. Any thread.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "study/analysis.h"

namespace study {

struct Scored {
  const Participation* session = nullptr;
  const Response* response = nullptr;
  int series = 0;
  int participant = 0;  // the same person in another series has the same number
};

struct Selection {
  const AnalysisData* data = nullptr;
  AnalysisOptions options;
  int series = 0, participants = 0;
  std::vector<std::string> names;  // of participants
  std::vector<Scored> main;        // first answers to main trials of sessions that are kept
  std::vector<Scored> catches;     // catch trials, of sessions that are kept without the rule about them
};

// ---- analysis_exclusions.cpp
std::vector<Judged> judge(const AnalysisData& data, const std::vector<int>& series_of_session,
                          const AnalysisOptions& options);
// Whether this session's catch trials count. Accuracy on them would be biased by the rule that excludes for it, so they
// are selected as for Figure 5C: by times and by both sides being used only (protocol 1.11).
bool catches_count(const Participation& session, const AnalysisOptions& options);
std::vector<Histogram> time_histograms(const AnalysisData& data, const std::vector<Judged>& judged);

// ---- analysis_accuracy.cpp
std::vector<Scored> of_series(std::span<const Scored> scored, int series);
std::optional<Accuracy> accuracy_of(std::span<const Scored> scored, int resamples, std::uint64_t seed);
std::vector<BreakdownCell> break_down(const Selection& selection);
std::vector<ConfidenceCell> confidence_cells(const Selection& selection);
std::vector<ConfidenceCell> published_confidence_cells(const Selection& selection);
std::vector<ReactionTime> reaction_times(const Selection& selection);

// ---- analysis_trials.cpp
std::vector<TrialPoint> trial_points(const Selection& selection);
std::vector<Relation> relations(const std::vector<TrialPoint>& points, int series);
std::vector<BaselineAccuracy> baseline_accuracies(const Selection& selection);
std::vector<LabelOverlap> label_overlaps(const AnalysisData& data);
std::vector<QueryConsistency> query_consistency(const AnalysisData& data);

// ---- analysis_agreement.cpp
KappaMatrix kappa_matrix(const Selection& selection, const std::vector<Series>& series);
std::vector<BetweenTest> between_tests(const Selection& selection, const std::vector<Series>& series);
WithinTest within_test(const Selection& selection, const std::vector<Series>& series);

// One participant's values in a list indexed by participant: those that took part, in order.
template <class Value>
struct ByParticipant {
  std::vector<Value> values;
  std::vector<bool> there;
  explicit ByParticipant(int participants)
      : values(static_cast<std::size_t>(participants)), there(static_cast<std::size_t>(participants)) {}
  Value& operator[](int participant) {
    there[static_cast<std::size_t>(participant)] = true;
    return values[static_cast<std::size_t>(participant)];
  }
  [[nodiscard]] std::vector<Value> present() const {
    std::vector<Value> list;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (there[i]) list.push_back(values[i]);
    return list;
  }
};

// "layer 10" after "layer 9": digits compare as numbers.
bool natural_less(const std::string& a, const std::string& b);

}  // namespace study

#include "study/analysis.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "study/analysis_parts.h"

namespace study {
namespace {

constexpr std::size_t kMostSeries = 60;

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

// Published conditions in their published order, then all others by name.
std::size_t place_of(const std::vector<std::string>& condition) {
  const auto& known = published_conditions();
  for (std::size_t i = 0; i < known.size(); ++i)
    if (condition.size() == 1 && condition.front() == known[i].name) return i;
  return known.size();
}

struct Grouping {
  std::vector<Series> series;
  std::vector<int> of_session;
};

Grouping grouping_of(const AnalysisData& data) {
  Grouping result;
  const auto series_of = [](const Participation& session) {
    return Series{session.condition, session.mode, session.observer, ""};
  };
  std::set<std::pair<std::optional<Mode>, std::string>> kinds;
  std::vector<Series>& all = result.series;
  for (const Participation& session : data.sessions) {
    Series one = series_of(session);
    kinds.emplace(one.mode, one.observer);
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
    if (all.size() > kMostSeries) return result;
  }
  std::sort(all.begin(), all.end(), [](const Series& a, const Series& b) {
    const std::size_t place_a = place_of(a.condition), place_b = place_of(b.condition);
    if (place_a != place_b) return place_a < place_b;
    if (a.condition != b.condition) return natural_less(joined(a.condition, " "), joined(b.condition, " "));
    return std::tie(a.mode, a.observer) < std::tie(b.mode, b.observer);
  });
  for (const Participation& session : data.sessions)
    result.of_session.push_back(static_cast<int>(std::find(all.begin(), all.end(), series_of(session)) - all.begin()));
  for (Series& one : all) {
    one.label = joined(one.condition, " · ");
    if (one.label.empty()) one.label = "all";
    if (kinds.size() > 1)
      one.label += " (" + (one.observer.empty() ? std::string(mode_name(one.mode)) : one.observer) + ")";
  }
  return result;
}

bool counts(const Participation& session, const Response& response) {
  // The trials of practice mode are what that mode is about.
  return !response.repeated && !response.truth_seen && (!response.practice || session.mode == Mode::practice);
}

Selection select(const AnalysisData& data, const Analysis& analysis) {
  Selection selection;
  selection.data = &data;
  selection.options = analysis.options;
  selection.series = static_cast<int>(analysis.series.size());
  std::map<std::tuple<std::string, std::optional<Mode>, std::string>, int> people;
  const auto add = [&](const Judged& judged, bool catch_trials, std::vector<Scored>& to) {
    const Participation& session = data.sessions[judged.session];
    const auto [person, is_new] = people.emplace(std::tuple(session.participant, session.mode, session.observer),
                                                 static_cast<int>(people.size()));
    if (is_new) selection.names.push_back(session.participant);
    for (const Response& response : session.responses)
      if (counts(session, response) && response.catch_trial == catch_trials)
        to.push_back({&session, &response, judged.series, person->second});
  };
  for (const Judged& judged : analysis.sessions)
    if (!judged.excluded) add(judged, false, selection.main);
  selection.participants = static_cast<int>(people.size());
  for (const Judged& judged : analysis.sessions)
    if (catches_count(data.sessions[judged.session], analysis.options)) add(judged, true, selection.catches);
  return selection;
}

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

// "filter: difference of at least 0.1 spreads; 12 of 140 trials rejected"
std::string filter_text(const Experiment& experiment) {
  const Filter& filter = experiment.spec.filter;
  std::string text = "filter: difference of at least " + number(filter.least_effect) + " of the unit's spread";
  if (filter.least_relative_difference)
    text += ", relative difference from " + number(*filter.least_relative_difference);
  if (filter.most_relative_difference)
    text += ", relative difference up to " + number(*filter.most_relative_difference);
  return text + "; " + std::to_string(experiment.rejected.size()) + " of " +
         counted(experiment.rejected.size() + experiment.trials.size(), "trial") + " rejected";
}

std::string footnote_of(const AnalysisData& data, const Analysis& analysis, const Selection& selection) {
  const auto excluded = static_cast<std::size_t>(std::count_if(analysis.sessions.begin(), analysis.sessions.end(),
                                                               [](const Judged& one) { return one.excluded; }));
  std::set<std::string> kinds;
  for (const Series& one : analysis.series)
    kinds.insert(std::string(mode_name(one.mode)) + (one.observer.empty() ? "" : " (" + one.observer + ")"));
  std::string text = joined({kinds.begin(), kinds.end()}, ", ") + " · " +
                     counted(static_cast<std::size_t>(selection.participants), "participant") + ", " +
                     counted(selection.main.size(), "trial") + " · " + std::to_string(excluded) + " of " +
                     counted(analysis.sessions.size(), "session") + " excluded";
  if (!analysis.options.exclude) text += " (exclusion is off)";
  std::set<std::size_t> answered;
  for (const Participation& session : data.sessions)
    if (session.experiment) answered.insert(*session.experiment);
  for (const std::size_t at : answered) {
    const auto& loaded = data.experiments[at];
    text += " · " + loaded->name + ": " + filter_text(loaded->experiment);
  }
  return text + (analysis.options.fidelity == Fidelity::as_published ? " · as published" : " · as intended");
}

// What was left out of the numbers, and why.
void note_left_out(const AnalysisData& data, Analysis& analysis) {
  std::size_t practice = 0, repeated = 0, seen = 0;
  for (const Participation& session : data.sessions)
    for (const Response& response : session.responses) {
      if (response.practice && session.mode != Mode::practice)
        ++practice;
      else if (response.repeated)
        ++repeated;
      else if (response.truth_seen)
        ++seen;
    }
  const auto note = [&](std::size_t count, const std::string& why) {
    if (count > 0) analysis.notes.push_back(counted(count, "answer") + " " + why + ".");
  };
  note(practice, "of practice before the main trials are not scored");
  note(repeated, "to trials that were answered before are not scored: the first answer counts");
  note(seen, "that could be known from the explorer are not scored");
  const auto unknown = [&](const char* what, auto&& is_known) {
    const auto count = static_cast<std::size_t>(std::count_if(
        data.sessions.begin(), data.sessions.end(), [&](const Participation& session) { return !is_known(session); }));
    if (count > 0)
      analysis.notes.push_back("The " + std::string(what) + " of " + counted(count, "session") +
                               " is not known, so nobody was excluded by it.");
  };
  unknown("instruction time", [](const Participation& session) { return session.instruction_s.has_value(); });
  unknown("total time", [](const Participation& session) { return session.total_s.has_value(); });
  if (analysis.options.fidelity == Fidelity::as_published)
    analysis.notes.push_back(
        "As published, nobody is excluded for choosing one side only: the published check passes everyone.");
}

void note_shared(Analysis& analysis) {
  for (const BetweenTest& test : analysis.between)
    if (test.test && test.left_out > 0)
      analysis.notes.push_back("Left out of the test between " +
                               analysis.series[static_cast<std::size_t>(test.a)].label + " and " +
                               analysis.series[static_cast<std::size_t>(test.b)].label + ": " +
                               counted(static_cast<std::size_t>(test.left_out), "participant") + " in both.");
}

base::Error nothing_left(const AnalysisData& data, const Analysis& analysis) {
  constexpr const char* kWhat = "There is nothing to analyse";
  if (data.sessions.empty())
    return {kWhat, "no session was found" + (data.notes.empty() ? "" : " (" + joined(data.notes, " ") + ")"),
            "Name the JSON or CSV files of sessions, or a folder that holds them"};
  constexpr std::size_t kMostNamed = 4;
  std::vector<std::string> named;
  for (const Judged& judged : analysis.sessions) {
    if (!judged.excluded) continue;
    const Participation& session = data.sessions[judged.session];
    if (named.size() < kMostNamed)
      named.push_back((session.session.empty() ? session.participant : session.session) + " " +
                      joined(judged.reasons, " and "));
  }
  const auto excluded = static_cast<std::size_t>(
      std::ranges::count_if(analysis.sessions, [](const Judged& judged) { return judged.excluded; }));
  const std::string none =
      (data.sessions.size() == 1 ? std::string("the only session has no")
                                 : "none of the " + counted(data.sessions.size(), "session") + " has an") +
      " answer that counts";
  if (excluded == 0) return {kWhat, none, "Add sessions with answers to main trials"};
  return {kWhat,
          none + ": " + std::to_string(excluded) + " excluded (" + joined(named, "; ") +
              (excluded > named.size() ? "; and " + std::to_string(excluded - named.size()) + " more" : "") + ")",
          "Keep them with --keep-all, or by switching exclusions off in the window, or add sessions"};
}

std::vector<Intuitiveness> intuitiveness_of(const AnalysisData& data, const Analysis& analysis) {
  std::vector<Intuitiveness> list;
  for (std::size_t s = 0; s < analysis.series.size(); ++s) {
    std::vector<double> values;
    for (const Judged& judged : analysis.sessions) {
      const Participation& session = data.sessions[judged.session];
      if (!judged.excluded && judged.series == static_cast<int>(s) && session.intuitiveness)
        values.push_back(*session.intuitiveness);
    }
    if (!values.empty())
      list.push_back({static_cast<int>(s), static_cast<int>(values.size()), mean(values), two_sem(values)});
  }
  return list;
}

}  // namespace

base::Result<Analysis> analyse(const AnalysisData& data, const AnalysisOptions& options) {
  Analysis analysis;
  analysis.options = options;
  Grouping grouping = grouping_of(data);
  if (grouping.series.size() > kMostSeries)
    return base::Error{"These answers cannot be compared",
                       "they are in more than " + std::to_string(kMostSeries) + " different conditions",
                       "Name the column that holds the condition, and no other"};
  analysis.series = std::move(grouping.series);
  analysis.sessions = judge(data, grouping.of_session, options);
  analysis.notes = data.notes;
  const Selection selection = select(data, analysis);
  if (selection.main.empty()) return nothing_left(data, analysis);
  note_left_out(data, analysis);
  analysis.histograms = time_histograms(data, analysis.sessions);
  for (int series = 0; series < selection.series; ++series) {
    analysis.accuracy.push_back(accuracy_of(of_series(selection.main, series), options.resamples, options.seed));
    analysis.catch_accuracy.push_back(
        accuracy_of(of_series(selection.catches, series), options.resamples, options.seed));
  }
  analysis.breakdown = break_down(selection);
  analysis.points = trial_points(selection);
  analysis.relations = relations(analysis.points, selection.series);
  analysis.confidence = confidence_cells(selection);
  analysis.published_confidence = published_confidence_cells(selection);
  analysis.reaction_times = reaction_times(selection);
  analysis.baselines = baseline_accuracies(selection);
  analysis.kappa = kappa_matrix(selection, analysis.series);
  analysis.label_overlap = label_overlaps(data);
  analysis.consistency = query_consistency(data);
  analysis.between = between_tests(selection, analysis.series);
  analysis.within = within_test(selection, analysis.series);
  note_shared(analysis);
  analysis.intuitiveness = intuitiveness_of(data, analysis);
  analysis.footnote = footnote_of(data, analysis, selection);
  return analysis;
}

std::string p_text(double p) {
  if (p < 0.001) return "p < 0.001";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "p = %.3f", p);
  return text.data();
}

}  // namespace study

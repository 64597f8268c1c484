#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "study/analysis_parts.h"

namespace study {
namespace {

std::string seconds(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), value < 10.0 ? "%.1f s" : "%.0f s", value);
  return text.data();
}

bool without_references(const std::vector<std::string>& condition) {
  return std::any_of(condition.begin(), condition.end(),
                     [](const std::string& word) { return word == "none" || word == "no_references"; });
}

}  // namespace

std::vector<std::string> reasons_to_exclude(const Participation& session, Fidelity fidelity) {
  std::vector<std::string> reasons;
  if (session.mode == Mode::practice) return reasons;
  const ExclusionRule rule = exclusion_rule(session.condition);
  if (!session.complete)
    reasons.push_back("stopped before its end, after " + std::to_string(session.responses.size()) + " answers");
  if (session.instruction_s && *session.instruction_s < rule.least_instruction_s)
    reasons.push_back("read the instructions for " + seconds(*session.instruction_s) + ", less than " +
                      seconds(rule.least_instruction_s));
  if (session.complete && session.total_s && *session.total_s < rule.least_total_s)
    reasons.push_back("took " + seconds(*session.total_s) + " in all, less than " + seconds(rule.least_total_s));
  if (session.complete && session.total_s && *session.total_s > rule.most_total_s)
    reasons.push_back("took " + seconds(*session.total_s) + " in all, more than " + seconds(rule.most_total_s));
  // What a rule answers is what it is; excluded for its answers, only a lucky choice of chance would be left.
  if (session.mode == Mode::simulated) return reasons;
  if (session.practice_rounds && *session.practice_rounds > rule.most_practice_rounds)
    reasons.push_back("needed " + std::to_string(*session.practice_rounds) + " rounds of practice, more than " +
                      std::to_string(rule.most_practice_rounds));

  int catches = 0, caught = 0, left = 0, right = 0;
  for (const Response& response : session.responses) {
    if (response.practice || response.repeated) continue;
    if (response.catch_trial) {
      ++catches;
      caught += response.correct ? 1 : 0;
    }
    if (response.chose_left) ++(*response.chose_left ? left : right);
  }
  if (catches > 0 && caught < rule.least_catch_share * catches)
    reasons.push_back("had " + std::to_string(caught) + " of " + std::to_string(catches) + " catch trials right");
  // The published check passes whoever answered anything at all (protocol 1.11), so as published nobody fails it.
  if (fidelity == Fidelity::as_intended && left + right > 0 && std::min(left, right) < rule.least_on_each_side)
    reasons.push_back(std::string("chose the ") + (left > right ? "left" : "right") + " side in all " +
                      std::to_string(left + right) + " trials");
  return reasons;
}

namespace {

// A width of 1, 2 or 5 by a power of ten that makes at most `most` bins of this range.
double bin_width(double range, int most) {
  double width = std::pow(10.0, std::floor(std::log10(range / most)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0})
    if (range <= factor * width * most) return factor * width;
  return 10.0 * width;
}

struct TimeOf {
  double seconds = 0.0;
  bool excluded = false;
};

Histogram histogram(const std::string& title, const std::string& of_what, const std::vector<TimeOf>& times,
                    std::vector<CutOff> cut_offs) {
  Histogram result;
  result.title = title;
  result.axis = "seconds";
  result.cut_offs = std::move(cut_offs);
  if (times.empty()) {
    result.why_not = "the " + of_what + " is not known";
    return result;
  }
  // One dawdler must not squeeze all others into one bin: the last bin takes what is longer.
  std::vector<double> sorted;
  for (const TimeOf& time : times) sorted.push_back(time.seconds);
  double top =
      std::min(quantile(sorted, 1.0, QuantileRule::linear), 1.5 * quantile(sorted, 0.95, QuantileRule::linear));
  for (const CutOff& cut : result.cut_offs) top = std::max(top, 1.05 * cut.at);
  if (!(top > 0.0)) top = 1.0;
  const double width = bin_width(top, 30);
  const int bins = std::max(1, static_cast<int>(std::ceil(top / width - 1e-9)));
  for (int i = 0; i <= bins; ++i) result.edges.push_back(i * width);
  result.kept.assign(static_cast<std::size_t>(bins), 0);
  result.excluded = result.kept;
  for (const TimeOf& time : times) {
    const double bin = std::clamp(std::floor(time.seconds / width), 0.0, bins - 1.0);
    ++(time.excluded ? result.excluded : result.kept)[static_cast<std::size_t>(bin)];
  }
  if (quantile(sorted, 1.0, QuantileRule::linear) > result.edges.back()) result.axis += ", the last bar: and longer";
  return result;
}

// Each cut-off of the rules in use, once; the shorter rule says whose it is.
template <class Get>
std::vector<CutOff> cut_offs(const AnalysisData& data, const std::string& word, const Get& get) {
  std::vector<CutOff> list;
  for (const bool without : {false, true}) {
    if (std::none_of(data.sessions.begin(), data.sessions.end(),
                     [&](const Participation& session) { return without_references(session.condition) == without; }))
      continue;
    const double at = get(exclusion_rule({without ? "none" : "natural"}));
    if (list.empty() || list.front().at != at)
      list.push_back({at, word + " " + seconds(at) + (without ? " without references" : "")});
  }
  return list;
}

}  // namespace

ExclusionRule exclusion_rule(const std::vector<std::string>& condition) {
  ExclusionRule rule;
  if (without_references(condition)) {
    rule.least_instruction_s = 15.0;
    rule.least_total_s = 40.0;
  }
  return rule;
}

std::vector<Judged> judge(const AnalysisData& data, const std::vector<int>& series_of_session,
                          const AnalysisOptions& options) {
  std::vector<Judged> list;
  for (std::size_t i = 0; i < data.sessions.size(); ++i) {
    Judged judged{i, series_of_session[i], reasons_to_exclude(data.sessions[i], options.fidelity), false};
    judged.excluded = options.exclude && !judged.reasons.empty();
    list.push_back(std::move(judged));
  }
  return list;
}

bool catches_count(const Participation& session, const AnalysisOptions& options) {
  constexpr double kLeastInstruction_s = 15.0;
  if (!options.exclude || session.mode == Mode::practice) return true;
  ExclusionRule rule = exclusion_rule(session.condition);
  if (options.fidelity == Fidelity::as_published) rule.least_total_s = ExclusionRule{}.least_total_s;
  if (!session.complete || (session.instruction_s && *session.instruction_s < kLeastInstruction_s)) return false;
  if (session.total_s && (*session.total_s < rule.least_total_s || *session.total_s > rule.most_total_s)) return false;
  if (session.mode == Mode::simulated) return true;
  bool known = false;
  for (const Response& response : session.responses) {
    if (response.practice || response.repeated || !response.chose_left) continue;
    known = true;
    if (*response.chose_left) return true;
  }
  return !known;
}

std::vector<Histogram> time_histograms(const AnalysisData& data, const std::vector<Judged>& judged) {
  std::vector<TimeOf> instruction, total, reaction;
  for (const Judged& one : judged) {
    const Participation& session = data.sessions[one.session];
    if (session.instruction_s) instruction.push_back({*session.instruction_s, one.excluded});
    if (session.total_s) total.push_back({*session.total_s, one.excluded});
    for (const Response& response : session.responses)
      if (response.reaction_time_s && !response.practice) reaction.push_back({*response.reaction_time_s, one.excluded});
  }
  auto ends = cut_offs(data, "least", [](const ExclusionRule& rule) { return rule.least_total_s; });
  ends.push_back({ExclusionRule{}.most_total_s, "most " + seconds(ExclusionRule{}.most_total_s)});
  return {histogram("Instruction time", "time that participants read the instructions", instruction,
                    cut_offs(data, "least", [](const ExclusionRule& rule) { return rule.least_instruction_s; })),
          histogram("Total time", "total time of participants", total, ends),
          histogram("Reaction time", "reaction time of trials", reaction, {})};
}

}  // namespace study

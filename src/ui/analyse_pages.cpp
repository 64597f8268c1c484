// The pages of the Analyse screen but the first: each a few plots and what they say in words.
#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "ui/analyse_parts.h"
#include "ui/analyse_screen.h"
#include "ui/widgets.h"

namespace ui {
namespace {

using study::Analysis;

// Up to 1 % of the range, as published, so that points show; the same for a trial in every frame.
double jitter(const study::TrialPoint& point) {
  const auto bits = base::hash64(point.trial_id + "#" + std::to_string(point.series)) >> 11;
  return 0.02 * (static_cast<double>(bits) * 0x1.0p-53 - 0.5);
}

}  // namespace

void draw_parts_page(View& view, const Analysis& analysis) {
  Analysing& analysing = view.workspace.analysing;
  for (const study::Factor factor : study::kFactors) {
    const std::string name(study::to_string(factor));
    if (factor != study::kFactors.front()) flow(chip_width(name.c_str()));
    if (chip(name.c_str(), analysing.factor == factor)) analysing.factor = factor;
  }
  ImGui::Dummy({0, px(12)});
  const auto styles = study::styles_of(analysis.series);
  draw_series_legend(styles, labels_of(analysis));
  std::vector<ValueMark> marks;
  for (const study::BreakdownCell& part : analysis.breakdown)
    if (part.factor == analysing.factor)
      marks.push_back(accuracy_mark(part.value, part.series, part.accuracy,
                                    part.value + ", " + analysis.series[static_cast<std::size_t>(part.series)].label));
  if (marks.empty())
    sentence("These answers do not say their " + std::string(study::to_string(analysing.factor)) + ".");
  else
    draw_values("##parts", marks, styles, {"trials answered right", true, 0.5, std::nullopt});
}

void draw_trials_page(View& view, const Analysis& analysis, const study::AnalysisData& data) {
  Analysing& analysing = view.workspace.analysing;
  if (analysis.points.empty()) {
    sentence(
        "Nothing is known of the trials: the *trials.json* of these answers is not at hand. It is looked for beside "
        "the answers.");
    return;
  }
  for (const study::Difficulty difficulty : study::kDifficulties) {
    std::string name(study::key_of(difficulty));
    std::replace(name.begin(), name.end(), '_', ' ');
    if (difficulty != study::kDifficulties.front()) flow(chip_width(name.c_str()));
    if (chip(name.c_str(), analysing.difficulty == difficulty)) analysing.difficulty = difficulty;
  }
  ImGui::Dummy({0, px(12)});
  const auto styles = study::styles_of(analysis.series);
  draw_series_legend(styles, labels_of(analysis));
  const auto index = static_cast<std::size_t>(analysing.difficulty);
  std::vector<PlaneMark> marks;
  std::vector<const study::TrialPoint*> points;
  PlaneLook look{std::string(study::to_string(analysing.difficulty)), "answered right", std::nullopt, {}};
  for (const study::TrialPoint& point : analysis.points) {
    if (!point.difficulty[index]) continue;
    if (analysing.trial && point.experiment == analysing.trial->experiment && point.trial_id == analysing.trial->id)
      look.chosen = marks.size();
    marks.push_back({*point.difficulty[index], point.accuracy() + jitter(point), point.series,
                     "*" + point.trial_id + "*, " + analysis.series[static_cast<std::size_t>(point.series)].label +
                         ": *" + std::to_string(point.correct) + " of " + std::to_string(point.answers) +
                         "* right at " + decimal(*point.difficulty[index], 3)});
    points.push_back(&point);
  }
  std::vector<PlaneLine> lines;
  std::string correlation = "–";
  for (const study::Relation& relation : analysis.relations) {
    if (relation.difficulty != analysing.difficulty) continue;
    if (!relation.series) {
      correlation = relation.correlation ? "Spearman *ρ = " + decimal(relation.correlation->rho, 2) + "*, " +
                                               study::p_text(relation.correlation->p) + ", " +
                                               std::to_string(relation.points) + " points."
                                         : "Spearman –: " + relation.why_not + ".";
      continue;
    }
    PlaneLine line;
    line.series = *relation.series;
    for (std::size_t i = 0; i < relation.bins.size(); ++i) {
      const study::Bin& bin = relation.bins[i];
      if (bin.count == 0) continue;
      line.x.push_back(static_cast<double>(i));
      line.y.push_back(bin.mean);
      line.error.push_back(bin.standard_deviation.value_or(0.0));
    }
    if (!line.x.empty()) lines.push_back(std::move(line));
  }
  sentence(correlation + " A click on a point shows its trial.");
  const float height = std::max(px(220), std::min(px(420), ImGui::GetContentRegionAvail().y * 0.6F));
  if (const auto clicked = draw_plane("##trials", {-1, height}, marks, {}, styles, look))
    analysing.trial = AnalysedTrial{points[*clicked]->experiment, points[*clicked]->trial_id};
  heading("in five bins of equally many trials");
  // By rank, not by value: one trial with a base near zero would push four bins into one place.
  draw_plane("##bins", {-1, px(220)}, {}, lines, styles,
             {"fifths of the trials by " + look.x_axis,
              look.y_axis,
              std::nullopt,
              {"lowest", "second", "middle", "fourth", "highest"}});
  sentence("Lines: standard deviation over trials. " + std::to_string(data.experiments.size()) +
           (data.experiments.size() == 1 ? " experiment." : " experiments."));
}

void draw_confidence_page(View& view, const Analysis& analysis) {
  const auto styles = study::styles_of(analysis.series);
  draw_series_legend(styles, labels_of(analysis));
  ImGui::Dummy({0, px(6)});
  const auto marks_of = [&](const std::vector<study::ConfidenceCell>& cells, bool share) {
    std::vector<study::ConfidenceCell> sorted = cells;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.confidence < b.confidence; });
    std::vector<ValueMark> marks;
    for (const study::ConfidenceCell& one : sorted) {
      if (!share && !one.accuracy) continue;
      ValueMark mark;
      mark.group = "confidence " + std::to_string(one.confidence);
      mark.series = one.series;
      mark.value = share ? one.share : *one.accuracy;
      mark.error = share ? one.share_two_sem : one.accuracy_two_sem;
      mark.tooltip = "*" + analysis.series[static_cast<std::size_t>(one.series)].label + "*, " + mark.group + ": *" +
                     std::to_string(one.trials) + "* trials, " + share_text(one.share) + " of all; " +
                     (one.accuracy ? share_text(*one.accuracy) + " right" : "–");
      marks.push_back(std::move(mark));
    }
    return marks;
  };
  heading("accuracy by confidence");
  const auto accuracies = marks_of(analysis.confidence, false);
  if (accuracies.empty()) sentence("These answers say no confidence.");
  draw_values("##calibration", accuracies, styles, {"trials answered right", true, 0.5, std::nullopt});
  heading("how often each was chosen");
  bool& published = view.workspace.analysing.published_confidence;
  if (chip("as people saw it", !published)) published = false;
  flow(chip_width("as published"));
  if (chip("as published", published)) published = true;
  draw_values("##shares", marks_of(published ? analysis.published_confidence : analysis.confidence, true), styles,
              {"of a condition's trials", true, std::nullopt, 0.0});
  if (published) sentence("The published page stored left answers with 1 and 3 exchanged.");
  heading("reaction time");
  std::vector<ValueMark> times;
  for (const study::Which which : {study::Which::all, study::Which::correct, study::Which::incorrect})
    for (const study::ReactionTime& time : analysis.reaction_times) {
      if (time.which != which) continue;
      ValueMark mark;
      mark.group = study::to_string(which);
      mark.series = time.series;
      mark.value = time.mean_s;
      mark.error = time.two_sem_s;
      mark.tooltip = "*" + analysis.series[static_cast<std::size_t>(time.series)].label + "*, " + mark.group +
                     ": mean *" + decimal(time.mean_s, 2) + " s*, median " + decimal(time.median_s, 2) + " s, " +
                     std::to_string(time.trials) + " trials";
      times.push_back(std::move(mark));
    }
  if (times.empty()) sentence("These answers say no reaction time.");
  draw_values("##times", times, styles, {"seconds", false, std::nullopt, 0.0});
}

void draw_agreement_page(View& /*nothing is chosen here*/, const Analysis& analysis) {
  heading("agreement on right and wrong, Cohen's kappa times 100");
  const study::KappaMatrix& matrix = analysis.kappa;
  float labels = 0.0F;
  for (const std::string& name : matrix.names) labels = std::max(labels, text_width(name));
  labels = std::min(labels, px(170)) + px(10);
  const auto count = static_cast<float>(matrix.names.size());
  const float side = std::clamp((ImGui::GetContentRegionAvail().x - labels) / count, px(44), px(76));
  const float tall = px(42);
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  float head = 0.0F;
  for (const std::string& name : matrix.names) head = std::max(head, sentence_height(name, side - px(4)));
  head += px(3);
  for (std::size_t i = 0; i < matrix.names.size(); ++i) {
    const float y = origin.y + head + static_cast<float>(i) * tall;
    list->AddText({origin.x, y + (tall - ImGui::GetFontSize()) / 2}, colour(palette::kNormal),
                  fitted(matrix.names[i], labels - px(10)).c_str());
    const float column = origin.x + labels + static_cast<float>(i) * side;
    const float lines = sentence_height(matrix.names[i], side - px(4));
    draw_sentence(list, {column + px(2), origin.y + head - px(3) - lines}, side - px(4), matrix.names[i],
                  palette::kLabel);
    for (std::size_t k = 0; k < matrix.names.size(); ++k) {
      const study::KappaCell& kappa = matrix.at(i, k);
      const ImVec2 at(origin.x + labels + static_cast<float>(k) * side, y);
      const ImVec2 max(at.x + side - px(2), at.y + tall - px(2));
      const auto strength = static_cast<float>(0.06 + 0.6 * std::min(1.0, std::fabs(kappa.mean.value_or(0.0))));
      list->AddRectFilled(at, max, colour(kappa.mean.value_or(0.0) < 0 ? palette::kAccent : palette::kData, strength),
                          px(2));
      std::string words = study::kappa_text(kappa, analysis.options.fidelity);
      if (words.starts_with('-')) words.replace(0, 1, "−");
      list->AddText({at.x + (side - px(2) - text_width(words)) / 2, at.y + (tall - px(2) - ImGui::GetFontSize()) / 2},
                    colour(palette::kStrong), words.c_str());
      if (!ImGui::IsMouseHoveringRect(at, max)) continue;
      const std::string both = "*" + matrix.names[i] + "* and *" + matrix.names[k] + "*: ";
      show_tooltip(kappa.mean ? both + "*" + decimal(*kappa.mean, 3) + "*" +
                                    (kappa.two_sem ? " ± " + decimal(*kappa.two_sem, 3) : "") + " over " +
                                    std::to_string(kappa.pairs) + " pairs" +
                                    (kappa.by_definition > 0
                                         ? ", " + std::to_string(kappa.by_definition) + " of them 1 by definition"
                                         : "")
                              : both + "– " + kappa.why_not);
    }
  }
  ImGui::Dummy({labels + count * side, head + count * tall + px(8)});
  sentence(
      "Mean and two standard errors over pairs of participants who answered the same trials. Two who are both right, "
      "or both wrong, in every trial count as 100.");
}

void draw_exclusions_page(View& /*nothing is chosen here*/, const Analysis& analysis, const study::AnalysisData& data) {
  for (const study::Histogram& histogram : analysis.histograms) {
    heading(histogram.title);
    if (!histogram.why_not.empty()) {
      sentence("– " + histogram.why_not + ".");
      continue;
    }
    Bars bars;
    bars.edges = histogram.edges;
    bars.lower.assign(histogram.kept.begin(), histogram.kept.end());
    bars.upper.assign(histogram.excluded.begin(), histogram.excluded.end());
    for (const study::CutOff& cut : histogram.cut_offs) bars.cut_offs.emplace_back(cut.at, cut.label);
    draw_bars(("##" + histogram.title).c_str(), {-1, px(170)}, bars, histogram.axis.c_str());
  }
  heading("who is left out");
  int listed = 0;
  for (const study::Judged& judged : analysis.sessions) {
    if (judged.reasons.empty()) continue;
    const study::Participation& session = data.sessions[judged.session];
    std::string reasons;
    for (const std::string& reason : judged.reasons) reasons += (reasons.empty() ? "" : "; ") + reason;
    sentence("*" + session.participant + "*, " + analysis.series[static_cast<std::size_t>(judged.series)].label + ": " +
             reasons + (judged.excluded ? "." : " (kept: exclusion is off)."));
    ++listed;
  }
  if (listed == 0) sentence("Nobody: every session meets every rule.");
  for (const std::string& note : analysis.notes) sentence(note);
}

}  // namespace ui

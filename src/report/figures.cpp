#include "report/figures.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/hash.h"
#include "report/drawn_figures.h"
#include "report/plot.h"

namespace report {
namespace {

using study::Accuracy;
using study::Analysis;

constexpr std::size_t kMostGroups = 80;  // in one plot; the table has all

std::vector<std::string> labels_of(const Analysis& analysis) {
  std::vector<std::string> labels;
  for (const study::Series& series : analysis.series) labels.push_back(cleaned(series.label));
  return labels;
}

std::string tooltip_of(const std::string& what, const Accuracy& accuracy) {
  return what + ": " + fixed(100.0 * accuracy.mean, 1) + " % (" + std::to_string(accuracy.correct) + " of " +
         std::to_string(accuracy.trials) + " trials, " + std::to_string(accuracy.participants) + " participants)" +
         (accuracy.two_sem ? ", 2 SEM " + fixed(100.0 * *accuracy.two_sem, 1) + " %" : "") + ", 95 % " +
         fixed(100.0 * accuracy.ci95.low, 1) + " – " + fixed(100.0 * accuracy.ci95.high, 1) + " %";
}

ValueRow row_of(const Accuracy& accuracy, int series, const std::string& label) {
  ValueRow row;
  row.label = label;
  row.series = series;
  row.value = accuracy.mean;
  row.error = accuracy.two_sem;
  row.interval = accuracy.ci95;
  row.note = accuracy.two_sem ? plus_minus(accuracy.mean, *accuracy.two_sem) : percent(accuracy.mean) + "  n = 1";
  row.tooltip = tooltip_of(label, accuracy);
  return row;
}

ValuePlot value_plot(const Analysis& analysis, const std::string& title, const std::string& axis) {
  ValuePlot plot;
  plot.title = title;
  plot.axis = axis;
  plot.styles = study::styles_of(analysis.series);
  return plot;
}

Figure accuracy_figure(const Analysis& analysis) {
  ValuePlot plot = value_plot(analysis, "Accuracy by condition", "trials answered right");
  plot.reference = 0.5;
  plot.least_low = 0.4;
  ValueGroup people, rules;
  for (std::size_t s = 0; s < analysis.series.size(); ++s) {
    const std::string label = cleaned(analysis.series[s].label);
    if (analysis.accuracy[s]) {
      people.rows.push_back(row_of(*analysis.accuracy[s], static_cast<int>(s), label));
    } else {
      ValueRow row;
      row.label = label;
      row.series = static_cast<int>(s);
      row.note = "– nobody left";
      people.rows.push_back(row);
    }
  }
  for (const study::BaselineAccuracy& baseline : analysis.baselines) {
    if (!baseline.mean) continue;
    ValueRow row;
    row.label = study::baseline_label(baseline.rule);
    row.value = baseline.mean;
    row.error = baseline.two_sem;
    row.note = baseline.two_sem ? plus_minus(*baseline.mean, *baseline.two_sem) : percent(*baseline.mean);
    row.tooltip =
        row.label + ": " + fixed(100.0 * *baseline.mean, 1) + " % of " + std::to_string(baseline.trials) + " trials";
    rules.rows.push_back(row);
  }
  plot.groups = {people, rules};
  return Figure{"accuracy", Section::accuracy,
                "Thick: two standard errors over participants. Thin: 95 % of bootstraps over participants (one "
                "participant: exact binomial over trials). Dashed: guessing. Below: rules that look at the squares "
                "only, on the same trials.",
                draw(plot)};
}

std::optional<Figure> breakdown_figure(const Analysis& analysis, study::Factor factor) {
  ValuePlot plot =
      value_plot(analysis, "Accuracy by " + std::string(study::to_string(factor)), "trials answered right");
  plot.reference = 0.5;
  plot.legend = labels_of(analysis);
  for (const study::BreakdownCell& cell : analysis.breakdown) {
    if (cell.factor != factor) continue;
    if (plot.groups.empty() || plot.groups.back().heading != cell.value) {
      if (plot.groups.size() == kMostGroups) break;
      plot.groups.push_back({cell.value, {}});
    }
    ValueRow row = row_of(cell.accuracy, cell.series, "");
    row.tooltip =
        tooltip_of(cell.value + ", " + analysis.series[static_cast<std::size_t>(cell.series)].label, cell.accuracy);
    row.note.clear();
    row.interval.reset();
    plot.groups.back().rows.push_back(std::move(row));
  }
  if (plot.groups.size() < 2) return std::nullopt;  // one group only is the plot above
  std::string name = "accuracy_by_" + std::string(study::to_string(factor));
  std::replace(name.begin(), name.end(), ' ', '_');
  return Figure{name, Section::parts, "Lines: two standard errors over participants.", draw(plot)};
}

// Up to 1 % of the range, as published, but the same for a trial in every run.
double jitter(const std::string& trial, int series) {
  const auto bits = base::hash64(trial + "#" + std::to_string(series)) >> 11;
  return 0.02 * (static_cast<double>(bits) * 0x1.0p-53 - 0.5);
}

std::string correlation_text(const study::Relation& relation) {
  if (!relation.correlation) return "Spearman –: " + relation.why_not;
  return "Spearman ρ = " + fixed(relation.correlation->rho, 2) + ", " + study::p_text(relation.correlation->p) + ", " +
         std::to_string(relation.points) + " points";
}

void add_difficulty_figures(const Analysis& analysis, study::Difficulty difficulty, std::vector<Figure>& into) {
  const auto index = static_cast<std::size_t>(difficulty);
  PlanePlot plot;
  plot.title = "Accuracy per trial: " + std::string(study::to_string(difficulty));
  plot.x_axis = study::to_string(difficulty);
  if (text_width(plot.x_axis, kTextSize) > 350.0) plot.x_axis = study::key_of(difficulty);
  plot.y_axis = "answered right";
  plot.styles = study::styles_of(analysis.series);
  plot.legend = labels_of(analysis);
  plot.y_low = -0.03;
  plot.y_high = 1.03;
  plot.reference = 0.5;
  for (const study::TrialPoint& point : analysis.points) {
    if (!point.difficulty[index]) continue;
    const std::string& label = analysis.series[static_cast<std::size_t>(point.series)].label;
    plot.points.push_back({*point.difficulty[index], point.accuracy() + jitter(point.trial_id, point.series),
                           point.series,
                           point.trial_id + ", " + label + ": " + std::to_string(point.correct) + " of " +
                               std::to_string(point.answers) + " right at " + fixed(*point.difficulty[index], 3),
                           trial_anchor(point)});
  }
  if (plot.points.empty()) return;
  PlanePlot binned = plot;
  binned.points.clear();
  for (const study::Relation& relation : analysis.relations) {
    if (relation.difficulty != difficulty) continue;
    if (!relation.series) {
      plot.remark = correlation_text(relation);
      continue;
    }
    PlotLine line;
    line.series = *relation.series;
    for (const study::Bin& bin : relation.bins) {
      if (bin.count == 0) continue;
      line.points.push_back({0.5 * (bin.low + bin.high), bin.mean, line.series,
                             analysis.series[static_cast<std::size_t>(line.series)].label + ": " +
                                 std::to_string(bin.count) + " trials from " + fixed(bin.low, 3) + " to " +
                                 fixed(bin.high, 3) + ", " + fixed(100.0 * bin.mean, 1) + " % right",
                             ""});
      line.errors.push_back(bin.standard_deviation);
    }
    if (!line.points.empty()) binned.lines.push_back(std::move(line));
  }
  const std::string name(study::key_of(difficulty));
  into.push_back(Figure{"trials_" + name, Section::difficulty,
                        "One point a trial and condition; it leads to the trial. Moved up or down by at most 1 % so "
                        "that points show.",
                        draw(plot)});
  if (binned.lines.empty()) return;
  binned.title = "Five bins: " + std::string(study::to_string(difficulty));
  binned.remark = "Bins of equally many trials; bars: standard deviation over trials";
  into.push_back(Figure{"bins_" + name, Section::difficulty,
                        "Mean over the trials of each bin, at the middle of the bin.", draw(binned)});
}

std::optional<Figure> confidence_figure(const Analysis& analysis, const std::vector<study::ConfidenceCell>& cells,
                                        bool share, bool published) {
  ValuePlot plot = value_plot(analysis, share ? "How often each confidence was chosen" : "Accuracy by confidence",
                              share ? "of a condition's trials" : "trials answered right");
  if (published) plot.title += ", as published";
  plot.legend = labels_of(analysis);
  if (share)
    plot.least_low = 0.0;
  else
    plot.reference = 0.5;
  std::map<int, ValueGroup> groups;
  for (const study::ConfidenceCell& cell : cells) {
    ValueRow row;
    row.series = cell.series;
    row.value = share ? std::optional(cell.share) : cell.accuracy;
    row.error = share ? cell.share_two_sem : cell.accuracy_two_sem;
    row.tooltip = analysis.series[static_cast<std::size_t>(cell.series)].label + ", confidence " +
                  std::to_string(cell.confidence) + ": " + std::to_string(cell.trials) + " trials, " +
                  (cell.accuracy ? fixed(100.0 * *cell.accuracy, 1) + " % right" : "–");
    ValueGroup& group = groups[cell.confidence];
    group.heading = "confidence " + std::to_string(cell.confidence);
    group.rows.push_back(std::move(row));
  }
  for (auto& [confidence, group] : groups) plot.groups.push_back(std::move(group));
  if (plot.groups.empty()) return std::nullopt;
  const std::string caption =
      published ? "As the published page stored it: for left answers 1 and 3 are exchanged. Error bars as in the "
                  "published figure, where participants of other conditions enter as 0."
                : "The label that the person saw. Lines: two standard errors over participants.";
  return Figure{std::string(share ? "confidence_share" : "confidence_accuracy") + (published ? "_as_published" : ""),
                Section::confidence, caption, draw(plot)};
}

std::optional<Figure> reaction_time_figure(const Analysis& analysis) {
  ValuePlot plot = value_plot(analysis, "Reaction time", "mean, seconds");
  plot.as_percent = false;
  plot.legend = labels_of(analysis);
  plot.least_low = 0.0;
  for (const study::Which which : {study::Which::all, study::Which::correct, study::Which::incorrect}) {
    ValueGroup group{std::string(study::to_string(which)), {}};
    for (const study::ReactionTime& time : analysis.reaction_times) {
      if (time.which != which) continue;
      ValueRow row;
      row.series = time.series;
      row.value = time.mean_s;
      row.error = time.two_sem_s;
      row.tooltip = analysis.series[static_cast<std::size_t>(time.series)].label + ", " + group.heading + ": mean " +
                    fixed(time.mean_s, 2) + " s, median " + fixed(time.median_s, 2) + " s, " +
                    std::to_string(time.trials) + " trials";
      group.rows.push_back(std::move(row));
    }
    if (!group.rows.empty()) plot.groups.push_back(std::move(group));
  }
  if (plot.groups.empty()) return std::nullopt;
  return Figure{"reaction_time", Section::reaction_time,
                "All trials, those answered right and those answered wrong. Lines: two standard errors over "
                "participants' means.",
                draw(plot)};
}

Figure overlap_figure(const study::AnalysisData& data, const Analysis& analysis, const study::LabelOverlap& overlap) {
  ValuePlot plot = value_plot(analysis, "References with the query's label: " + overlap.condition,
                              "trials of " + data.experiments[overlap.experiment]->name);
  plot.as_percent = false;
  plot.least_low = 0.0;
  ValueGroup group;
  for (std::size_t i = 0; i < overlap.trials_with.size(); ++i) {
    ValueRow row;
    row.label = std::to_string(i) + (i == 1 ? " reference" : " references");
    row.value = overlap.trials_with[i];
    row.note = std::to_string(overlap.trials_with[i]);
    row.tooltip = row.label + ": " + row.note + " trials";
    group.rows.push_back(std::move(row));
  }
  plot.groups = {group};
  return Figure{"label_overlap_" + std::to_string(overlap.experiment) + "_" + overlap.condition, Section::pictures,
                "Main trials, whoever answered them.", draw(plot)};
}

}  // namespace

std::string trial_anchor(const study::TrialPoint& point) {
  std::string anchor = "trial-" + std::to_string(point.experiment) + "-" + point.trial_id;
  for (char& c : anchor) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!plain) c = '.';
  }
  return anchor;
}

std::vector<Figure> figures(const study::AnalysisData& data, const Analysis& analysis) {
  std::vector<Figure> list;
  const auto add = [&](std::optional<Figure> figure) {
    if (figure) list.push_back(*std::move(figure));
  };
  add(accuracy_figure(analysis));
  for (const study::Factor factor : study::kFactors) add(breakdown_figure(analysis, factor));
  for (const study::Difficulty difficulty : study::kDifficulties) add_difficulty_figures(analysis, difficulty, list);
  add(confidence_figure(analysis, analysis.confidence, /*share=*/false, /*published=*/false));
  add(confidence_figure(analysis, analysis.confidence, /*share=*/true, /*published=*/false));
  add(confidence_figure(analysis, analysis.published_confidence, /*share=*/true, /*published=*/true));
  add(reaction_time_figure(analysis));
  add(kappa_figure(analysis));
  for (const study::Histogram& histogram : analysis.histograms)
    if (histogram.why_not.empty()) add(histogram_figure(analysis, histogram));
  for (const study::LabelOverlap& overlap : analysis.label_overlap) add(overlap_figure(data, analysis, overlap));
  for (Figure& figure : list) add_footnote(figure.drawing, analysis.footnote);
  return list;
}

}  // namespace report

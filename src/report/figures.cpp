#include "report/figures.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/hash.h"
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

Figure finished(const Analysis& analysis, std::string name, Section section, std::string caption, Drawing drawing) {
  add_footnote(drawing, analysis.footnote);
  return {std::move(name), section, std::move(caption), std::move(drawing)};
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
  return finished(analysis, "accuracy", Section::accuracy,
                  "Thick: two standard errors over participants. Thin: 95 % of bootstraps over participants (one "
                  "participant: exact binomial over trials). Dashed: guessing. Below: rules that look at the squares "
                  "only, on the same trials.",
                  draw(plot));
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
  return finished(analysis, name, Section::parts, "Lines: two standard errors over participants.", draw(plot));
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
  into.push_back(finished(analysis, "trials_" + name, Section::difficulty,
                          "One point a trial and condition; it leads to the trial. Moved up or down by at most 1 % so "
                          "that points show.",
                          draw(plot)));
  if (binned.lines.empty()) return;
  binned.title = "Five bins: " + std::string(study::to_string(difficulty));
  binned.remark = "Bins of equally many trials; bars: standard deviation over trials";
  into.push_back(finished(analysis, "bins_" + name, Section::difficulty,
                          "Mean over the trials of each bin, at the middle of the bin.", draw(binned)));
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
  return finished(analysis,
                  std::string(share ? "confidence_share" : "confidence_accuracy") + (published ? "_as_published" : ""),
                  Section::confidence, caption, draw(plot));
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
  return finished(analysis, "reaction_time", Section::reaction_time,
                  "All trials, those answered right and those answered wrong. Lines: two standard errors over "
                  "participants' means.",
                  draw(plot));
}

Figure kappa_figure(const Analysis& analysis) {
  const study::KappaMatrix& matrix = analysis.kappa;
  constexpr double kCell = 46.0, kEdge = 8.0;
  Drawing drawing;
  drawing.styles = study::styles_of(analysis.series);
  drawing.title = "Trial-by-trial agreement, Cohen's kappa times 100";
  double label_width = 0.0;
  for (const std::string& name : matrix.names) label_width = std::max(label_width, text_width(name, kTextSize));
  label_width = std::min(label_width, 200.0);
  const auto count = static_cast<double>(matrix.names.size());
  const double left = kEdge + label_width + 10.0;
  const double head = std::min(label_width, 130.0) + 10.0;
  drawing.width = std::max(kPlotWidth, left + count * kCell + kEdge);
  drawing.shapes.push_back(Text{kEdge, 20.0, drawing.title, kTextSize + 1.0, Align::left, {}, true});
  const double top = 30.0 + head;
  for (std::size_t i = 0; i < matrix.names.size(); ++i) {
    const double at = static_cast<double>(i) * kCell;
    drawing.shapes.push_back(
        Text{left - 8.0, top + at + 0.5 * kCell + 4.0, cleaned(matrix.names[i]), kTextSize, Align::right, {}});
    drawing.shapes.push_back(Text{
        left + at + 0.5 * kCell + 4.0, top - 8.0, cleaned(matrix.names[i]), kTextSize, Align::left, {}, false, true});
    for (std::size_t k = 0; k < matrix.names.size(); ++k) {
      const study::KappaCell& cell = matrix.at(i, k);
      const double value = cell.mean.value_or(0.0);
      const std::string names = matrix.names[i] + " and " + matrix.names[k] + ": ";
      const std::string tooltip =
          cell.mean ? names + fixed(*cell.mean, 3) + (cell.two_sem ? " ± " + fixed(*cell.two_sem, 3) : "") + " over " +
                          std::to_string(cell.pairs) + " pairs" +
                          (cell.by_definition > 0 ? ", " + std::to_string(cell.by_definition) + " by definition" : "")
                    : names + "– " + cell.why_not;
      const double x = left + static_cast<double>(k) * kCell;
      drawing.shapes.push_back(
          Box{x + 0.5,
              top + at + 0.5,
              kCell - 1.0,
              kCell - 1.0,
              {value < 0.0 ? Ink::negative : Ink::positive, 0, 0.06 + 0.6 * std::min(1.0, std::abs(value))},
              false,
              tooltip});
      drawing.shapes.push_back(Text{x + 0.5 * kCell,
                                    top + at + 0.5 * kCell + 4.0,
                                    study::kappa_text(cell, analysis.options.fidelity),
                                    11.0,
                                    Align::middle,
                                    {}});
    }
  }
  drawing.height = top + count * kCell + 8.0;
  return finished(analysis, "kappa", Section::agreement,
                  "On right and wrong answers to the same trials: mean and two standard errors over pairs of "
                  "participants (or participant and rule), times 100. Two who are both right, or both wrong, in every "
                  "trial count as 1. A dash: nobody answered the same trials.",
                  std::move(drawing));
}

Figure histogram_figure(const Analysis& analysis, const study::Histogram& histogram) {
  Drawing drawing;
  drawing.width = kPlotWidth;
  drawing.title = histogram.title;
  drawing.styles = study::styles_of(analysis.series);
  drawing.shapes.push_back(Text{8.0, 20.0, histogram.title, kTextSize + 1.0, Align::left, {}, true});
  const double top = 56.0 + 14.0 * static_cast<double>(histogram.cut_offs.size()), bottom = top + 130.0;
  int most = 1;
  for (std::size_t i = 0; i < histogram.kept.size(); ++i)
    most = std::max(most, histogram.kept[i] + histogram.excluded[i]);
  const Scale x{histogram.edges.front(), histogram.edges.back(), 46.0, kPlotWidth - 12.0};
  const Scale y{0.0, 1.05 * most, bottom, top};
  const auto y_ticks = ticks(0.0, most, 4);
  for (const double value : y_ticks) {
    if (value != std::floor(value)) continue;
    drawing.shapes.push_back(Line{x.first_px, y.at(value), x.last_px, y.at(value), {Ink::grid}});
    drawing.shapes.push_back(
        Text{x.first_px - 6.0, y.at(value) + 4.0, fixed(value, 0), kSmallSize, Align::right, {Ink::faint}});
  }
  for (const double value : ticks(x.low, x.high, 7))
    drawing.shapes.push_back(
        Text{x.at(value), bottom + 15.0, tick_text(value, x.high / 7.0), kSmallSize, Align::middle, {Ink::faint}});
  drawing.shapes.push_back(
      Text{0.5 * (x.first_px + x.last_px), bottom + 31.0, histogram.axis, kTextSize, Align::middle, {Ink::faint}});
  for (std::size_t i = 0; i < histogram.kept.size(); ++i) {
    const double left = x.at(histogram.edges[i]) + 0.5, width = x.at(histogram.edges[i + 1]) - left - 0.5;
    const double kept = histogram.kept[i], all = kept + histogram.excluded[i];
    const std::string tooltip = fixed(histogram.edges[i], 1) + " to " + fixed(histogram.edges[i + 1], 1) +
                                " s: " + std::to_string(histogram.kept[i]) + " kept, " +
                                std::to_string(histogram.excluded[i]) + " excluded";
    if (kept > 0)
      drawing.shapes.push_back(Box{left, y.at(kept), width, bottom - y.at(kept), {Ink::positive}, false, tooltip});
    if (all > kept)
      drawing.shapes.push_back(Box{left, y.at(all), width, y.at(kept) - y.at(all), {Ink::strong}, true, tooltip});
  }
  drawing.shapes.push_back(Box{8.0, 32.0, 10.0, 10.0, {Ink::positive}, false, ""});
  drawing.shapes.push_back(Text{22.0, 41.0, "kept", kSmallSize, Align::left, {}});
  drawing.shapes.push_back(Box{62.0, 32.0, 10.0, 10.0, {Ink::strong}, true, ""});
  drawing.shapes.push_back(Text{76.0, 41.0, "of an excluded session", kSmallSize, Align::left, {}});
  double label_y = 60.0;  // above the bars
  for (const study::CutOff& cut : histogram.cut_offs) {
    const double at = x.at(cut.at);
    drawing.shapes.push_back(Line{at, label_y - 9.0, at, bottom, {Ink::strong}, 1.5, true});
    const bool right = at > 0.6 * kPlotWidth;
    drawing.shapes.push_back(Text{
        at + (right ? -5.0 : 5.0), label_y, cut.label, kSmallSize, right ? Align::right : Align::left, {Ink::strong}});
    label_y += 14.0;
  }
  drawing.height = bottom + 38.0;
  std::string name = histogram.title;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c == ' ' ? '_' : static_cast<char>(c | 0x20); });
  return finished(analysis, "histogram_" + name, Section::exclusions,
                  histogram.cut_offs.empty() ? "The published rules have no cut-off for it."
                                             : "Dashed: the cut-offs of the exclusion rules.",
                  std::move(drawing));
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
  return finished(analysis, "label_overlap_" + std::to_string(overlap.experiment) + "_" + overlap.condition,
                  Section::pictures, "Main trials, whoever answered them.", draw(plot));
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
  return list;
}

}  // namespace report

#include "report/drawn_figures.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "report/plot.h"

namespace report {

Figure kappa_figure(const study::Analysis& analysis) {
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
  return Figure{"kappa", Section::agreement,
                "On right and wrong answers to the same trials: mean and two standard errors over pairs of "
                "participants (or participant and rule), times 100. Two who are both right, or both wrong, in every "
                "trial count as 1. A dash: nobody answered the same trials.",
                std::move(drawing)};
}

Figure histogram_figure(const study::Analysis& analysis, const study::Histogram& histogram) {
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
  return Figure{"histogram_" + name, Section::exclusions,
                histogram.cut_offs.empty() ? "The published rules have no cut-off for it."
                                           : "Dashed: the cut-offs of the exclusion rules.",
                std::move(drawing)};
}

}  // namespace report

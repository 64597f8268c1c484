#include "report/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace report {
namespace {

constexpr double kEdge = 8.0;  // around everything
constexpr double kTitleLine = 20.0;
constexpr double kRowHeight = 22.0;
constexpr double kThinRowHeight = 11.0;  // in groups of several series
constexpr double kAxisHeight = 38.0;

void add_title(Drawing& drawing, const std::string& title) {
  drawing.title = title;
  for (const std::string& line : wrapped(title, kTextSize + 1.0, drawing.width - 2.0 * kEdge)) {
    drawing.height += kTitleLine;
    drawing.shapes.push_back(Text{kEdge, drawing.height, line, kTextSize + 1.0, Align::left, {}, true});
  }
  drawing.height += 8.0;
}

double longest(const std::vector<std::string>& texts, double size) {
  double width = 0.0;
  for (const std::string& text : texts) width = std::max(width, text_width(text, size));
  return width;
}

// A text cut to a width, with an ellipsis.
std::string shortened(const std::string& text, double size, double width) {
  const std::string clean = cleaned(text);
  // No letter is narrower than a pixel or longer than four bytes: what lies beyond need not be measured.
  const std::size_t most = std::min(clean.size(), 4 * static_cast<std::size_t>(std::max(width, 0.0)));
  if (most == clean.size() && text_width(clean, size) <= width) return clean;
  const auto cut_before = [&](std::size_t end) {
    while (end > 0 && end < clean.size() && (static_cast<unsigned char>(clean[end]) & 0xc0) == 0x80) --end;
    return clean.substr(0, end) + "…";
  };
  std::size_t fits = 0;
  for (std::size_t too_long = most + 1; too_long - fits > 1;) {
    const std::size_t middle = fits + (too_long - fits) / 2;
    (text_width(cut_before(middle), size) <= width ? fits : too_long) = middle;
  }
  return cut_before(fits);
}

struct Range {
  double low = 0.0, high = 0.0;
  bool any = false;
  void add(double value) {
    if (!std::isfinite(value)) return;
    low = any ? std::min(low, value) : value;
    high = any ? std::max(high, value) : value;
    any = true;
  }
};

Range range_of(const ValuePlot& plot) {
  Range range;
  for (const ValueGroup& group : plot.groups)
    for (const ValueRow& row : group.rows) {
      if (!row.value) continue;
      range.add(*row.value);
      if (row.error) {
        range.add(*row.value - *row.error);
        range.add(*row.value + *row.error);
      }
      if (row.interval) {
        range.add(row.interval->low);
        range.add(row.interval->high);
      }
    }
  if (plot.reference) range.add(*plot.reference);
  if (plot.least_low) range.add(*plot.least_low);
  const double margin = 0.03 * (range.high - range.low);
  range.low -= margin;
  range.high += margin;
  if (plot.as_percent) {  // a share knows its ends
    range.low = std::max(range.low, -0.02);
    range.high = std::min(range.high, 1.02);
  }
  if (!(range.high > range.low)) range.high = range.low + 1.0;
  return range;
}

void add_value_axis(Drawing& drawing, const Scale& scale, double top, double bottom, const std::string& title,
                    bool as_percent) {
  const auto values = ticks(scale.low, scale.high, 6);
  const double step = values.size() > 1 ? values[1] - values[0] : 1.0;
  for (const double value : values) {
    const double x = scale.at(value);
    drawing.shapes.push_back(Line{x, top, x, bottom, {Ink::grid}});
    drawing.shapes.push_back(Text{x,
                                  bottom + 15.0,
                                  as_percent ? percent(value) : tick_text(value, step),
                                  kSmallSize,
                                  Align::middle,
                                  {Ink::faint}});
  }
  drawing.shapes.push_back(
      Text{0.5 * (scale.first_px + scale.last_px), bottom + 31.0, title, kTextSize, Align::middle, {Ink::faint}});
}

void add_row(Drawing& drawing, const ValueRow& row, const Scale& scale, double y, double height) {
  if (!row.value) return;
  const Paint paint = row.series ? Paint{Ink::series, *row.series} : Paint{Ink::baseline};
  const double x = scale.at(*row.value);
  const auto inside = [&](double value) { return scale.at(std::clamp(value, scale.low, scale.high)); };
  if (row.interval) {
    const double low = inside(row.interval->low), high = inside(row.interval->high);
    drawing.shapes.push_back(Line{low, y, high, y, {Ink::faint}, 1.0});
    for (const double end : {low, high})
      drawing.shapes.push_back(Line{end, y - 0.16 * height, end, y + 0.16 * height, {Ink::faint}, 1.0});
  }
  if (row.error)
    drawing.shapes.push_back(
        Line{inside(*row.value - *row.error), y, inside(*row.value + *row.error), y, paint, height > 15.0 ? 4.0 : 2.5});
  const auto marker =
      row.series ? drawing.styles.at(static_cast<std::size_t>(*row.series)).marker : study::kBaselineStyle.marker;
  drawing.shapes.push_back(Mark{x, y, marker, height > 15.0 ? 10.0 : 7.5, paint, row.tooltip, ""});
}

}  // namespace

std::string fixed(double value, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  // Minus zero is zero.
  std::string result = text.data();
  if (result.starts_with('-') && result.find_first_not_of("-0.") == std::string::npos) result.erase(0, 1);
  return result;
}

std::string percent(double share) {
  return fixed(100.0 * share, 0) + " %";
}

std::string plus_minus(double share, double error) {
  return fixed(100.0 * share, 0) + " ± " + fixed(100.0 * error, 0) + " %";
}

std::vector<double> ticks(double low, double high, int most) {
  if (!(high > low)) return {low};
  double step = std::pow(10.0, std::floor(std::log10((high - low) / most)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0})
    if ((high - low) / (factor * step) <= most) {
      step *= factor;
      break;
    }
  std::vector<double> values;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step && values.size() < 50; k += 1.0)
    values.push_back(k * step);
  return values;
}

std::string tick_text(double value, double step) {
  const int decimals = step >= 1.0 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
  return fixed(value, std::clamp(decimals, 0, 6));
}

double add_legend(Drawing& drawing, const std::vector<std::string>& labels, double x, double y, double width) {
  constexpr double kLine = 17.0;
  double at = x, line = y + 9.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string label = shortened(labels[i], kSmallSize, width - 20.0);
    const double needed = 16.0 + text_width(label, kSmallSize) + 14.0;
    if (at > x && at + needed > x + width) {
      at = x;
      line += kLine;
    }
    drawing.shapes.push_back(
        Mark{at + 5.0, line - 4.0, drawing.styles.at(i).marker, 8.0, {Ink::series, static_cast<int>(i)}, "", ""});
    drawing.shapes.push_back(Text{at + 14.0, line, label, kSmallSize, Align::left, {}});
    at += needed;
  }
  return labels.empty() ? 0.0 : line + 8.0 - y;
}

void add_footnote(Drawing& drawing, const std::string& text) {
  drawing.height += 4.0;
  for (const std::string& line : wrapped(text, 9.0, drawing.width - 2.5 * kEdge)) {
    drawing.height += 11.5;
    drawing.shapes.push_back(Text{kEdge, drawing.height, line, 9.0, Align::left, {Ink::faint}});
  }
  drawing.height += kEdge;
}

Drawing draw(const ValuePlot& plot) {
  Drawing drawing;
  drawing.width = kPlotWidth;
  drawing.styles = plot.styles;
  add_title(drawing, plot.title);
  if (!plot.legend.empty())
    drawing.height += add_legend(drawing, plot.legend, kEdge, drawing.height, drawing.width - 2.0 * kEdge) + 4.0;

  std::vector<std::string> labels, notes;
  bool grouped = false;
  for (const ValueGroup& group : plot.groups) {
    grouped = grouped || !group.heading.empty();
    labels.push_back(group.heading);
    for (const ValueRow& row : group.rows) {
      labels.push_back(row.label);
      notes.push_back(row.note);
    }
  }
  const double label_width = std::min(150.0, longest(labels, kTextSize));
  const double note_width = std::min(96.0, longest(notes, kSmallSize));
  const Range range = range_of(plot);
  const Scale scale{range.low, range.high, kEdge + label_width + 12.0,
                    drawing.width - kEdge - (note_width > 0.0 ? note_width + 14.0 : 16.0)};
  const bool thin = grouped && !plot.legend.empty();
  const double height = thin ? kThinRowHeight : kRowHeight;
  double bottom = drawing.height;
  for (const ValueGroup& group : plot.groups)
    bottom += std::max(height * static_cast<double>(group.rows.size()), thin ? 16.0 : 0.0) + (thin ? 6.0 : 0.0);

  add_value_axis(drawing, scale, drawing.height, bottom, plot.axis, plot.as_percent);
  if (plot.reference)
    drawing.shapes.push_back(
        Line{scale.at(*plot.reference), drawing.height, scale.at(*plot.reference), bottom, {Ink::faint}, 1.0, true});
  double y = drawing.height;
  for (const ValueGroup& group : plot.groups) {
    const double tall =
        std::max(height * static_cast<double>(group.rows.size()), thin ? 16.0 : 0.0) + (thin ? 6.0 : 0.0);
    if (!group.heading.empty())
      drawing.shapes.push_back(Text{kEdge + label_width,
                                    y + 0.5 * tall + 4.0,
                                    shortened(group.heading, kTextSize, label_width),
                                    kTextSize,
                                    Align::right,
                                    {}});
    if (thin) drawing.shapes.push_back(Line{kEdge, y + tall, scale.last_px, y + tall, {Ink::grid}});
    double row_y = y + 0.5 * (tall - height * static_cast<double>(group.rows.size())) + 0.5 * height;
    for (const ValueRow& row : group.rows) {
      if (!row.label.empty())
        drawing.shapes.push_back(Text{kEdge + label_width,
                                      row_y + 4.0,
                                      shortened(row.label, kTextSize, label_width),
                                      kTextSize,
                                      Align::right,
                                      {}});
      add_row(drawing, row, scale, row_y, height);
      if (!row.note.empty())
        drawing.shapes.push_back(Text{drawing.width - kEdge,
                                      row_y + 4.0,
                                      shortened(row.note, kSmallSize, note_width),
                                      kSmallSize,
                                      Align::right,
                                      {row.value ? Ink::text : Ink::faint}});
      row_y += height;
    }
    y += tall;
  }
  drawing.height = bottom + kAxisHeight;
  return drawing;
}

Drawing draw(const PlanePlot& plot) {
  Drawing drawing;
  drawing.width = kPlotWidth;
  drawing.styles = plot.styles;
  add_title(drawing, plot.title);
  for (const std::string& line : wrapped(plot.remark, kSmallSize, drawing.width - 2.0 * kEdge)) {
    drawing.shapes.push_back(Text{kEdge, drawing.height + 6.0, line, kSmallSize, Align::left, {Ink::faint}});
    drawing.height += 15.0;
  }
  if (!plot.legend.empty())
    drawing.height += add_legend(drawing, plot.legend, kEdge, drawing.height, drawing.width - 2.0 * kEdge) + 6.0;

  Range range;
  for (const PlotPoint& point : plot.points) range.add(point.x);
  for (const PlotLine& line : plot.lines)
    for (const PlotPoint& point : line.points) range.add(point.x);
  if (!(range.high > range.low)) {
    range.low -= 0.5;
    range.high = range.low + 1.0;
  }
  const double margin = 0.04 * (range.high - range.low);
  const double top = drawing.height, bottom = top + 230.0;
  const Scale x{range.low - margin, range.high + margin, kEdge + 46.0, drawing.width - kEdge - 4.0};
  const Scale y{plot.y_low, plot.y_high, bottom, top};

  add_value_axis(drawing, x, top, bottom, plot.x_axis, false);
  const auto y_ticks = ticks(y.low, y.high, 6);
  const double step = y_ticks.size() > 1 ? y_ticks[1] - y_ticks[0] : 1.0;
  for (const double value : y_ticks) {
    drawing.shapes.push_back(Line{x.first_px, y.at(value), x.last_px, y.at(value), {Ink::grid}});
    drawing.shapes.push_back(Text{x.first_px - 6.0,
                                  y.at(value) + 4.0,
                                  plot.y_as_percent ? percent(value) : tick_text(value, step),
                                  kSmallSize,
                                  Align::right,
                                  {Ink::faint}});
  }
  drawing.shapes.push_back(
      Text{kEdge + 8.0, 0.5 * (top + bottom), plot.y_axis, kTextSize, Align::middle, {Ink::faint}, false, true});
  if (plot.reference)
    drawing.shapes.push_back(
        Line{x.first_px, y.at(*plot.reference), x.last_px, y.at(*plot.reference), {Ink::faint}, 1.0, true});

  for (const PlotPoint& point : plot.points)
    drawing.shapes.push_back(Mark{x.at(point.x),
                                  y.at(std::clamp(point.y, y.low, y.high)),
                                  drawing.styles.at(static_cast<std::size_t>(point.series)).marker,
                                  6.5,
                                  {Ink::series, point.series, 0.75},
                                  point.tooltip,
                                  point.link});
  double shift = 1.5 - 1.5 * static_cast<double>(plot.lines.size());  // so that errors of several series stand apart
  for (const PlotLine& line : plot.lines) {
    const Paint paint{Ink::series, line.series};
    const auto at = [&](const PlotPoint& point) { return x.at(point.x) + shift; };
    for (std::size_t i = 0; i < line.points.size(); ++i) {
      const PlotPoint& point = line.points[i];
      if (i > 0)
        drawing.shapes.push_back(
            Line{at(line.points[i - 1]), y.at(line.points[i - 1].y), at(point), y.at(point.y), paint, 1.5, true});
      if (line.errors[i])
        drawing.shapes.push_back(Line{at(point), y.at(std::max(y.low, point.y - *line.errors[i])), at(point),
                                      y.at(std::min(y.high, point.y + *line.errors[i])), paint, 1.5});
    }
    for (const PlotPoint& point : line.points)
      drawing.shapes.push_back(Mark{at(point), y.at(point.y),
                                    drawing.styles.at(static_cast<std::size_t>(line.series)).marker, 9.0, paint,
                                    point.tooltip, ""});
    shift += 3.0;
  }
  drawing.height = bottom + kAxisHeight;
  return drawing;
}

}  // namespace report

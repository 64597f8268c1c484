// The parts that all plots share: scales and ticks, frames, legends, and the two shapes that most results take: rows of
// values with their errors, and a plane of points. Private to report's .cpp files. Any thread.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "report/drawing.h"
#include "study/statistics.h"

namespace report {

inline constexpr double kPlotWidth = 420.0;  // fits a narrow page; wide pages set several side by side
inline constexpr double kTextSize = 12.0;
inline constexpr double kSmallSize = 10.5;

std::string fixed(double value, int decimals);
std::string percent(double share);                   // "67 %"
std::string plus_minus(double share, double error);  // "67 ± 4 %"

struct Scale {  // from values to pixels
  double low = 0.0, high = 1.0, first_px = 0.0, last_px = 1.0;
  [[nodiscard]] double at(double value) const { return first_px + (value - low) / (high - low) * (last_px - first_px); }
};
// Numbers of 1, 2 or 5 by a power of ten inside the range.
std::vector<double> ticks(double low, double high, int most);
std::string tick_text(double value, double step);

// Adds a legend of series in as many lines as it needs; returns its height.
double add_legend(Drawing& drawing, const std::vector<std::string>& labels, double x, double y, double width);
// Adds wrapped small text below `drawing.height` and grows it.
void add_footnote(Drawing& drawing, const std::string& text);

// ---- rows of values ----------------------------------------------------------------------------------------------

struct ValueRow {
  std::string label;                        // left; empty in groups, where the legend says it
  std::optional<int> series;                // absent: a baseline
  std::optional<double> value;              // absent: `note` says why
  std::optional<double> error;              // drawn to both sides, thick
  std::optional<study::Interval> interval;  // thin, with ends
  std::string note;                         // right
  std::string tooltip;
};
struct ValueGroup {
  std::string heading;  // may be empty
  std::vector<ValueRow> rows;
};
struct ValuePlot {
  std::string title, axis;
  std::vector<ValueGroup> groups;
  std::vector<study::SeriesStyle> styles;
  std::vector<std::string> legend;  // labels of the series; empty: rows have labels
  bool as_percent = true;
  std::optional<double> reference;  // a dashed line, such as chance
  std::optional<double> least_low;  // the axis begins at most here
};
Drawing draw(const ValuePlot& plot);

// ---- a plane of points -------------------------------------------------------------------------------------------

struct PlotPoint {
  double x = 0.0, y = 0.0;
  int series = 0;
  std::string tooltip, link;
};
struct PlotLine {  // through points in order, with an error on each
  int series = 0;
  std::vector<PlotPoint> points;
  std::vector<std::optional<double>> errors;
};
struct PlanePlot {
  std::string title, x_axis, y_axis, remark;  // the remark stands above, such as a correlation
  std::vector<PlotPoint> points;
  std::vector<PlotLine> lines;
  std::vector<study::SeriesStyle> styles;
  std::vector<std::string> legend;
  double y_low = 0.0, y_high = 1.0;
  bool y_as_percent = true;
  std::optional<double> reference;
};
Drawing draw(const PlanePlot& plot);

}  // namespace report

// The two shapes that most results of an analysis take in the window, drawn with ImPlot: rows of values with their
// errors, and a plane of points; and the frame, the legend and the tooltips that they share. Draw at the cursor, keep
// nothing. UI thread, inside a frame.
#pragma once
#include <imgui.h>

#include <optional>
#include <string>
#include <vector>

#include "study/series_style.h"
#include "study/statistics.h"

namespace ui {

// The colour of a series on the dark window; of rules without a series.
ImVec4 series_colour(const study::SeriesStyle& style);
// Markers and labels of the series, in as many lines as they need.
void draw_series_legend(const std::vector<study::SeriesStyle>& styles, const std::vector<std::string>& labels);

struct ValueMark {
  std::string group;  // the label at the left, once for all rows that follow with the same
  std::optional<int> series;
  double value = 0.0;
  std::optional<double> error;
  std::optional<study::Interval> interval;
  std::string tooltip;  // *stars* mark what matters
};
struct ValuesLook {
  const char* axis = "";
  bool percent = true;
  std::optional<double> reference;
  std::optional<double> low;  // the axis begins here at most
};
// As tall as its rows.
void draw_values(const char* id, const std::vector<ValueMark>& marks, const std::vector<study::SeriesStyle>& styles,
                 const ValuesLook& look);

struct PlaneMark {
  double x = 0.0, y = 0.0;
  int series = 0;
  std::string tooltip;
};
struct PlaneLine {  // over the plot's places
  int series = 0;
  std::vector<double> x, y, error;
};
// From where to where a plot shows these values: all, unless a few lie so far off that the rest would be one heap.
// Tukey's outer fences (three interquartile ranges beyond the quartiles) are where it ends then.
struct Span {
  double low = 0.0, high = 1.0;
  int beyond = 0;  // how many values are not inside
};
Span span_of(std::vector<double> values);

struct PlaneLook {
  std::string x_axis, y_axis;
  std::optional<std::size_t> chosen;  // drawn with a ring
  std::vector<const char*> places;    // names of x = 0, 1, …; empty: x is a number
};
// Marks beyond the span of all stand at its edge, and the axis says how many. Returns the mark that was clicked.
std::optional<std::size_t> draw_plane(const char* id, ImVec2 size, const std::vector<PlaneMark>& marks,
                                      const std::vector<PlaneLine>& lines,
                                      const std::vector<study::SeriesStyle>& styles, const PlaneLook& look);

struct Bars {
  std::vector<double> edges;         // one more than the others
  std::vector<double> lower, upper;  // stacked
  std::vector<std::pair<double, std::string>> cut_offs;
};
void draw_bars(const char* id, ImVec2 size, const Bars& bars, const char* axis);

// At once, over whatever is under the mouse.
void show_tooltip(const std::string& words);

}  // namespace ui

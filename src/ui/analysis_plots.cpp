#include "ui/analysis_plots.h"

#include <implot.h>

#include <algorithm>
#include <cmath>

#include "study/statistics.h"
#include "ui/theme.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr float kReach = 9.0F;  // design pixels from the mouse to the mark that it means

ImVec4 of_rgb(std::uint32_t rgb, float alpha = 1.0F) {
  return ImGui::ColorConvertU32ToFloat4(colour(rgb, alpha));
}

ImPlotMarker marker_of(study::Marker marker) {
  switch (marker) {
    case study::Marker::circle:
      return ImPlotMarker_Circle;
    case study::Marker::square:
      return ImPlotMarker_Square;
    case study::Marker::triangle:
      return ImPlotMarker_Up;
    case study::Marker::diamond:
      return ImPlotMarker_Diamond;
    case study::Marker::triangle_down:
      return ImPlotMarker_Down;
    case study::Marker::cross:
      return ImPlotMarker_Cross;
    case study::Marker::plus:
      return ImPlotMarker_Plus;
  }
  return ImPlotMarker_Circle;
}

study::SeriesStyle style_of(std::optional<int> series, const std::vector<study::SeriesStyle>& styles) {
  return series ? styles.at(static_cast<std::size_t>(*series)) : study::kBaselineStyle;
}

// Colours and spacing of the window for one plot.
class PlotTheme {
 public:
  PlotTheme() {
    ImPlot::PushStyleColor(ImPlotCol_FrameBg, ImVec4(0, 0, 0, 0));
    ImPlot::PushStyleColor(ImPlotCol_PlotBg, ImVec4(0, 0, 0, 0));
    ImPlot::PushStyleColor(ImPlotCol_PlotBorder, ImVec4(0, 0, 0, 0));
    ImPlot::PushStyleColor(ImPlotCol_AxisText, of_rgb(palette::kLabel));
    ImPlot::PushStyleColor(ImPlotCol_AxisGrid, of_rgb(palette::kLine));
    ImPlot::PushStyleColor(ImPlotCol_AxisBgHovered, ImVec4(0, 0, 0, 0));
    ImPlot::PushStyleColor(ImPlotCol_AxisBgActive, ImVec4(0, 0, 0, 0));
    ImPlot::PushStyleVar(ImPlotStyleVar_PlotPadding, ImVec2(px(4), px(6)));
    ImPlot::PushStyleVar(ImPlotStyleVar_LabelPadding, ImVec2(px(6), px(4)));
    ImPlot::PushStyleVar(ImPlotStyleVar_MinorAlpha, 0.0F);
    ImPlot::PushStyleVar(ImPlotStyleVar_FitPadding, ImVec2(0.03F, 0.03F));  // marks at the ends are whole
  }
  ~PlotTheme() {
    ImPlot::PopStyleVar(4);
    ImPlot::PopStyleColor(7);
  }
  PlotTheme(const PlotTheme&) = delete;
  PlotTheme& operator=(const PlotTheme&) = delete;
};

constexpr ImPlotFlags kPlotFlags = ImPlotFlags_CanvasOnly | ImPlotFlags_NoFrame;
constexpr ImPlotAxisFlags kAxisFlags =
    ImPlotAxisFlags_NoTickMarks | ImPlotAxisFlags_NoSideSwitch | ImPlotAxisFlags_NoMenus | ImPlotAxisFlags_NoHighlight;

int percent_text(double value, char* text, int size, void*) {
  return std::snprintf(text, static_cast<std::size_t>(size), "%.0f %%", 100.0 * value);
}

// With room on both sides: ImPlot labels the ticks between as well as long as all texts together find place, however
// near they come to each other.
int number_text(double value, char* text, int size, void*) {
  return std::snprintf(text, static_cast<std::size_t>(size), "   %s%g   ", value < 0.0 ? "\u2212" : "",
                       std::fabs(value));
}

void draw_reference(double value, bool vertical) {
  ImPlotSpec spec;
  spec.LineColor = of_rgb(palette::kTrackFilled);
  spec.LineWeight = px(1);
  if (!vertical) spec.Flags = ImPlotInfLinesFlags_Horizontal;
  ImPlot::PlotInfLines("##reference", &value, 1, spec);
}

// The nearest of these places to the mouse, if it is near.
class Nearest {
 public:
  void offer(std::size_t index, double x, double y) {
    const ImVec2 at = ImPlot::PlotToPixels(x, y);
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const float distance = std::hypot(at.x - mouse.x, at.y - mouse.y);
    if (distance >= best_) return;
    best_ = distance;
    found_ = index;
  }
  [[nodiscard]] std::optional<std::size_t> found() const { return ImPlot::IsPlotHovered() ? found_ : std::nullopt; }

 private:
  float best_ = px(kReach);
  std::optional<std::size_t> found_;
};

struct Row {
  double y = 0.0;
  const ValueMark* mark = nullptr;
};

void draw_rows(const std::vector<Row>& rows, const std::vector<study::SeriesStyle>& styles, bool thin) {
  for (const Row& row : rows) {
    const study::SeriesStyle style = style_of(row.mark->series, styles);
    const double x = row.mark->value;
    if (row.mark->interval) {
      const double below = x - row.mark->interval->low, above = row.mark->interval->high - x;
      ImPlotSpec spec;
      spec.LineColor = of_rgb(palette::kLabel);
      spec.Size = px(4);
      spec.Flags = ImPlotErrorBarsFlags_Horizontal;
      ImPlot::PlotErrorBars("##interval", &x, &row.y, &below, &above, 1, spec);
    }
    if (row.mark->error) {
      ImPlotSpec spec;
      // Fainter than the mark on it.
      spec.LineColor = series_colour(style);
      spec.LineColor.w = 0.55F;
      spec.LineWeight = px(thin ? 2.0F : 3.0F);
      spec.Size = 0;
      spec.Flags = ImPlotErrorBarsFlags_Horizontal;
      const double error = *row.mark->error;
      ImPlot::PlotErrorBars("##error", &x, &row.y, &error, 1, spec);
    }
    ImPlotSpec spec;
    spec.Marker = marker_of(style.marker);
    spec.MarkerSize = px(thin ? 4.0F : 6.0F);
    spec.MarkerFillColor = series_colour(style);
    spec.MarkerLineColor = series_colour(style);
    spec.LineWeight = px(1.5F);
    ImPlot::PlotScatter("##value", &x, &row.y, 1, spec);
  }
}

}  // namespace

ImVec4 series_colour(const study::SeriesStyle& style) {
  const auto lighter = [](std::uint8_t value) {
    return (static_cast<float>(value) + 0.3F * (255.0F - static_cast<float>(value))) / 255.0F;
  };
  return {lighter(style.colour[0]), lighter(style.colour[1]), lighter(style.colour[2]), 1.0F};
}

void show_tooltip(const std::string& words) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(10), px(8)});
  ImGui::SetNextWindowSize({std::min(px(340), words_width(words) + px(24)), 0});
  if (ImGui::BeginTooltip()) {
    sentence(words, palette::kNormal);
    ImGui::EndTooltip();
  }
  ImGui::PopStyleVar();
}

void draw_series_legend(const std::vector<study::SeriesStyle>& styles, const std::vector<std::string>& labels) {
  const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float height = ImGui::GetFontSize();
  float x = ImGui::GetCursorScreenPos().x;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string label = fitted(labels[i], px(180));
    const float width = px(18) + text_width(label) + px(16);
    if (i > 0 && x + width <= right) ImGui::SameLine(0, 0);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    x = at.x + width;
    const ImVec2 centre(at.x + px(6), at.y + height / 2);
    const ImU32 ink = ImGui::GetColorU32(series_colour(styles[i]));
    const float r = px(4.5F);
    switch (styles[i].marker) {
      case study::Marker::circle:
        list->AddCircleFilled(centre, r, ink, 20);
        break;
      case study::Marker::square:
        list->AddRectFilled({centre.x - r * 0.9F, centre.y - r * 0.9F}, {centre.x + r * 0.9F, centre.y + r * 0.9F},
                            ink);
        break;
      case study::Marker::triangle:
        list->AddTriangleFilled({centre.x, centre.y - r}, {centre.x + r, centre.y + r}, {centre.x - r, centre.y + r},
                                ink);
        break;
      case study::Marker::triangle_down:
        list->AddTriangleFilled({centre.x, centre.y + r}, {centre.x - r, centre.y - r}, {centre.x + r, centre.y - r},
                                ink);
        break;
      case study::Marker::diamond:
        list->AddQuadFilled({centre.x, centre.y - r}, {centre.x + r, centre.y}, {centre.x, centre.y + r},
                            {centre.x - r, centre.y}, ink);
        break;
      case study::Marker::cross:
        list->AddLine({centre.x - r, centre.y - r}, {centre.x + r, centre.y + r}, ink, px(2));
        list->AddLine({centre.x - r, centre.y + r}, {centre.x + r, centre.y - r}, ink, px(2));
        break;
      case study::Marker::plus:
        list->AddLine({centre.x - r, centre.y}, {centre.x + r, centre.y}, ink, px(2));
        list->AddLine({centre.x, centre.y - r}, {centre.x, centre.y + r}, ink, px(2));
        break;
    }
    list->AddText({at.x + px(18), at.y}, colour(palette::kNormal), label.c_str());
    ImGui::Dummy({width, height + px(4)});
  }
}

void draw_values(const char* id, const std::vector<ValueMark>& marks, const std::vector<study::SeriesStyle>& styles,
                 const ValuesLook& look) {
  if (marks.empty()) return;
  std::vector<Row> rows;
  std::vector<double> label_at;
  std::vector<const char*> labels;
  double low = look.low.value_or(marks.front().value), high = marks.front().value, y = 0.0;
  bool thin = false;
  for (std::size_t i = 0; i < marks.size();) {
    std::size_t end = i;
    while (end < marks.size() && marks[end].group == marks[i].group) ++end;
    thin = thin || end - i > 1;
    label_at.push_back(y + 0.5 * static_cast<double>(end - i - 1));
    labels.push_back(marks[i].group.c_str());
    for (; i < end; ++i, y += 1.0) {
      rows.push_back({y, &marks[i]});
      const double error = marks[i].error.value_or(0.0);
      low = std::min({low, marks[i].value - error, marks[i].interval ? marks[i].interval->low : marks[i].value});
      high = std::max({high, marks[i].value + error, marks[i].interval ? marks[i].interval->high : marks[i].value});
    }
    if (thin) y += 0.8;  // air between groups
  }
  if (look.reference) low = std::min(low, *look.reference), high = std::max(high, *look.reference);
  const double margin = std::max(0.04 * (high - low), 1e-3);
  const float height = static_cast<float>(y) * px(thin ? 12 : 24) + px(52);

  const PlotTheme theme;
  if (!ImPlot::BeginPlot(id, {-1, height}, kPlotFlags)) return;
  ImPlot::SetupAxes(look.axis, nullptr, kAxisFlags, kAxisFlags | ImPlotAxisFlags_NoGridLines | ImPlotAxisFlags_Invert);
  ImPlot::SetupAxisLimits(ImAxis_X1, look.percent ? std::max(low - margin, -0.02) : low - margin,
                          look.percent ? std::min(high + margin, 1.02) : high + margin, ImPlotCond_Always);
  ImPlot::SetupAxisLimits(ImAxis_Y1, -0.8, y - (thin ? 0.8 : 0.2), ImPlotCond_Always);
  ImPlot::SetupAxisTicks(ImAxis_Y1, label_at.data(), static_cast<int>(label_at.size()), labels.data());
  ImPlot::SetupAxisFormat(ImAxis_X1, look.percent ? percent_text : number_text);
  if (look.reference) draw_reference(*look.reference, /*vertical=*/true);
  draw_rows(rows, styles, thin);
  Nearest nearest;
  for (std::size_t i = 0; i < rows.size(); ++i) nearest.offer(i, rows[i].mark->value, rows[i].y);
  if (const auto found = nearest.found()) show_tooltip(rows[*found].mark->tooltip);
  ImPlot::EndPlot();
}

Span span_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return {};
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const double low = study::quantile(values, 0.25, study::QuantileRule::linear);
  const double high = study::quantile(values, 0.75, study::QuantileRule::linear);
  Span span{*least, *most, 0};
  if (high > low) span = {std::max(*least, low - 3 * (high - low)), std::min(*most, high + 3 * (high - low)), 0};
  for (const double value : values) span.beyond += value < span.low || value > span.high ? 1 : 0;
  return span;
}

std::optional<std::size_t> draw_plane(const char* id, ImVec2 size, const std::vector<PlaneMark>& marks,
                                      const std::vector<PlaneLine>& lines,
                                      const std::vector<study::SeriesStyle>& styles, const PlaneLook& look) {
  std::optional<std::size_t> clicked;
  std::vector<double> all;
  for (const PlaneMark& mark : marks) all.push_back(mark.x);
  const Span span = look.places.empty() ? span_of(all) : Span{0.0, static_cast<double>(look.places.size()) - 1.0, 0};
  const auto shown = [&](double x) { return std::clamp(x, span.low, span.high); };
  const std::string x_axis =
      look.x_axis +
      (span.beyond > 0 ? " (" + std::to_string(span.beyond) + " further out, drawn at the edge)" : std::string());
  const double margin = span.high > span.low ? 0.04 * (span.high - span.low) : 0.5;
  const PlotTheme theme;
  if (!ImPlot::BeginPlot(id, size, kPlotFlags)) return clicked;
  ImPlot::SetupAxes(x_axis.c_str(), look.y_axis.c_str(), kAxisFlags, kAxisFlags);
  ImPlot::SetupAxisLimits(ImAxis_X1, span.low - margin, span.high + margin, ImPlotCond_Always);
  if (look.places.empty())
    ImPlot::SetupAxisFormat(ImAxis_X1, number_text);
  else
    ImPlot::SetupAxisTicks(ImAxis_X1, span.low, span.high, static_cast<int>(look.places.size()), look.places.data());
  ImPlot::SetupAxisLimits(ImAxis_Y1, -0.05, 1.05, ImPlotCond_Always);
  ImPlot::SetupAxisFormat(ImAxis_Y1, percent_text);
  draw_reference(0.5, /*vertical=*/false);
  for (std::size_t s = 0; s < styles.size(); ++s) {
    std::vector<double> x, y;
    for (const PlaneMark& mark : marks)
      if (mark.series == static_cast<int>(s)) {
        x.push_back(shown(mark.x));
        y.push_back(mark.y);
      }
    if (x.empty()) continue;
    ImPlotSpec spec;
    spec.Marker = marker_of(styles[s].marker);
    spec.MarkerSize = px(4.0F);
    spec.MarkerFillColor = series_colour(styles[s]);
    spec.MarkerLineColor = of_rgb(palette::kGround);
    spec.FillAlpha = 0.85F;
    ImGui::PushID(static_cast<int>(s));
    ImPlot::PlotScatter("##points", x.data(), y.data(), static_cast<int>(x.size()), spec);
    ImGui::PopID();
  }
  for (const PlaneLine& line : lines) {
    const study::SeriesStyle& style = styles.at(static_cast<std::size_t>(line.series));
    ImPlotSpec spec;
    spec.LineColor = series_colour(style);
    spec.LineWeight = px(1.5F);
    spec.Marker = marker_of(style.marker);
    spec.MarkerSize = px(4.5F);
    spec.MarkerFillColor = series_colour(style);
    const int count = static_cast<int>(line.x.size());
    ImGui::PushID(line.series);
    ImPlot::PlotLine("##line", line.x.data(), line.y.data(), count, spec);
    spec.Size = 0;
    ImPlot::PlotErrorBars("##errors", line.x.data(), line.y.data(), line.error.data(), count, spec);
    ImGui::PopID();
  }
  Nearest nearest;
  for (std::size_t i = 0; i < marks.size(); ++i) nearest.offer(i, shown(marks[i].x), marks[i].y);
  if (look.chosen) {
    const ImVec2 at = ImPlot::PlotToPixels(shown(marks[*look.chosen].x), marks[*look.chosen].y);
    ImPlot::GetPlotDrawList()->AddCircle(at, px(9), colour(palette::kAccent), 24, px(2));
  }
  if (const auto found = nearest.found()) {
    show_tooltip(marks[*found].tooltip);
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) clicked = found;
  }
  ImPlot::EndPlot();
  return clicked;
}

void draw_bars(const char* id, ImVec2 size, const Bars& bars, const char* axis) {
  const std::size_t count = bars.lower.size();
  if (count == 0) return;
  std::vector<double> middle, all;
  for (std::size_t i = 0; i < count; ++i) {
    middle.push_back(0.5 * (bars.edges[i] + bars.edges[i + 1]));
    all.push_back(bars.lower[i] + bars.upper[i]);
  }
  const double width = 0.92 * (bars.edges[1] - bars.edges[0]);
  const PlotTheme theme;
  if (!ImPlot::BeginPlot(id, size, kPlotFlags)) return;
  ImPlot::SetupAxes(axis, nullptr, kAxisFlags | ImPlotAxisFlags_NoGridLines, kAxisFlags);
  ImPlot::SetupAxisLimits(ImAxis_X1, bars.edges.front(), bars.edges.back(), ImPlotCond_Always);
  // Room above for the words of the cut-offs.
  const double room = 1.1 + 0.16 * static_cast<double>(bars.cut_offs.size());
  ImPlot::SetupAxisLimits(ImAxis_Y1, 0.0, room * std::max(1.0, *std::max_element(all.begin(), all.end())),
                          ImPlotCond_Always);
  ImPlot::SetupAxisFormat(ImAxis_Y1, "%.0f");
  // What is excluded is told by its place above the others and by its outline, not only by its colour.
  ImPlotSpec excluded;
  excluded.FillColor = of_rgb(palette::kWrong, 0.25F);
  excluded.LineColor = of_rgb(palette::kWrong);
  ImPlot::PlotBars("##all", middle.data(), all.data(), static_cast<int>(count), width, excluded);
  ImPlotSpec kept;
  kept.FillColor = of_rgb(palette::kData);
  kept.LineColor = of_rgb(palette::kData);
  ImPlot::PlotBars("##kept", middle.data(), bars.lower.data(), static_cast<int>(count), width, kept);
  ImPlotSpec line;
  line.LineColor = of_rgb(palette::kAccent);
  line.LineWeight = px(1.5F);
  for (const auto& [at, label] : bars.cut_offs) ImPlot::PlotInfLines(label.c_str(), &at, 1, line);
  float offset = px(4);
  for (const auto& [at, label] : bars.cut_offs) {
    const ImVec2 top(ImPlot::PlotToPixels(at, 0.0).x, ImPlot::GetPlotPos().y + offset);
    const bool right = top.x > ImPlot::GetPlotPos().x + 0.6F * ImPlot::GetPlotSize().x;
    const ImVec2 words(top.x + (right ? -px(5) - text_width(label) : px(5)), top.y);
    ImDrawList* list = ImPlot::GetPlotDrawList();
    list->AddRectFilled({words.x - px(2), words.y},
                        {words.x + text_width(label) + px(2), words.y + ImGui::GetFontSize()},
                        colour(palette::kPanel));  // over the line of another one
    list->AddText(words, colour(palette::kAccent), label.c_str());
    offset += ImGui::GetFontSize() + px(2);
  }
  if (ImPlot::IsPlotHovered()) {
    const double x = ImPlot::GetPlotMousePos().x;
    for (std::size_t i = 0; i < count; ++i)
      if (x >= bars.edges[i] && x < bars.edges[i + 1] && all[i] > 0.0) {
        char words[96];
        std::snprintf(words, sizeof words, "%g to %g s: *%.0f* kept, *%.0f* excluded", bars.edges[i], bars.edges[i + 1],
                      bars.lower[i], bars.upper[i]);
        show_tooltip(words);
      }
  }
  ImPlot::EndPlot();
}

}  // namespace ui

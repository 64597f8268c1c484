// The objective of the visualization by step: what the optimizer climbs, and its terms where there are several. With
// three runs, one line each.
#include <algorithm>
#include <cmath>

#include "ui/choice.h"
#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

struct Line {
  std::string name;
  std::uint32_t rgb;
  const std::vector<core::ObjectivePoint>* history;
  float core::ObjectivePoint::*value;
};

std::vector<Line> lines_of(const Workspace& workspace, const engine::Snapshots& in) {
  std::vector<Line> lines;
  const auto usable = [&](std::size_t slot) {
    return in.visualize[slot] && !in.visualize[slot]->error && in.visualize[slot]->visualization.history.size() > 1;
  };
  if (workspace.comparing) {
    constexpr std::uint32_t kColours[] = {palette::kAccent, palette::kLabel, palette::kData};
    constexpr const char* kNames[] = {"Fourier", "naive", "regularized"};
    for (std::size_t slot = 0; slot < engine::kVisualizationSlots; ++slot) {
      if (usable(slot)) {
        lines.push_back({kNames[slot], kColours[slot], &in.visualize[slot]->visualization.history,
                         &core::ObjectivePoint::activation});
      }
    }
    return lines;
  }
  if (!usable(0)) return lines;
  const std::vector<core::ObjectivePoint>& history = in.visualize[0]->visualization.history;
  const auto ever = [&](float core::ObjectivePoint::*value) {
    return std::any_of(history.begin(), history.end(), [value](const auto& point) { return point.*value != 0.0F; });
  };
  const bool diversity = ever(&core::ObjectivePoint::diversity);
  const bool priors = ever(&core::ObjectivePoint::priors);
  if (diversity || priors) lines.push_back({"activation", palette::kData, &history, &core::ObjectivePoint::activation});
  if (diversity) lines.push_back({"diversity", palette::kRight, &history, &core::ObjectivePoint::diversity});
  if (priors) lines.push_back({"priors", palette::kLabel, &history, &core::ObjectivePoint::priors});
  lines.push_back({diversity || priors ? "total" : "", palette::kAccent, &history, &core::ObjectivePoint::total});
  return lines;
}

core::Range range_over(const std::vector<Line>& lines) {
  core::Range range{0.0F, 0.0F};
  for (const Line& line : lines) {
    for (const core::ObjectivePoint& point : *line.history) {
      const float value = point.*line.value;
      if (!std::isfinite(value)) continue;
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  }
  if (range.high - range.low < 1e-6F) range.high = range.low + 1e-6F;
  return range;
}

// Labels at the lines' ends, pushed apart so that none lies on another.
void draw_labels(const std::vector<Line>& lines, const std::vector<ImVec2>& ends, float right, core::Rect inside) {
  std::vector<std::size_t> order(lines.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ends[a].y < ends[b].y; });
  const float height = ImGui::GetFontSize() + px(1);
  float next = inside.min.y;
  for (const std::size_t i : order) {
    const std::string value = number(lines[i].history->back().*lines[i].value);
    const std::string words = lines[i].name.empty() ? value : lines[i].name + " " + value;
    const float y = std::clamp(ends[i].y - height / 2, next, std::max(next, inside.max.y - height));
    float x = ends[i].x + px(6);
    if (x + text_width(words) > right) x = std::max(inside.min.x, ends[i].x - px(6) - text_width(words));
    const std::uint32_t ink = lines.size() == 1 ? palette::kStrong : lines[i].rgb;
    ImGui::GetWindowDrawList()->AddRectFilled({x - px(2), y}, {x + text_width(words) + px(2), y + height},
                                              colour(palette::kPanel, 0.75F), px(2));
    ImGui::GetWindowDrawList()->AddText({std::floor(x), std::floor(y)}, colour(ink), words.c_str());
    next = y + height;
  }
}

}  // namespace

void draw_objective(View& view) {
  heading(view.workspace.comparing ? "activation by step" : "objective", "objective");
  const core::Rect place = content_rect();
  const std::vector<Line> lines = lines_of(view.workspace, view.in);
  if (lines.empty()) {
    draw_state(place, {Readiness::nothing, "The curve begins with the first steps."});
    return;
  }
  int steps = 1;
  for (const auto& answer : view.in.visualize) {
    if (answer) steps = std::max(steps, answer->visualization.spec.steps);
    if (!view.workspace.comparing) break;
  }
  const core::Range wanted = range_over(lines);
  const float low = eased(view.workspace, ImGui::GetID("low"), wanted.low, view.frame.dt_s);
  const float high = eased(view.workspace, ImGui::GetID("high"), wanted.high, view.frame.dt_s);
  const float axis = ImGui::GetFontSize() + px(4);
  const core::Rect plot = to_rect({place.min.x, place.min.y + px(4)}, {place.max.x, place.max.y - axis});
  const auto x_of = [&](int step) {
    return plot.min.x + plot.width() * static_cast<float>(step) / static_cast<float>(steps);
  };
  const auto y_of = [&](float value) { return plot.max.y - plot.height() * (value - low) / (high - low); };
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddLine({plot.min.x, plot.max.y}, {plot.max.x, plot.max.y}, colour(palette::kLine), px(1));
  if (low < 0) draw_dashes(list, {plot.min.x, std::round(y_of(0))}, plot.max.x, colour(palette::kTrack));
  int newest = 0;
  for (const Line& line : lines) newest = std::max(newest, line.history->back().step);
  if (newest < steps) {
    const float x = std::round(x_of(newest));
    list->AddLine({x, plot.min.y}, {x, plot.max.y}, colour(palette::kTrack), px(1));
  }
  std::vector<ImVec2> ends;
  for (const Line& line : lines) {
    list->PathClear();
    for (const core::ObjectivePoint& point : *line.history) {
      list->PathLineTo({x_of(point.step), y_of(point.*line.value)});
    }
    list->PathStroke(colour(line.rgb), px(1.75F));
    ends.emplace_back(x_of(line.history->back().step), y_of(line.history->back().*line.value));
  }
  draw_labels(lines, ends, plot.max.x, plot);
  const float y = plot.max.y + px(3);
  const std::string last = std::to_string(steps);
  list->AddText({plot.min.x, y}, colour(palette::kLabel), "0");
  list->AddText({plot.max.x - text_width(last), y}, colour(palette::kLabel), last.c_str());
}

}  // namespace ui

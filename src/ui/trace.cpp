// The activation as the occluder is dragged: the last seconds, and the unoccluded value as a dashed line.
#include <algorithm>
#include <cmath>

#include "ui/motion.h"
#include "ui/panels.h"
#include "ui/sentences.h"
#include "ui/widgets.h"

namespace ui {
namespace {

constexpr double kShown_s = 10.0;

}  // namespace

void draw_trace(View& view) {
  heading("activation as you drag", "activation");
  const core::Rect place = content_rect();
  const Trace& trace = view.workspace.trace;
  if (trace.points.empty() || !trace.newest) {
    draw_state(place, {Readiness::nothing, "Drag the square: its values draw a line here."});
    return;
  }
  const float baseline = trace.newest->baseline;
  // Time ends at the newest value: an idle window stands still.
  const double end_s = trace.points.back().time_s;
  float low = baseline;
  float high = baseline;
  for (const TracePoint& point : trace.points) {
    if (point.time_s < end_s - kShown_s) continue;
    low = std::min(low, point.value);
    high = std::max(high, point.value);
  }
  const float least = std::max(std::fabs(baseline) * 0.05F, 1e-6F);
  if (high - low < least) {
    low -= least / 2;
    high += least / 2;
  }
  const core::Range among{low, high};
  low = eased(view.workspace, ImGui::GetID("low"), low, view.frame.dt_s);
  high = eased(view.workspace, ImGui::GetID("high"), high, view.frame.dt_s);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const std::string now = number(trace.points.back().value, among);
  const std::string base = number(baseline, among);
  const float labels = std::max(text_width(base), text_width(now)) + px(12);
  const float left = place.min.x;
  const float right = place.max.x - labels;
  const float top = place.min.y + px(6);
  const float bottom = place.max.y - px(6);
  const auto x_of = [&](double time_s) {
    return right - static_cast<float>((end_s - time_s) / kShown_s) * (right - left);
  };
  const auto y_of = [&](float value) { return bottom - (value - low) / (high - low) * (bottom - top); };
  const float base_y = std::round(y_of(baseline));
  draw_dashes(list, {left, base_y}, right, colour(0x4a5160));
  list->PushClipRect({left - px(1), place.min.y}, {right + px(6), place.max.y}, true);
  list->PathClear();
  for (const TracePoint& point : trace.points) {
    if (point.time_s < end_s - kShown_s - 1.0) continue;
    list->PathLineTo({x_of(point.time_s), y_of(point.value)});
  }
  list->PathStroke(colour(palette::kData), px(1.5F));
  list->PopClipRect();
  const float now_y = y_of(trace.points.back().value);
  list->AddCircleFilled({right, now_y}, px(3.5F), colour(palette::kStrong), 24);
  const float half = ImGui::GetFontSize() / 2;
  const float label_x = place.max.x - labels + px(12);
  list->AddText({label_x, std::floor(now_y - half)}, colour(palette::kStrong), now.c_str());
  if (std::fabs(now_y - base_y) > ImGui::GetFontSize()) {
    list->AddText({label_x, std::floor(base_y - half)}, colour(palette::kLabel), base.c_str());
  }
  ImGui::SetCursorScreenPos({left, std::floor(base_y - px(5))});
  ImGui::InvisibleButton("base", {std::max(px(8), right - left), px(10)});
  explain("baseline");
}

}  // namespace ui

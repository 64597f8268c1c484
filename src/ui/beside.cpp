#include "ui/beside.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "core/specs.h"
#include "study/statistics.h"
#include "ui/panels.h"
#include "ui/workspace.h"

namespace ui {
namespace {

constexpr double kAlike = 0.5;  // as unitscope-cli compare counts

bool usable(const engine::ModelPointer& model) {
  return model && !model->error;
}

void understand_unit(Workspace& workspace, const engine::ModelPointer& model) {
  Beside& beside = workspace.beside;
  const std::string wanted = !beside.written.empty() ? beside.written
                             : workspace.chosen.unit ? core::to_string(*workspace.chosen.unit)
                                                     : std::string();
  if (beside.model == model && beside.read == wanted) return;
  beside.model = model;
  beside.read = wanted;
  beside.unit.reset();
  beside.words.clear();
  beside.is_there = false;
  if (wanted.empty() || !model->understand) return;
  const base::Result<engine::UnderstoodName> understood = model->understand(wanted);
  beside.is_there = understood.ok();
  if (understood) {
    beside.unit = understood->unit;
    beside.words = understood->explanation;
  } else {
    beside.words = understood.error().sentence();
  }
}

// Of answers to what is chosen now, complete.
bool is_done(const std::shared_ptr<const engine::SweepAnswer>& sweep, const std::optional<core::Unit>& unit) {
  return sweep && !sweep->error && sweep->sweep.done && unit && sweep->sweep.spec.unit == *unit;
}

void compare_maps(Workspace& workspace, const engine::Snapshots& in) {
  Beside& beside = workspace.beside;
  if (beside.compared_first == in.sweep && beside.compared_second == in.beside.sweep) return;
  beside.compared_first = in.sweep;
  beside.compared_second = in.beside.sweep;
  beside.correlation.reset();
  if (!is_done(in.sweep, workspace.chosen.unit) || !is_done(in.beside.sweep, beside.unit)) return;
  const core::Map& first = in.sweep->sweep.map.values;
  const core::Map& second = in.beside.sweep->sweep.map.values;
  if (first.rows != second.rows || first.cols != second.cols) return;
  const std::vector<double> a(first.values.begin(), first.values.end());
  const std::vector<double> b(second.values.begin(), second.values.end());
  if (const auto alike = study::spearman(a, b)) beside.correlation = alike->rho;
}

}  // namespace

std::string missing_words(const Beside& beside) {
  if (!beside.written.empty()) return beside.words;
  return beside.model->name +
         " has no unit of that name. Choose one of its layers on the right, or write one of its units (U).";
}

engine::Snapshots seen_by_second(const engine::Snapshots& in) {
  engine::Snapshots seen;
  seen.model = in.beside.model;
  seen.collection = in.collection;
  seen.picture = in.beside.picture;
  seen.drag = in.beside.drag;
  seen.classes = in.beside.classes;
  seen.sweep = in.beside.sweep;
  return seen;
}

void align_second(Workspace& workspace, const engine::Snapshots& in) {
  Beside& beside = workspace.beside;
  if (!usable(in.model) || !usable(in.beside.model)) return;
  if (!beside.second) {
    beside.second = std::make_shared<Workspace>();
    beside.second->hand.acted = true;
  }
  Workspace& second = *beside.second;
  understand_unit(workspace, in.beside.model);
  second.preferences = workspace.preferences;
  second.preferences.look.values = beside.values;
  second.chosen.unit = beside.unit;
  second.chosen.picture = workspace.chosen.picture;
  second.chosen.fill = workspace.chosen.fill;
  second.seed = workspace.seed;
  second.hand.picture = in.beside.model->framing.crop;
  if (second.hand.dragging) {
    workspace.chosen.occluder = core::same_place(second.chosen.occluder, in.beside.model->framing, in.model->framing);
    workspace.hand.moved_s = std::max(workspace.hand.moved_s, second.hand.moved_s);
  } else {
    second.chosen.occluder = core::same_place(workspace.chosen.occluder, in.model->framing, in.beside.model->framing);
  }
  compare_maps(workspace, in);
}

void decide_beside(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s,
                   engine::Clock::time_point input_time) {
  align_second(workspace, in);
  if (!workspace.beside.second) return;
  Workspace& second = *workspace.beside.second;
  engine::Requests asked;
  decide_stage(second, seen_by_second(in), asked, now_s, input_time);
  if (second.standing.wake_s)
    workspace.standing.wake_s =
        std::min(workspace.standing.wake_s.value_or(*second.standing.wake_s), *second.standing.wake_s);
  if (!second.standing.notice.empty()) notify(workspace, std::exchange(second.standing.notice, {}), false, now_s);
  workspace.standing.in_motion = workspace.standing.in_motion || second.standing.in_motion;
  if (asked.show_picture) out.beside.show_picture = std::move(asked.show_picture);
  if (asked.drag) out.beside.drag = std::move(asked.drag);
  if (asked.classes) out.beside.classes = std::move(asked.classes);
  if (asked.sweep) out.beside.sweep = std::move(asked.sweep);
}

std::optional<core::Range> shared_range(const Workspace& workspace, const engine::Snapshots& in) {
  std::optional<core::Range> both;
  for (const auto& sweep : {in.sweep, in.beside.sweep}) {
    if (!sweep || sweep->error || sweep->sweep.map.complete_stride_px == 0) continue;
    const core::Range range = core::range_of(values_to_show(sweep->sweep.map, workspace.beside.values));
    both = both ? core::Range{std::min(both->low, range.low), std::max(both->high, range.high)} : range;
  }
  return both;
}

std::string likeness_sentence(const Workspace& workspace, const engine::Snapshots& in) {
  const Beside& beside = workspace.beside;
  if (!beside.is_there) return "Choose a unit in the second model to compare the maps.";
  if (!is_done(in.sweep, workspace.chosen.unit) || !is_done(in.beside.sweep, beside.unit))
    return "The maps are compared when both are complete.";
  if (!beside.correlation)
    return "The maps cannot be compared place by place: the positions of the square are others in a picture of another "
           "size, or one map does not vary.";
  char text[160];
  std::snprintf(text, sizeof text, "The maps are %s: a rank correlation of *%.2f* over all positions of the square.",
                *beside.correlation >= kAlike ? "*alike*" : "*not alike*", *beside.correlation);
  return text;
}

std::string compare_command(const Workspace& workspace, const engine::Snapshots& in) {
  if (!usable(in.model) || !usable(in.beside.model) || !workspace.chosen.unit || !workspace.beside.unit) return "";
  const bool folder = in.collection && !in.collection->error;
  const core::Size crop = in.model->framing.crop;
  const double share =
      static_cast<double>(workspace.chosen.occluder.side_px) / std::max(1, std::min(crop.width_px, crop.height_px));
  return core::compare_command({in.model->file, in.beside.model->file},
                               {*workspace.chosen.unit, *workspace.beside.unit},
                               folder ? in.collection->folder.string() : ".", share);
}

}  // namespace ui

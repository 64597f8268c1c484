// What the workspace asks for, and what snapshots settle in it. Each request is compared with the last one asked, so
// that every frame may call this and nothing is asked twice.
#include <algorithm>
#include <cmath>

#include "ui/choice.h"
#include "ui/workspace.h"

namespace ui {
namespace {

constexpr double kRest_s = 0.25;              // the hand rests this long before the classes are asked
constexpr double kFirstChoicePatience_s = 2;  // then something is chosen without the scan
constexpr double kThumbnailPause_s = 1.0;     // while a scan still changes the order
constexpr std::size_t kThumbnails = 24;
constexpr std::size_t kTracePoints = 600;

void wake_at(Workspace& workspace, double time_s) {
  std::optional<double>& wake = workspace.standing.wake_s;
  wake = wake ? std::min(*wake, time_s) : time_s;
}

bool usable(const engine::ModelPointer& model) {
  return model && !model->error;
}
bool usable(const engine::PicturePointer& picture) {
  return picture && !picture->error && !picture->image.empty();
}

// A layer in the middle, where units are neither edges nor whole objects.
const engine::LayerInfo* middle_layer(const engine::ModelSnapshot& model) {
  return model.layers.empty() ? nullptr : &model.layers[model.layers.size() / 2];
}

// The first start: a unit and a picture that show an effect, by the scan's numbers; something sensible if those are not
// to be had. Never against a choice that the user has made.
void choose_first(Workspace& workspace, const engine::Snapshots& in, double now_s) {
  const bool pictures = in.collection && !in.collection->error && !in.collection->pictures.empty();
  if (pictures && !picture_index(*in.collection, workspace.chosen.picture)) {
    workspace.chosen.picture = in.collection->pictures.front().path;
  }
  if (!usable(in.model)) return;
  if (workspace.chosen.unit && layer_index(*in.model, workspace.chosen.unit->layer) < 0) {
    const bool known = in.model->understand && in.model->understand(core::to_string(*workspace.chosen.unit)).ok();
    if (!known) workspace.chosen.unit.reset();
  }
  if (workspace.hand.acted) return;
  if (pictures && in.scan && in.scan->first_choice && in.scan->request.collection &&
      in.scan->first_choice->first < in.scan->request.collection->pictures.size()) {
    workspace.chosen.picture = in.scan->request.collection->pictures[in.scan->first_choice->first].path;
    workspace.chosen.unit = in.scan->first_choice->second;
    workspace.wanted_layer.reset();
    workspace.last_channel[workspace.chosen.unit->layer] = workspace.chosen.unit->channel;
    workspace.hand.acted = true;
    return;
  }
  if (workspace.chosen.unit || workspace.wanted_layer || in.model->layers.empty()) return;
  const bool scan_can_answer = pictures && !(in.scan && (in.scan->error || in.scan->done));
  if (scan_can_answer && now_s - workspace.standing.started_s < kFirstChoicePatience_s) {
    wake_at(workspace, workspace.standing.started_s + kFirstChoicePatience_s);
    return;
  }
  const std::string& layer = middle_layer(*in.model)->name;
  if (usable(in.picture)) {
    workspace.wanted_layer = layer;
  } else {
    workspace.chosen.unit = core::Unit{layer, 0, std::nullopt};
  }
}

void settle_layer(Workspace& workspace, const engine::Snapshots& in) {
  if (!workspace.wanted_layer || !in.contact_sheet) return;
  const engine::ContactSheetSnapshot& sheet = *in.contact_sheet;
  if (sheet.request.layer != *workspace.wanted_layer || sheet.request.model != in.model) return;
  if (!sheet.error && sheet.order.empty()) return;
  const bool acted = workspace.hand.acted;
  choose_unit(workspace, {sheet.request.layer, sheet.error ? 0 : sheet.order.front(), std::nullopt});
  workspace.hand.acted = acted;
}

// Keeps the occluder's place and share of the picture when a model brings another input size.
void fit_occluder(Workspace& workspace, core::Size size) {
  core::Occluder& occluder = workspace.chosen.occluder;
  const core::Size before = workspace.hand.picture;
  if (!(before == size)) {
    const auto scaled = [](int value, int to, int from) {
      return static_cast<int>(std::lround(static_cast<double>(value) * to / from));
    };
    const int short_before = std::min(before.width_px, before.height_px);
    occluder = {scaled(occluder.x_px, size.width_px, before.width_px),
                scaled(occluder.y_px, size.height_px, before.height_px),
                core::side_from_fraction(static_cast<double>(occluder.side_px) / short_before, size)};
    workspace.hand.picture = size;
  }
  occluder = core::clamp_inside(occluder, size);
}

// The answers of the hand's requests, as a line in time.
void extend_trace(Workspace& workspace, const engine::Snapshots& in, double now_s) {
  Trace& trace = workspace.trace;
  if (!in.drag || in.drag->error || in.drag == trace.newest) return;
  const engine::DragRequest& request = in.drag->request;
  if (trace.newest &&
      (trace.newest->request.unit != request.unit || trace.newest->request.picture != request.picture)) {
    trace.points.clear();
  }
  trace.newest = in.drag;
  trace.points.push_back({now_s, in.drag->activation});
  if (trace.points.size() > kTracePoints) trace.points.pop_front();
}

void rank_pictures(Workspace& workspace, const engine::Snapshots& in) {
  Ranking& ranking = workspace.ranking;
  if (ranking.scan == in.scan && ranking.unit == workspace.chosen.unit) return;
  ranking.scan = in.scan;
  ranking.unit = workspace.chosen.unit;
  ranking.best.clear();
  if (in.scan && in.scan->best && workspace.chosen.unit) ranking.best = in.scan->best(*workspace.chosen.unit, 0);
}

void ask_pictures(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out) {
  Asked& asked = workspace.asked;
  const std::filesystem::path& picture = workspace.chosen.picture;
  if (!usable(in.model) || picture.empty()) return;
  if (picture == asked.picture && asked.picture_model == in.model) return;
  asked.picture = picture;
  asked.picture_model = in.model;
  out.show_picture = picture;
}

void ask_hand(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s,
              engine::Clock::time_point input_time) {
  Asked& asked = workspace.asked;
  if (!usable(in.model) || !usable(in.picture)) return;
  const Chosen& chosen = workspace.chosen;
  if (chosen.unit) {
    const std::optional<engine::DragRequest>& last = asked.drag;
    const bool same = last && last->model == in.model && last->picture == in.picture && last->unit == *chosen.unit &&
                      last->occluder == chosen.occluder && last->fill == chosen.fill && last->seed == workspace.seed;
    if (!same) {
      if (last && !(last->occluder == chosen.occluder)) workspace.hand.moved_s = now_s;
      asked.drag = engine::DragRequest{in.model,    in.picture,     *chosen.unit, chosen.occluder,
                                       chosen.fill, workspace.seed, input_time};
      out.drag = asked.drag;
    }
  }
  const std::optional<engine::ClassesRequest>& last = asked.classes;
  const bool same = last && last->model == in.model && last->picture == in.picture &&
                    last->occluder == chosen.occluder && last->fill == chosen.fill && last->seed == workspace.seed;
  if (same || in.model->labels == 0) return;
  const double rested_s = workspace.hand.moved_s + kRest_s;
  if (now_s < rested_s) {
    wake_at(workspace, rested_s);
    return;
  }
  asked.classes = engine::ClassesRequest{in.model, in.picture, chosen.occluder, chosen.fill, workspace.seed};
  out.classes = asked.classes;
}

void ask_sheet(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out) {
  if (!usable(in.model) || !usable(in.picture)) return;
  if (!workspace.wanted_layer && !workspace.chosen.unit) return;
  const std::string& layer = workspace.wanted_layer ? *workspace.wanted_layer : workspace.chosen.unit->layer;
  std::optional<engine::ContactSheetRequest>& last = workspace.asked.contact_sheet;
  if (last && last->model == in.model && last->picture == in.picture && last->layer == layer) return;
  last = engine::ContactSheetRequest{in.model, in.picture, layer};
  out.contact_sheet = last;
}

void ask_sweep(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out) {
  if (!usable(in.model) || !usable(in.picture) || !workspace.chosen.unit) return;
  core::OcclusionSpec spec;
  spec.model = in.model->file;
  spec.picture = in.picture->file;
  spec.unit = *workspace.chosen.unit;
  spec.side_px = workspace.chosen.occluder.side_px;
  spec.fill = workspace.chosen.fill;
  spec.seed = workspace.seed;
  std::optional<engine::SweepRequest>& last = workspace.asked.sweep;
  if (last && last->model == in.model && last->picture == in.picture && last->spec == spec) return;
  last = engine::SweepRequest{in.model, in.picture, spec};
  out.sweep = last;
}

bool same_request(const engine::VisualizeRequest& a, const engine::VisualizeRequest& b) {
  return a.model == b.model && a.run == b.run && a.single_steps == b.single_steps && a.restarts == b.restarts &&
         a.spec == b.spec;
}

// Which unit the visualizations are of: on a question that is learnt from one, the question's.
std::optional<core::Unit> visualized_unit(const Workspace& workspace) {
  const Practice& practice = workspace.practice;
  const bool live = workspace.screen == Screen::practice && practice.question &&
                    practice.shown_references == PracticeReferences::live;
  return live ? practice.question->trial.unit : workspace.chosen.unit;
}

// Another screen that shows none of it leaves the machine to its own work; a pilot has all of it.
bool visualization_is_shown(const Workspace& workspace, std::size_t slot) {
  if (workspace.maker.pilot_runs) return false;
  if (workspace.screen == Screen::explore) return true;
  return slot == 0 && workspace.screen == Screen::practice && workspace.practice.question &&
         workspace.practice.shown_references == PracticeReferences::live;
}

void ask_visualizations(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out) {
  const std::optional<core::Unit> unit = visualized_unit(workspace);
  if (!usable(in.model) || !unit) return;
  for (std::size_t slot = 0; slot < engine::kVisualizationSlots; ++slot) {
    VisualizationRun& run = workspace.visualizations[slot];
    std::optional<engine::VisualizeRequest>& last = workspace.asked.visualize[slot];
    if (static_cast<int>(slot) >= slots_shown(workspace)) {
      if (last && last->model) {
        last = engine::VisualizeRequest{};
        out.visualize[slot] = last;
      }
      continue;
    }
    // Another unit begins anew with the settings in force, as if they had been there from step 0. It runs, for what was
    // paused was another picture, and a grey one would say nothing.
    if (run.spec.unit != *unit || run.spec.seed != workspace.seed) {
      run.spec.schedule = {core::ScheduleEntry{0, core::VisualizeSettings(settings_of(run))}};
      run.run = engine::Run::running;
    }
    run.spec.model = in.model->file;
    run.spec.unit = *unit;
    run.spec.seed = workspace.seed;
    const engine::Run goes = visualization_is_shown(workspace, slot) ? run.run : engine::Run::paused;
    const engine::VisualizeRequest wanted{in.model, run.spec, goes, run.single_steps, run.restarts};
    if (last && same_request(*last, wanted)) continue;
    last = wanted;
    out.visualize[slot] = wanted;
  }
}

void ask_scan(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out) {
  if (!usable(in.model) || !in.collection || in.collection->error || in.collection->pictures.empty()) return;
  std::optional<engine::ScanRequest>& last = workspace.asked.scan;
  // A collection is published again when a broken file is found: that is no reason to scan again.
  const bool same = last && last->model == in.model && last->collection->folder == in.collection->folder &&
                    last->collection->pictures.size() == in.collection->pictures.size();
  if (same) return;
  last = engine::ScanRequest{in.model, in.collection};
  out.scan = last;
}

void ask_thumbnails(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s) {
  const Ranking& ranking = workspace.ranking;
  if (!usable(in.model) || !ranking.scan || !ranking.scan->request.collection || ranking.best.empty()) return;
  const std::vector<engine::PictureEntry>& pictures = ranking.scan->request.collection->pictures;
  std::vector<std::filesystem::path> wanted;
  for (const engine::RankedPicture& ranked : ranking.best) {
    if (wanted.size() == kThumbnails) break;
    if (ranked.picture < pictures.size()) wanted.push_back(pictures[ranked.picture].path);
  }
  Asked& asked = workspace.asked;
  if (wanted == asked.thumbnails) return;
  const bool another_unit = asked.thumbnails.empty() || ranking.scan->done;
  if (!another_unit && now_s - asked.thumbnails_s < kThumbnailPause_s) {
    wake_at(workspace, asked.thumbnails_s + kThumbnailPause_s);
    return;
  }
  asked.thumbnails = wanted;
  asked.thumbnails_s = now_s;
  engine::ThumbnailsRequest request;
  request.paths = std::move(wanted);
  request.framing = in.model->framing;
  request.grey = in.model->grey;
  out.thumbnails = std::move(request);
}

}  // namespace

void decide_stage(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s,
                  engine::Clock::time_point input_time) {
  fit_occluder(workspace, stage_size(in));
  ask_pictures(workspace, in, out);
  ask_hand(workspace, in, out, now_s, input_time);
  ask_sweep(workspace, in, out);
}

void decide(Workspace& workspace, const engine::Snapshots& in, engine::Requests& out, double now_s,
            engine::Clock::time_point input_time) {
  if (workspace.standing.started_s < 0) workspace.standing.started_s = now_s;
  workspace.standing.wake_s.reset();
  choose_first(workspace, in, now_s);
  settle_layer(workspace, in);
  fit_occluder(workspace, stage_size(in));
  record_history(workspace, now_s);
  ask_scan(workspace, in, out);
  ask_visualizations(workspace, in, out);
  decide_practice(workspace, in, out, now_s, input_time);
  if (workspace.screen == Screen::graph) {
    ask_pictures(workspace, in, out);
    ask_sheet(workspace, in, out);
  }
  if (workspace.screen == Screen::beside) {
    decide_stage(workspace, in, out, now_s, input_time);
    ask_sheet(workspace, in, out);
    decide_beside(workspace, in, out, now_s, input_time);
  }
  // What only the explorer shows is asked for while it is shown.
  if (workspace.screen != Screen::explore) return;
  extend_trace(workspace, in, now_s);
  rank_pictures(workspace, in);
  ask_pictures(workspace, in, out);
  ask_hand(workspace, in, out, now_s, input_time);
  ask_sheet(workspace, in, out);
  ask_sweep(workspace, in, out);
  ask_thumbnails(workspace, in, out, now_s);
}

}  // namespace ui

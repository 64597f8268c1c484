// The part of ui/choice.h that is about visualizations.
#include <cmath>

#include "ui/choice.h"

namespace ui {
namespace {

constexpr const char* kCompared[engine::kVisualizationSlots] = {"lucid", "naive", "regularized"};

// The first step that a run can still be told about: what the snapshot shows is a little behind the run.
int next_step(const VisualizationRun& run, const engine::VisualizeAnswer* answer) {
  if (answer == nullptr || answer->restarts != run.restarts) return 0;
  const core::VisualizationSnapshot& shown = answer->visualization;
  if (shown.spec.unit != run.spec.unit || shown.spec.parameterization != run.spec.parameterization ||
      shown.spec.batch != run.spec.batch || shown.spec.size_px != run.spec.size_px) {
    return 0;
  }
  if (run.run == engine::Run::paused) return shown.step;
  return shown.step + 1 + static_cast<int>(std::ceil(0.05 * shown.steps_per_s));
}

void begin_with(VisualizationRun& run, const core::VisualizeSettings& settings) {
  run.spec.schedule = {core::ScheduleEntry{0, settings}};
}

}  // namespace

const core::VisualizeSettings& settings_of(const VisualizationRun& run) {
  return run.spec.schedule.back().settings;
}

void change_settings(Workspace& workspace, const engine::Snapshots& in, int slot,
                     const core::VisualizeSettings& settings) {
  VisualizationRun& run = workspace.visualizations[static_cast<std::size_t>(slot)];
  if (settings_of(run) == settings) return;
  const int last = run.spec.schedule.back().from_step;
  const int from = next_step(run, in.visualize[static_cast<std::size_t>(slot)].get());
  core::change_settings(run.spec, from > last ? from : last, settings);
}

void change_identity(Workspace& workspace, int slot, const core::VisualizeSpec& spec) {
  VisualizationRun& run = workspace.visualizations[static_cast<std::size_t>(slot)];
  const core::VisualizeSettings settings = settings_of(run);
  run.spec = spec;
  begin_with(run, settings);
}

base::Status use_preset(Workspace& workspace, int slot, const std::string& name) {
  const base::Result<core::VisualizeSpec> spec = core::preset(name);
  if (!spec) return spec.error();
  VisualizationRun& run = workspace.visualizations[static_cast<std::size_t>(slot)];
  run.preset = name;
  run.spec = *spec;
  run.run = engine::Run::running;
  return {};
}

void set_comparing(Workspace& workspace, bool comparing) {
  workspace.controlled = 0;
  if (comparing == workspace.comparing) return;
  workspace.comparing = comparing;
  if (!comparing) return;
  for (int slot = 0; slot < engine::kVisualizationSlots; ++slot) {
    VisualizationRun& run = workspace.visualizations[static_cast<std::size_t>(slot)];
    // The run that is there already goes on if it is the one that the lesson needs.
    if (slot == 0 && run.preset == kCompared[0]) continue;
    const base::Status used = use_preset(workspace, slot, kCompared[slot]);
    CHECK(used.ok(), "the compared presets exist");
  }
}

int slots_shown(const Workspace& workspace) {
  return workspace.comparing ? engine::kVisualizationSlots : 1;
}

void set_running(Workspace& workspace, bool running) {
  for (VisualizationRun& run : workspace.visualizations) {
    run.run = running ? engine::Run::running : engine::Run::paused;
  }
}

void single_step(Workspace& workspace) {
  set_running(workspace, false);
  for (VisualizationRun& run : workspace.visualizations) ++run.single_steps;
}

void restart(Workspace& workspace) {
  for (VisualizationRun& run : workspace.visualizations) {
    begin_with(run, core::VisualizeSettings(settings_of(run)));
    ++run.restarts;
  }
}

std::string preset_label(const VisualizationRun& run) {
  const base::Result<core::VisualizeSpec> preset = core::preset(run.preset);
  if (!preset) return run.preset;
  const bool changed = preset->batch != run.spec.batch || preset->size_px != run.spec.size_px ||
                       preset->parameterization != run.spec.parameterization ||
                       preset->decorrelated != run.spec.decorrelated || preset->margin_px != run.spec.margin_px ||
                       !(preset->schedule.back().settings == settings_of(run));
  return changed ? run.preset + ", changed" : run.preset;
}

}  // namespace ui

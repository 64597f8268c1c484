// How choices change: units, layers, pictures, the occluder, visualizations, undo. Pure logic on the Workspace, the
// only code that changes what is chosen; panels and actions call it, decide() asks for what follows. UI thread.
#pragma once
#include <optional>
#include <string>

#include "engine/messages.h"
#include "ui/workspace.h"

namespace ui {

// Another way of working. What was chosen stays; the hand lets go.
void go_to(Workspace& workspace, Screen screen);

// ---- units and layers ----------------------------------------------------------------------------------------------

// Index into model.layers: the layer itself, or its view before the ReLU; -1 where it is neither.
int layer_index(const engine::ModelSnapshot& model, const std::string& layer);

void choose_unit(Workspace& workspace, core::Unit unit);
// The unit that was left there, else the strongest on the present picture, as soon as that is known.
void choose_layer(Workspace& workspace, const engine::Snapshots& in, const std::string& layer);
// By `by` places in the contact sheet's order (strongest first) where there is one, else by channel; wraps.
void step_unit(Workspace& workspace, const engine::Snapshots& in, int by);
void step_layer(Workspace& workspace, const engine::Snapshots& in, int by);  // wraps

// ---- pictures
// --------------------------------------------------------------------------------------------------------

void choose_picture(Workspace& workspace, const std::filesystem::path& path);
void step_picture(Workspace& workspace, const engine::Snapshots& in, int by);  // wraps
// Place in the collection; nothing if it is not in it.
std::optional<std::size_t> picture_index(const engine::CollectionSnapshot& collection,
                                         const std::filesystem::path& path);

// ---- the occluder
// ----------------------------------------------------------------------------------------------------

// The picture's size on the stage, or the model's crop before there is one.
core::Size stage_size(const engine::Snapshots& in);
// Each keeps the occluder inside the picture.
void move_occluder(Workspace& workspace, const engine::Snapshots& in, int x_px, int y_px);
void nudge_occluder(Workspace& workspace, const engine::Snapshots& in, int dx_px, int dy_px);
// About its centre. At least 2 px, at most the shorter side.
void resize_occluder(Workspace& workspace, const engine::Snapshots& in, int side_px);
// Of the sweep that answers what is chosen now; false if there is none yet.
bool move_to_extreme(Workspace& workspace, const engine::Snapshots& in, bool highest);
// True when the sweep answers what is chosen now.
bool sweep_is_current(const Workspace& workspace, const engine::Snapshots& in);
bool drag_is_current(const Workspace& workspace, const engine::Snapshots& in);  // the very occluder included

// ---- visualizations
// --------------------------------------------------------------------------------------------------

// The settings that are in force for new steps.
const core::VisualizeSettings& settings_of(const VisualizationRun& run);
// Acts from the next step that the run can still see: appended to the schedule.
void change_settings(Workspace& workspace, const engine::Snapshots& in, int slot,
                     const core::VisualizeSettings& settings);
// Replaces what makes a run another one (batch, size, parameterization): begins anew with the settings in force.
void change_identity(Workspace& workspace, int slot, const core::VisualizeSpec& spec);
base::Status use_preset(Workspace& workspace, int slot, const std::string& name);
void set_comparing(Workspace& workspace, bool comparing);
// On every run that is shown.
void set_running(Workspace& workspace, bool running);
void single_step(Workspace& workspace);
void restart(Workspace& workspace);
int slots_shown(const Workspace& workspace);  // 1 or 3; slot 0 is the one that is always there
// The run's preset, and whether it was changed since.
std::string preset_label(const VisualizationRun& run);

// ---- undo
// ------------------------------------------------------------------------------------------------------------

// Records the present choice if it changed; changes of the occluder within a second are one.
void record_history(Workspace& workspace, double now_s);
bool undo(Workspace& workspace);
bool redo(Workspace& workspace);

}  // namespace ui

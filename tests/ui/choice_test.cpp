#include "ui/choice.h"

#include "catch.h"
#include "scene.h"

TEST_CASE("stepping through the units of a layer visits each once and comes back") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 0, std::nullopt});
  for (const bool with_sheet : {false, true}) {
    if (with_sheet) in.contact_sheet = scene::sheet(in, "two_pre_relu", 8);
    std::vector<int> seen;
    for (int i = 0; i < 8; ++i) {
      seen.push_back(workspace.chosen.unit->channel);
      ui::step_unit(workspace, in, 1);
    }
    REQUIRE(workspace.chosen.unit->channel == seen.front());
    std::sort(seen.begin(), seen.end());
    REQUIRE(seen == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7});
    ui::step_unit(workspace, in, 1);
    ui::step_unit(workspace, in, -1);
    REQUIRE(workspace.chosen.unit->channel == 0);
  }
}

TEST_CASE("with a contact sheet the arrows walk its order, strongest first") {
  engine::Snapshots in = scene::beginning();
  in.contact_sheet = scene::sheet(in, "two_pre_relu", 8);  // order 7, 6, … 0
  ui::Workspace workspace = scene::workspace_with({"two_pre_relu", 7, std::nullopt});
  ui::step_unit(workspace, in, 1);
  REQUIRE(workspace.chosen.unit->channel == 6);
  ui::step_unit(workspace, in, -2);
  REQUIRE(workspace.chosen.unit->channel == 0);
}

TEST_CASE("layers wrap, and coming back finds the unit that was left") {
  const engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"three_pre_relu", 9, std::nullopt});
  ui::step_layer(workspace, in, 1);
  REQUIRE(workspace.wanted_layer == "one_pre_relu");
  ui::step_layer(workspace, in, -1);
  REQUIRE(workspace.chosen.unit == core::Unit{"three_pre_relu", 9, std::nullopt});
  REQUIRE_FALSE(workspace.wanted_layer);
}

TEST_CASE("a layer after the ReLU stands in the list where its view before the ReLU does") {
  const auto model = scene::model();
  REQUIRE(ui::layer_index(*model, "two_pre_relu") == 1);
  REQUIRE(ui::layer_index(*model, "two") == 1);
  REQUIRE(ui::layer_index(*model, "nowhere") == -1);
}

TEST_CASE("pictures step through the folder and wrap") {
  const engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  ui::step_picture(workspace, in, -1);
  REQUIRE(workspace.chosen.picture == "pictures/p4.png");
  ui::step_picture(workspace, in, 1);
  REQUIRE(workspace.chosen.picture == "pictures/p0.png");
}

TEST_CASE("the occluder stays inside the picture wherever it is pushed") {
  const engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  for (const auto& [dx, dy] : {std::pair{-1000, 0}, {0, -1000}, {2000, 0}, {0, 2000}, {-3, 5}}) {
    ui::nudge_occluder(workspace, in, dx, dy);
    const core::Occluder& occluder = workspace.chosen.occluder;
    REQUIRE(occluder.x_px >= 0);
    REQUIRE(occluder.y_px >= 0);
    REQUIRE(occluder.x_px + occluder.side_px <= 224);
    REQUIRE(occluder.y_px + occluder.side_px <= 224);
  }
  ui::resize_occluder(workspace, in, 9999);
  REQUIRE(workspace.chosen.occluder == core::Occluder{0, 0, 224});
  ui::resize_occluder(workspace, in, -5);
  REQUIRE(workspace.chosen.occluder.side_px == 2);
}

TEST_CASE("another size keeps the occluder's centre") {
  const engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  workspace.chosen.occluder = {60, 80, 90};
  ui::resize_occluder(workspace, in, 66);
  REQUIRE(workspace.chosen.occluder == core::Occluder{72, 92, 66});
}

TEST_CASE("lowest and highest go to the ends of the map that answers the present choice, and to no other") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  REQUIRE_FALSE(ui::move_to_extreme(workspace, in, true));
  scene::decide(workspace, in, 1.0);
  in.sweep = scene::sweep(workspace.asked.sweep->spec, {224, 224});
  REQUIRE(ui::move_to_extreme(workspace, in, true));
  REQUIRE(workspace.chosen.occluder == core::Occluder{134, 134, 90});
  REQUIRE(ui::move_to_extreme(workspace, in, false));
  REQUIRE(workspace.chosen.occluder == core::Occluder{0, 0, 90});
  ui::step_unit(workspace, in, 1);
  REQUIRE_FALSE(ui::move_to_extreme(workspace, in, true));
}

TEST_CASE("a setting that changes while a run goes on is appended to its schedule at a step to come") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  scene::decide(workspace, in, 1.0);
  in.visualize[0] = scene::visualization(workspace.asked.visualize[0]->spec, 40);
  ui::VisualizationRun& run = workspace.visualizations[0];
  core::VisualizeSettings settings = ui::settings_of(run);
  settings.jitter_px = 3;
  ui::change_settings(workspace, in, 0, settings);
  REQUIRE(run.spec.schedule.size() == 2);
  REQUIRE(run.spec.schedule[0].from_step == 0);
  REQUIRE(run.spec.schedule[1].from_step > 40);
  REQUIRE(run.spec.schedule[1].settings.jitter_px == 3);
  ui::change_settings(workspace, in, 0, settings);
  REQUIRE(run.spec.schedule.size() == 2);
  REQUIRE(core::same_identity(run.spec, in.visualize[0]->visualization.spec));
}

TEST_CASE("a restart and another unit begin with the settings in force, from step 0") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  scene::decide(workspace, in, 1.0);
  ui::VisualizationRun& run = workspace.visualizations[0];
  const auto change = [&](int jitter_px) {
    in.visualize[0] = scene::visualization(workspace.asked.visualize[0]->spec, 40);
    core::VisualizeSettings settings = ui::settings_of(run);
    settings.jitter_px = jitter_px;
    ui::change_settings(workspace, in, 0, settings);
    REQUIRE(run.spec.schedule.size() == 2);
  };
  change(2);
  ui::restart(workspace);
  REQUIRE(run.spec.schedule.size() == 1);
  REQUIRE(run.spec.schedule.front().settings.jitter_px == 2);
  REQUIRE(run.restarts == 1);
  in.visualize[0] = nullptr;
  core::VisualizeSettings settings = ui::settings_of(run);
  settings.jitter_px = 5;
  ui::change_settings(workspace, in, 0, settings);
  REQUIRE(run.spec.schedule.size() == 1);
  run.spec.schedule.push_back({20, settings});
  run.run = engine::Run::paused;  // of this unit; the next one is not left grey
  ui::step_unit(workspace, in, 1);
  const engine::Requests out = scene::decide(workspace, in, 2.0);
  REQUIRE(out.visualize[0]);
  REQUIRE(out.visualize[0]->run == engine::Run::running);
  REQUIRE(out.visualize[0]->spec.schedule.size() == 1);
  REQUIRE(out.visualize[0]->spec.schedule.front().settings.jitter_px == 5);
}

TEST_CASE("a new workspace runs Lucid's preset, and says when it was changed") {
  ui::Workspace workspace;
  REQUIRE(ui::preset_label(workspace.visualizations[0]) == "lucid");
  for (const core::Preset& preset : core::presets()) {
    REQUIRE(ui::use_preset(workspace, 0, preset.name).ok());
    REQUIRE(ui::preset_label(workspace.visualizations[0]) == preset.name);
    core::VisualizeSettings settings = ui::settings_of(workspace.visualizations[0]);
    settings.learning_rate *= 2;
    ui::change_settings(workspace, {}, 0, settings);
    REQUIRE(ui::preset_label(workspace.visualizations[0]) == preset.name + ", changed");
  }
}

TEST_CASE("comparing runs naive, regularized and Fourier, and ends with one run") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  scene::decide(workspace, in, 1.0);
  ui::set_comparing(workspace, true);
  const engine::Requests begun = scene::decide(workspace, in, 1.1);
  REQUIRE_FALSE(begun.visualize[0]);  // it runs already and goes on
  REQUIRE(begun.visualize[1]);
  REQUIRE(begun.visualize[1]->spec.parameterization == core::Parameterization::pixels);
  REQUIRE(begun.visualize[1]->spec.seed == workspace.asked.visualize[0]->spec.seed);
  REQUIRE(begun.visualize[2]);
  ui::set_comparing(workspace, false);
  const engine::Requests ended = scene::decide(workspace, in, 1.2);
  REQUIRE(ended.visualize[1]);
  REQUIRE_FALSE(ended.visualize[1]->model);
  REQUIRE_FALSE(ended.visualize[2]->model);
  REQUIRE_FALSE(ended.visualize[0]);
}

TEST_CASE("undo goes back over unit, picture and occluder, redo forward again") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  double now_s = 1.0;
  const auto settle = [&] { scene::decide(workspace, in, now_s += 5.0); };
  settle();
  const ui::Chosen first = workspace.chosen;
  ui::step_unit(workspace, in, 1);
  settle();
  const ui::Chosen second = workspace.chosen;
  ui::step_picture(workspace, in, 1);
  settle();
  ui::nudge_occluder(workspace, in, 8, 0);
  settle();
  const ui::Chosen last = workspace.chosen;
  REQUIRE(ui::undo(workspace));
  settle();
  REQUIRE(ui::undo(workspace));
  REQUIRE(workspace.chosen == second);
  REQUIRE(ui::undo(workspace));
  REQUIRE(workspace.chosen == first);
  REQUIRE_FALSE(ui::undo(workspace));
  while (ui::redo(workspace)) settle();
  REQUIRE(workspace.chosen == last);
}

TEST_CASE("a drag is one step of undo") {
  engine::Snapshots in = scene::beginning();
  ui::Workspace workspace = scene::workspace_with({"one_pre_relu", 0, std::nullopt});
  scene::decide(workspace, in, 1.0);
  const ui::Chosen before = workspace.chosen;
  workspace.hand.dragging = true;
  for (int i = 0; i < 20; ++i) {
    ui::nudge_occluder(workspace, in, 2, 1);
    scene::decide(workspace, in, 2.0 + 0.3 * i);
  }
  workspace.hand.dragging = false;
  scene::decide(workspace, in, 9.0);
  REQUIRE(ui::undo(workspace));
  REQUIRE(workspace.chosen == before);
}

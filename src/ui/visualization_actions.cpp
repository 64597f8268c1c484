// Feature visualization in the table of ui/actions.h: every control of the inspector has a name here.
#include <cmath>

#include "ui/action_groups.h"
#include "ui/choice.h"

namespace ui {
namespace {

constexpr std::string_view kGroup = "Visualization";

// Sets one number of the settings in force, live.
base::Status set_real(ActionContext& context, std::string_view name, std::string_view argument,
                      double core::VisualizeSettings::*field, double low, double high) {
  const base::Result<double> value = number_argument(name, argument, low, high);
  if (!value) return value.error();
  const int slot = context.workspace.controlled;
  core::VisualizeSettings settings = settings_of(context.workspace.visualizations[static_cast<std::size_t>(slot)]);
  settings.*field = *value;
  change_settings(context.workspace, context.in, slot, settings);
  return {};
}

base::Status set_whole(ActionContext& context, std::string_view name, std::string_view argument,
                       int core::VisualizeSettings::*field, int high) {
  const base::Result<double> value = number_argument(name, argument, 0, high);
  if (!value) return value.error();
  const int slot = context.workspace.controlled;
  core::VisualizeSettings settings = settings_of(context.workspace.visualizations[static_cast<std::size_t>(slot)]);
  settings.*field = static_cast<int>(std::lround(*value));
  change_settings(context.workspace, context.in, slot, settings);
  return {};
}

base::Status turn_sign(ActionContext& context, std::string_view) {
  const int slot = context.workspace.controlled;
  core::VisualizeSettings settings = settings_of(context.workspace.visualizations[static_cast<std::size_t>(slot)]);
  settings.sign = -settings.sign;
  change_settings(context.workspace, context.in, slot, settings);
  return {};
}

base::Status set_batch(ActionContext& context, std::string_view argument) {
  const base::Result<double> value = number_argument("batch", argument, 1, 9);
  if (!value) return value.error();
  const int slot = context.workspace.controlled;
  core::VisualizeSpec spec = context.workspace.visualizations[static_cast<std::size_t>(slot)].spec;
  spec.batch = static_cast<int>(std::lround(*value));
  change_identity(context.workspace, slot, spec);
  return {};
}

base::Status set_steps(ActionContext& context, std::string_view argument) {
  const base::Result<double> value = number_argument("steps", argument, 1, 100000);
  if (!value) return value.error();
  const auto slot = static_cast<std::size_t>(context.workspace.controlled);
  context.workspace.visualizations[slot].spec.steps = static_cast<int>(std::lround(*value));
  return {};
}

base::Status set_seed(ActionContext& context, std::string_view argument) {
  const base::Result<double> value = number_argument("seed", argument, 0, 1e9);
  if (!value) return value.error();
  context.workspace.seed = static_cast<std::uint64_t>(std::llround(*value));
  return {};
}

base::Status pause_or_run(ActionContext& context, std::string_view) {
  set_running(context.workspace, context.workspace.visualizations[0].run == engine::Run::paused);
  return {};
}

base::Status compare(ActionContext& context, std::string_view argument) {
  const base::Result<bool> on = switch_argument("compare", argument, context.workspace.comparing);
  if (!on) return on.error();
  set_comparing(context.workspace, *on);
  return {};
}

}  // namespace

std::vector<Action> visualization_actions() {
  using Context = ActionContext&;
  using Text = std::string_view;
  using Settings = core::VisualizeSettings;
  return {
      {"pause", "", kGroup, "Pauses the visualization, or runs it on.", {ImGuiKey_Space}, "", false, pause_or_run},
      {"step",
       "",
       kGroup,
       "One update of the picture.",
       {},
       ".",
       false,
       [](Context c, Text) -> base::Status {
         single_step(c.workspace);
         return {};
       }},
      {"restart",
       "",
       kGroup,
       "From the seed again, with the settings as they are.",
       {ImGuiKey_R},
       "",
       false,
       [](Context c, Text) -> base::Status {
         restart(c.workspace);
         return {};
       }},
      {"sign",
       "",
       kGroup,
       "Turns between what excites the unit and what inhibits it.",
       {ImGuiKey_N},
       "",
       false,
       turn_sign},
      {"compare",
       "on|off",
       kGroup,
       "Naive pixels, regularized pixels and Fourier from one seed, side by side.",
       {ImGuiKey_C},
       "",
       false,
       compare},
      {"preset",
       "NAME",
       kGroup,
       "naive, regularized, lucid or study.",
       {},
       "",
       false,
       [](Context c, Text name) { return use_preset(c.workspace, c.workspace.controlled, std::string(name)); }},
      {"learning rate",
       "X",
       kGroup,
       "How far each step moves the picture; 0.05 is usual.",
       {},
       "",
       false,
       [](Context c, Text x) { return set_real(c, "learning rate", x, &Settings::learning_rate, 1e-5, 10); }},
      {"jitter",
       "PIXELS",
       kGroup,
       "Random shift of each step.",
       {},
       "",
       false,
       [](Context c, Text x) { return set_whole(c, "jitter", x, &Settings::jitter_px, 64); }},
      {"rotate",
       "DEGREES",
       kGroup,
       "Random turn of each step.",
       {},
       "",
       false,
       [](Context c, Text x) { return set_whole(c, "rotate", x, &Settings::rotate_deg, 90); }},
      {"scale",
       "SHARE",
       kGroup,
       "Random zoom of each step: 0.1 is 90 to 110 %.",
       {},
       "",
       false,
       [](Context c, Text x) { return set_real(c, "scale", x, &Settings::scale_spread, 0, 0.5); }},
      {"batch", "N", kGroup, "How many pictures at once, 1 to 9.", {}, "", false, set_batch},
      {"diversity",
       "WEIGHT",
       kGroup,
       "Pushes the pictures of a batch apart.",
       {},
       "",
       false,
       [](Context c, Text x) { return set_real(c, "diversity", x, &Settings::diversity, 0, 1e6); }},
      {"l2",
       "WEIGHT",
       kGroup,
       "Pulls every pixel towards grey.",
       {},
       "",
       false,
       [](Context c, Text x) { return set_real(c, "l2", x, &Settings::l2, 0, 1e6); }},
      {"total variation",
       "WEIGHT",
       kGroup,
       "Penalizes differences between neighbours.",
       {},
       "",
       false,
       [](Context c, Text x) { return set_real(c, "total variation", x, &Settings::total_variation, 0, 1e6); }},
      {"blur",
       "WEIGHT",
       kGroup,
       "Penalizes the difference from the picture's own blur.",
       {},
       "",
       false,
       [](Context c, Text x) { return set_real(c, "blur", x, &Settings::blur, 0, 1e6); }},
      {"steps", "N", kGroup, "How many updates the picture gets.", {}, "", false, set_steps},
      {"seed", "N", kGroup, "The start of all random numbers.", {}, "", false, set_seed},
  };
}

}  // namespace ui

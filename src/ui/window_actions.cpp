// Heat maps and the window itself in the table of ui/actions.h.
#include <algorithm>
#include <cmath>

#include "ui/action_groups.h"
#include "ui/choice.h"

namespace ui {
namespace {

constexpr std::string_view kMaps = "Heat maps";
constexpr std::string_view kWindow = "Window";

base::Status set_colours(ActionContext& context, std::string_view argument) {
  core::ColourMap& colours = context.workspace.preferences.look.colours;
  if (argument.empty()) {
    constexpr int kCount = static_cast<int>(std::size(core::kColourMaps));
    colours = core::kColourMaps[(static_cast<int>(colours) + 1) % kCount];
    return {};
  }
  const base::Result<core::ColourMap> parsed = core::parse_colour_map(argument);
  if (!parsed) return parsed.error();
  colours = *parsed;
  return {};
}

base::Status set_opacity(ActionContext& context, std::string_view argument) {
  const base::Result<double> value = number_argument("opacity", argument, 0, 1);
  if (!value) return value.error();
  context.workspace.preferences.look.opacity = static_cast<float>(*value);
  return {};
}

base::Status set_contour(ActionContext& context, std::string_view argument) {
  int& levels = context.workspace.preferences.look.contour_levels;
  if (argument.empty()) {
    levels = levels == 0 ? 5 : 0;
    return {};
  }
  const base::Result<double> value = number_argument("contour", argument, 0, 20);
  if (!value) return value.error();
  levels = static_cast<int>(std::lround(*value));
  return {};
}

base::Status set_values(ActionContext& context, std::string_view argument) {
  MapLook& look = context.workspace.preferences.look;
  const bool pair = context.workspace.screen == Screen::beside;
  MapValues& values = pair ? context.workspace.beside.values : look.values;
  constexpr MapValues kAll[] = {MapValues::value, MapValues::drop, MapValues::share};
  const auto named = std::ranges::find(kAll, argument, [](MapValues known) { return to_string(known); });
  if (argument.empty()) {
    values = kAll[(static_cast<std::size_t>(values) + 1) % std::size(kAll)];
  } else if (named != std::end(kAll)) {
    values = *named;
  } else {
    return needs("map shows", "\"" + std::string(argument) + "\" is not known", "Say value, drop or share.");
  }
  if (!pair) look.range_fixed = false;
  return {};
}

base::Status set_smooth(ActionContext& context, std::string_view argument) {
  core::Interpolation& interpolation = context.workspace.preferences.look.interpolation;
  const base::Result<bool> on = switch_argument("smooth", argument, interpolation == core::Interpolation::bilinear);
  if (!on) return on.error();
  interpolation = *on ? core::Interpolation::bilinear : core::Interpolation::nearest;
  return {};
}

base::Status lock_range(ActionContext& context, std::string_view argument) {
  MapLook& look = context.workspace.preferences.look;
  const base::Result<bool> on = switch_argument("lock range", argument, look.range_fixed);
  if (!on) return on.error();
  const core::Map& map = context.workspace.shown_map.map;
  if (*on && map.empty()) return needs("lock range", "there is no map yet", "Wait a moment for the map.");
  if (*on && !look.range_fixed) look.fixed_range = core::range_of(map);
  look.range_fixed = *on;
  return {};
}

base::Status switch_flag(bool& flag, std::string_view action, std::string_view argument) {
  const base::Result<bool> on = switch_argument(action, argument, flag);
  if (!on) return on.error();
  flag = *on;
  return {};
}

base::Status find(ActionContext& context, std::string_view) {
  context.workspace.standing.search_open = true;
  context.workspace.standing.focus_search = true;
  context.workspace.standing.panels_hidden = false;
  return {};
}

base::Status close(ActionContext& context, std::string_view) {
  Standing& standing = context.workspace.standing;
  if (standing.help_open) {
    standing.help_open = false;
  } else if (standing.search_open) {
    standing.search_open = false;
  } else if (context.workspace.maker.open) {
    context.workspace.maker.open = false;
  } else if (context.workspace.opening.box.open) {
    context.workspace.opening.box = {};
  } else if (standing.panels_hidden && context.workspace.screen == Screen::explore) {
    standing.panels_hidden = false;
  } else {
    go_to(context.workspace, Screen::explore);
  }
  standing.notice.clear();
  return {};
}

base::Status export_files(ActionContext& context, std::string_view argument) {
  Workspace& workspace = context.workspace;
  if (!context.in.sweep && !context.in.visualize[0]) {
    return needs("export", "there is nothing to save yet", "Wait for the map or the first step.");
  }
  engine::SaveRequest request;
  request.folder = argument.empty() ? workspace.export_folder : std::filesystem::path(std::string(argument));
  request.sweep = context.in.sweep;
  for (int slot = 0; slot < slots_shown(workspace); ++slot) {
    const auto& answer = context.in.visualize[static_cast<std::size_t>(slot)];
    if (answer) request.visualizations.push_back(answer);
  }
  request.picture = context.in.picture;
  request.number = ++workspace.saves;
  context.out.save = std::move(request);
  return {};
}

base::Status undo_choice(ActionContext& context, std::string_view) {
  return undo(context.workspace) ? base::Status{} : needs("undo", "nothing was chosen before", "Choose something.");
}
base::Status redo_choice(ActionContext& context, std::string_view) {
  return redo(context.workspace) ? base::Status{} : needs("redo", "nothing was undone", "Undo something first.");
}

base::Status text_size(ActionContext& context, std::string_view argument) {
  base::Result<double> value = number_argument("text size", argument, 0.01, 200);
  if (!value) return value.error();
  const double share = *value > 3 ? *value / 100.0 : *value;
  if (share < 0.8 || share > 2.0) return needs("text size", "that is out of range", "Give 80 to 200 %.");
  context.workspace.preferences.scale = static_cast<float>(share);
  return {};
}

base::Status copy_command(ActionContext& context, std::string_view argument) {
  const Workspace& workspace = context.workspace;
  std::string command;
  if (argument == "occlusion" && workspace.asked.sweep) command = core::to_command(workspace.asked.sweep->spec);
  if (argument == "visualization" && workspace.asked.visualize[0]) {
    command = core::to_command(workspace.asked.visualize[0]->spec);
  }
  if (argument == "activation" && context.in.model && context.in.picture && workspace.chosen.unit) {
    command =
        core::to_command(core::RespondSpec{context.in.model->file, context.in.picture->file, *workspace.chosen.unit});
  }
  if (command.empty()) {
    return needs("copy command", "there is no \"" + std::string(argument) + "\" to copy",
                 "Say occlusion, visualization or activation, with a unit and a picture chosen.");
  }
  ImGui::SetClipboardText(command.c_str());
  return {};
}

}  // namespace

std::vector<Action> window_actions() {
  using Context = ActionContext&;
  using Text = std::string_view;
  return {
      {"opacity", "SHARE", kMaps, "Of the activation map over the picture, 0 to 1.", {}, "", false, set_opacity},
      {"colours",
       "NAME",
       kMaps,
       "magma, viridis, cividis, grey or blue-white-red; the next one without a name.",
       {},
       "",
       false,
       set_colours},
      {"contour", "LINES", kMaps, "Lines of equal value: how many, 0 for none.", {}, "", false, set_contour},
      {"map shows",
       "value|drop|share",
       kMaps,
       "The activation for each position, its drop from the baseline, or that as a share of it.",
       {ImGuiKey_D},
       "",
       false,
       set_values},
      {"smooth", "on|off", kMaps, "Bilinear between cells, or the cells as they are.", {}, "", false, set_smooth},
      {"lock range",
       "on|off",
       kMaps,
       "Keeps the range of the colours for all maps, to compare them.",
       {ImGuiKey_G},
       "",
       false,
       lock_range},

      {"find",
       "",
       kWindow,
       "Finds units, layers, pictures and everything the window can do.",
       {ImGuiMod_Ctrl | ImGuiKey_F},
       "/",
       false,
       find,
       std::nullopt},
      {"toggle panels",
       "",
       kWindow,
       "Hides the panels: the three pictures grow.",
       {ImGuiKey_Tab},
       "",
       false,
       [](Context c, Text) { return switch_flag(c.workspace.standing.panels_hidden, "toggle panels", ""); }},
      {"picture alone",
       "on|off",
       kWindow,
       "The picture without square and map. Holding V does the same.",
       {},
       "",
       false,
       [](Context c, Text on) { return switch_flag(c.workspace.standing.picture_alone, "picture alone", on); }},
      {"help",
       "",
       kWindow,
       "Shows or hides all keys.",
       {ImGuiKey_H},
       "?",
       false,
       [](Context c, Text) { return switch_flag(c.workspace.standing.help_open, "help", ""); },
       std::nullopt},
      {"undo",
       "",
       kWindow,
       "Back to the unit, picture and occluder before.",
       {ImGuiMod_Ctrl | ImGuiKey_Z},
       "",
       true,
       undo_choice},
      {"redo",
       "",
       kWindow,
       "Forward again.",
       {ImGuiMod_Ctrl | ImGuiKey_Y, ImGuiMod_Ctrl | ImGuiMod_Shift | ImGuiKey_Z},
       "",
       true,
       redo_choice},
      {"export",
       "FOLDER",
       kWindow,
       "Saves map, visualization and their specs, as the command line does.",
       {ImGuiMod_Ctrl | ImGuiKey_E},
       "",
       false,
       export_files},
      {"copy command",
       "WHAT",
       kWindow,
       "The command that makes the same: occlusion, visualization or activation.",
       {},
       "",
       false,
       copy_command},
      {"default layout",
       "",
       kWindow,
       "Puts all panels back.",
       {},
       "",
       false,
       [](Context c, Text) -> base::Status {
         c.workspace.preferences.layout_ini.clear();
         c.workspace.standing.layout_own = false;
         c.workspace.standing.layout_wanted = true;
         c.workspace.standing.panels_hidden = false;
         return {};
       }},
      {"text size", "PERCENT", kWindow, "Of everything, 80 to 200 %.", {}, "", false, text_size, std::nullopt},
      {"motion",
       "on|off",
       kWindow,
       "Whether things glide to where they belong.",
       {},
       "",
       false,
       [](Context c, Text on) { return switch_flag(c.workspace.preferences.motion, "motion", on); },
       std::nullopt},
      {"close",
       "",
       kWindow,
       "Closes what is open; goes back to the explorer.",
       {ImGuiKey_Escape},
       "",
       false,
       close,
       std::nullopt},
  };
}

}  // namespace ui

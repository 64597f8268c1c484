// The occluder in the table of ui/actions.h.
#include <cmath>
#include <cstdio>

#include "ui/action_groups.h"
#include "ui/choice.h"

namespace ui {
namespace {

constexpr std::string_view kGroup = "Occluder";
constexpr int kNudge_px = 4;
constexpr int kResize_px = 8;

base::Status nudge(ActionContext& context, int dx_px, int dy_px) {
  nudge_occluder(context.workspace, context.in, dx_px, dy_px);
  context.workspace.preferences.hints_done[static_cast<int>(Hint::drag)] = true;
  return {};
}

base::Status move(ActionContext& context, std::string_view argument) {
  int x = 0;
  int y = 0;
  char rest = '\0';
  if (std::sscanf(std::string(argument).c_str(), "%d %d %c", &x, &y, &rest) != 2) {
    return needs("move occluder", "\"" + std::string(argument) + "\" is not a place",
                 "Give the upper left corner in pixels, such as \"40 60\".");
  }
  move_occluder(context.workspace, context.in, x, y);
  return {};
}

base::Status set_size(ActionContext& context, std::string_view argument) {
  const base::Result<double> size = number_argument("occluder size", argument, 0.01, 4096);
  if (!size) return size.error();
  const int side =
      *size <= 1.0 ? core::side_from_fraction(*size, stage_size(context.in)) : static_cast<int>(std::lround(*size));
  resize_occluder(context.workspace, context.in, side);
  return {};
}

base::Status resize(ActionContext& context, int by_px) {
  resize_occluder(context.workspace, context.in, context.workspace.chosen.occluder.side_px + by_px);
  return {};
}

base::Status set_fill(ActionContext& context, std::string_view argument) {
  core::Fill& fill = context.workspace.chosen.fill;
  if (argument.empty()) {
    constexpr int kCount = static_cast<int>(std::size(core::kFills));
    fill = core::kFills[(static_cast<int>(fill) + 1) % kCount];
    return {};
  }
  const base::Result<core::Fill> parsed = core::parse_fill(argument);
  if (!parsed) return parsed.error();
  fill = *parsed;
  return {};
}

base::Status go(ActionContext& context, bool highest) {
  if (move_to_extreme(context.workspace, context.in, highest)) return {};
  return needs(highest ? "highest" : "lowest", "the map has no positions yet", "Wait a moment for the map.");
}

}  // namespace

std::vector<Action> occluder_actions() {
  using Context = ActionContext&;
  using Text = std::string_view;
  return {
      {"occluder left",
       "",
       kGroup,
       "Moves the occluder left by 4 px.",
       {ImGuiMod_Shift | ImGuiKey_LeftArrow},
       "",
       true,
       [](Context c, Text) { return nudge(c, -kNudge_px, 0); }},
      {"occluder right",
       "",
       kGroup,
       "Moves the occluder right by 4 px.",
       {ImGuiMod_Shift | ImGuiKey_RightArrow},
       "",
       true,
       [](Context c, Text) { return nudge(c, kNudge_px, 0); }},
      {"occluder up",
       "",
       kGroup,
       "Moves the occluder up by 4 px.",
       {ImGuiMod_Shift | ImGuiKey_UpArrow},
       "",
       true,
       [](Context c, Text) { return nudge(c, 0, -kNudge_px); }},
      {"occluder down",
       "",
       kGroup,
       "Moves the occluder down by 4 px.",
       {ImGuiMod_Shift | ImGuiKey_DownArrow},
       "",
       true,
       [](Context c, Text) { return nudge(c, 0, kNudge_px); }},
      {"lowest",
       "",
       kGroup,
       "To the position with the lowest activation.",
       {ImGuiKey_M},
       "",
       false,
       [](Context c, Text) { return go(c, false); }},
      {"highest",
       "",
       kGroup,
       "To the position with the highest activation.",
       {ImGuiMod_Shift | ImGuiKey_M},
       "",
       false,
       [](Context c, Text) { return go(c, true); }},
      {"smaller occluder",
       "",
       kGroup,
       "Makes the occluder 8 px smaller.",
       {},
       "-",
       false,
       [](Context c, Text) { return resize(c, -kResize_px); }},
      {"larger occluder",
       "",
       kGroup,
       "Makes the occluder 8 px larger.",
       {},
       "=+",
       false,
       [](Context c, Text) { return resize(c, kResize_px); }},
      {"occluder size", "SIZE", kGroup, "A share of the picture (0.4 or 40 %), or pixels.", {}, "", false, set_size},
      {"move occluder", "X Y", kGroup, "Its upper left corner, in pixels of the picture.", {}, "", false, move},
      {"fill",
       "NAME",
       kGroup,
       "The next fill, or patch-mean, image-mean, grey, black, noise or blur.",
       {ImGuiKey_F},
       "",
       false,
       set_fill},
  };
}

}  // namespace ui

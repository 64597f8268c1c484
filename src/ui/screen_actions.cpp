// The ways of working in the table of ui/actions.h.
#include "ui/action_groups.h"
#include "ui/choice.h"

namespace ui {
namespace {

constexpr std::string_view kScreens = "Ways of working";

base::Status show(ActionContext& context, Screen screen) {
  go_to(context.workspace, screen);
  return {};
}

}  // namespace

std::vector<Action> screen_actions() {
  using Context = ActionContext&;
  using Text = std::string_view;
  return {
      {"explore",
       "",
       kScreens,
       "One unit, one picture, one square.",
       {},
       "",
       false,
       [](Context c, Text) { return show(c, Screen::explore); },
       std::nullopt},
      {"practice",
       "",
       kScreens,
       "Asks which of two squares leaves the unit more active.",
       {ImGuiKey_P},
       "",
       false,
       [](Context c, Text) { return show(c, Screen::practice); }},
      {"make trials",
       "",
       kScreens,
       "Makes an experiment of units and pictures.",
       {ImGuiKey_T},
       "",
       false,
       [](Context c, Text) -> base::Status {
         c.workspace.maker.open = !c.workspace.maker.open;
         return {};
       },
       std::nullopt},
  };
}

}  // namespace ui

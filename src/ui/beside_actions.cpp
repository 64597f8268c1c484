// Two models side by side in the table of ui/actions.h.
#include "ui/action_groups.h"
#include "ui/choice.h"
#include "ui/opening.h"

namespace ui {
namespace {

constexpr std::string_view kBeside = "Two models";

base::Status open_second(ActionContext& context, std::string_view argument) {
  go_to(context.workspace, Screen::beside);
  if (argument.empty()) {
    open_path_box(context.workspace, true);
    return {};
  }
  const base::Result<std::filesystem::path> path = typed_path(argument);
  if (!path) return path.error();
  open_model(context.workspace, context.in, context.out, *path, true);
  return {};
}

base::Status second_unit(ActionContext& context, std::string_view argument) {
  go_to(context.workspace, Screen::beside);
  context.workspace.beside.focus_unit = argument.empty();
  context.workspace.beside.written = argument == "same" ? std::string_view() : argument;
  return {};
}

}  // namespace

std::vector<Action> beside_actions() {
  using Context = ActionContext&;
  using Text = std::string_view;
  return {
      {"two models",
       "",
       kBeside,
       "One picture and one square for two networks.",
       {ImGuiKey_X},
       "",
       false,
       [](Context c, Text) -> base::Status {
         go_to(c.workspace, Screen::beside);
         return {};
       }},
      {"second model", "PATH", kBeside, "The network beside the first.", {}, "", false, open_second, Screen::beside},
      {"second unit",
       "NAME",
       kBeside,
       "The unit in the second model; same: the name that it has in the first.",
       {ImGuiKey_U},
       "",
       false,
       second_unit,
       Screen::beside},
  };
}

}  // namespace ui

// Units, layers and pictures in the table of ui/actions.h.
#include <algorithm>
#include <cmath>

#include "ui/action_groups.h"
#include "ui/choice.h"
#include "ui/sentences.h"

namespace ui {
namespace {

constexpr std::string_view kUnits = "Units";
constexpr std::string_view kPictures = "Pictures";

base::Status step(ActionContext& context, int by) {
  if (!context.workspace.chosen.unit) return needs("next unit", "no unit is chosen yet", "Choose a layer.");
  step_unit(context.workspace, context.in, by);
  context.workspace.preferences.hints_done[static_cast<int>(Hint::arrow)] = true;
  return {};
}

// A row of the contact sheet as it is drawn.
int sheet_row(const Workspace& workspace) {
  return std::max(1, workspace.shown_sheet.columns);
}

base::Status select_unit(ActionContext& context, std::string_view argument) {
  if (!context.in.model || context.in.model->error || !context.in.model->understand) {
    return needs("select unit", "no model is open", "Open a model first.");
  }
  const base::Result<engine::UnderstoodName> understood = context.in.model->understand(argument);
  if (!understood) return understood.error();
  choose_unit(context.workspace, understood->unit);
  return {};
}

base::Status select_layer(ActionContext& context, std::string_view argument) {
  if (!context.in.model || context.in.model->error) {
    return needs("select layer", "no model is open", "Open a model first.");
  }
  std::string valid;
  for (const engine::LayerInfo& layer : context.in.model->layers) {
    if (layer.name == argument || layer.short_name == argument) {
      choose_layer(context.workspace, context.in, layer.name);
      return {};
    }
    valid += (valid.empty() ? "" : ", ") + layer.short_name;
  }
  return needs("select layer", "the model has no layer \"" + std::string(argument) + "\"",
               "Choose one of " + valid + ".");
}

base::Status strongest(ActionContext& context, std::string_view) {
  const auto& sheet = context.in.contact_sheet;
  if (!sheet || sheet->error || sheet->order.empty()) {
    return needs("strongest unit", "the layer is not measured yet", "Try again in a moment.");
  }
  choose_unit(context.workspace, {sheet->request.layer, sheet->order.front(), std::nullopt});
  return {};
}

base::Status show_picture(ActionContext& context, std::string_view argument) {
  if (!context.in.collection || context.in.collection->pictures.empty()) {
    return needs("show picture", "no pictures are open", "Open a folder first.");
  }
  const std::vector<engine::PictureEntry>& pictures = context.in.collection->pictures;
  for (const engine::PictureEntry& picture : pictures) {
    if (picture.name == argument) {
      choose_picture(context.workspace, picture.path);
      return {};
    }
  }
  const base::Result<double> place = number_argument("show picture", argument, 1, static_cast<double>(pictures.size()));
  if (!place) return place.error();
  choose_picture(context.workspace, pictures[static_cast<std::size_t>(std::lround(*place)) - 1].path);
  return {};
}

base::Status best_picture(ActionContext& context, std::string_view argument) {
  const Ranking& ranking = context.workspace.ranking;
  if (ranking.best.empty() || !ranking.scan || !ranking.scan->request.collection) {
    const State state = best_state(context.workspace, context.in);
    if (state.readiness == Readiness::nothing) return needs("best picture", "this unit has no ranking", state.sentence);
    return needs("best picture", "the pictures are not ranked for this unit yet", "Try again in a moment.");
  }
  const base::Result<double> rank =
      number_argument("best picture", argument.empty() ? "1" : argument, 1, static_cast<double>(ranking.best.size()));
  if (!rank) return rank.error();
  const std::size_t picture = ranking.best[static_cast<std::size_t>(std::lround(*rank)) - 1].picture;
  const auto& pictures = ranking.scan->request.collection->pictures;
  if (picture < pictures.size()) choose_picture(context.workspace, pictures[picture].path);
  return {};
}

base::Status with_path(std::string_view action, std::string_view argument, std::filesystem::path& path) {
  if (argument.empty()) return needs(action, "no path was given", "Write it after the name.");
  const base::Result<std::filesystem::path> found = typed_path(argument);
  if (!found) return needs(action, "\"" + std::string(argument) + "\" does not exist", "Check the path.");
  path = *found;
  return {};
}

base::Status open_folder(ActionContext& context, std::string_view argument) {
  std::filesystem::path path;
  const base::Status found = with_path("open folder", argument, path);
  if (found) context.out.open_folder = path;
  return found;
}
base::Status open_picture(ActionContext& context, std::string_view argument) {
  std::filesystem::path path;
  const base::Status found = with_path("open picture", argument, path);
  if (found) context.out.open_pictures = std::vector<std::filesystem::path>{path};
  return found;
}
}  // namespace

std::vector<Action> unit_actions() {
  using Context = ActionContext&;
  using Text = std::string_view;
  return {
      {"next unit",
       "",
       kUnits,
       "The next unit of the layer, in the order of the contact sheet.",
       {ImGuiKey_RightArrow, ImGuiKey_L},
       "",
       true,
       [](Context c, Text) { return step(c, 1); }},
      {"previous unit",
       "",
       kUnits,
       "The unit before.",
       {ImGuiKey_LeftArrow, ImGuiKey_J},
       "",
       true,
       [](Context c, Text) { return step(c, -1); }},
      {"unit below",
       "",
       kUnits,
       "The unit one row further in the contact sheet.",
       {ImGuiKey_DownArrow, ImGuiKey_K},
       "",
       true,
       [](Context c, Text) { return step(c, sheet_row(c.workspace)); }},
      {"unit above",
       "",
       kUnits,
       "The unit one row back in the contact sheet.",
       {ImGuiKey_UpArrow, ImGuiKey_I},
       "",
       true,
       [](Context c, Text) { return step(c, -sheet_row(c.workspace)); }},
      {"next layer",
       "",
       kUnits,
       "The next layer of the network.",
       {},
       "]",
       false,
       [](Context c, Text) -> base::Status {
         step_layer(c.workspace, c.in, 1);
         return {};
       }},
      {"previous layer",
       "",
       kUnits,
       "The layer before.",
       {},
       "[",
       false,
       [](Context c, Text) -> base::Status {
         step_layer(c.workspace, c.in, -1);
         return {};
       }},
      {"strongest unit",
       "",
       kUnits,
       "The unit of the layer that answers the present picture most.",
       {},
       "",
       false,
       strongest},
      {"select unit",
       "NAME",
       kUnits,
       "A unit by any of its names, such as mixed4a_pre_relu:7, 4a:7 or 4a.",
       {},
       "",
       false,
       select_unit},
      {"select layer", "NAME", kUnits, "A layer by its name.", {}, "", false, select_layer},

      {"next picture",
       "",
       kPictures,
       "The next picture of the folder.",
       {ImGuiKey_PageDown},
       "",
       true,
       [](Context c, Text) -> base::Status {
         step_picture(c.workspace, c.in, 1);
         return {};
       }},
      {"previous picture",
       "",
       kPictures,
       "The picture before.",
       {ImGuiKey_PageUp},
       "",
       true,
       [](Context c, Text) -> base::Status {
         step_picture(c.workspace, c.in, -1);
         return {};
       }},
      {"best picture",
       "N",
       kPictures,
       "The picture of the folder that the unit likes best, or the Nth.",
       {ImGuiKey_B},
       "",
       false,
       best_picture},
      {"show picture",
       "N",
       kPictures,
       "A picture of the folder by its number or file name.",
       {},
       "",
       false,
       show_picture},
      {"open folder",
       "PATH",
       kPictures,
       "A folder of PNG and JPEG pictures. Dropping it on the window does the same.",
       {},
       "",
       false,
       open_folder},
      {"open picture",
       "PATH",
       kPictures,
       "A single picture. Dropping it on the window does the same.",
       {},
       "",
       false,
       open_picture},
  };
}

}  // namespace ui

// Opening models in the table of ui/actions.h.
#include "ui/action_groups.h"
#include "ui/opening.h"

namespace ui {
namespace {

constexpr std::string_view kModels = "Models";

base::Status open_named(ActionContext& context, std::string_view argument) {
  if (argument.empty()) {
    open_path_box(context.workspace, false);
    return {};
  }
  const base::Result<std::filesystem::path> path = typed_path(argument);
  if (!path) return path.error();
  open_model(context.workspace, context.in, context.out, *path, false);
  return {};
}

base::Status open_embedded(ActionContext& context, std::string_view) {
  open_model(context.workspace, context.in, context.out, context.workspace.opening.embedded, false);
  return {};
}

base::Status feed(ActionContext& context, std::string_view preset) {
  if (const base::Status used = use_feeding_preset(context.workspace, preset); !used) return used;
  answer_feeding(context.workspace, context.in, context.out);
  return {};
}

}  // namespace

std::vector<Action> model_actions() {
  using Context = ActionContext&;
  using Text = std::string_view;
  return {
      {"open model",
       "PATH",
       kModels,
       "Another network, an .onnx or .pb file.",
       {ImGuiMod_Ctrl | ImGuiKey_O},
       "",
       false,
       open_named,
       std::nullopt},
      {"open embedded model", "", kModels, "The network that comes with unitscope.", {}, "", false, open_embedded},
      {"open lucid model",
       "",
       kModels,
       "Lucid's InceptionV1, once scripts/fetch_models.sh has fetched it.",
       {},
       "",
       false,
       [](Context c, Text) { return open_lucid(c.workspace, c.in, c.out, false); }},
      {"feed pictures",
       "PRESET",
       kModels,
       "Answers a model that asks: torchvision, lucid, minus-one-one or zero-one.",
       {},
       "",
       false,
       feed},
  };
}

}  // namespace ui

// The graph of the model in the table of ui/actions.h.
#include "ui/action_groups.h"
#include "ui/choice.h"

namespace ui {
namespace {

constexpr std::string_view kGraph = "Graph of the model";

base::Status show_graph(ActionContext& context, std::string_view) {
  if (!context.in.model || context.in.model->error) return needs("graph", "no model is open", "Open one first.");
  go_to(context.workspace, Screen::graph);
  context.workspace.graph.show_chosen = true;
  return {};
}

template <int kBy>
base::Status step(ActionContext& context, std::string_view) {
  step_row(context.workspace, context.in, kBy);
  return {};
}

base::Status find_layer(ActionContext& context, std::string_view text) {
  GraphView& graph = context.workspace.graph;
  if (context.workspace.screen != Screen::graph) {
    if (const base::Status shown = show_graph(context, {}); !shown) return shown;
  }
  graph.focus_search = text.empty();
  if (text.empty()) return {};
  graph.search = text;
  choose_found(context.workspace, context.in);
  return {};
}

Action on_graph(std::string_view name, std::string_view help, std::vector<ImGuiKeyChord> keys,
                base::Status (*run)(ActionContext&, std::string_view)) {
  return {name, "", kGraph, help, std::move(keys), "", true, run, Screen::graph};
}

}  // namespace

std::vector<Action> graph_actions() {
  using Context = ActionContext&;
  using Text = std::string_view;
  return {
      {"graph", "", kGraph, "The layers of the network and how they are joined.", {ImGuiKey_W}, "", false, show_graph},
      {"graph search",
       "NAME",
       kGraph,
       "A layer by a part of its name, or a unit.",
       {ImGuiKey_S},
       "",
       false,
       find_layer,
       Screen::graph},
      on_graph("graph down", "The next layer.", {ImGuiKey_DownArrow, ImGuiKey_K}, step<1>),
      on_graph("graph up", "The layer before.", {ImGuiKey_UpArrow, ImGuiKey_I}, step<-1>),
      on_graph("graph page down", "Ten layers on.", {ImGuiKey_PageDown}, step<10>),
      on_graph("graph page up", "Ten layers back.", {ImGuiKey_PageUp}, step<-10>),
      on_graph("graph end", "The last layer.", {ImGuiKey_End}, step<100000>),
      on_graph("graph start", "The input.", {ImGuiKey_Home}, step<-100000>),
      on_graph("graph next unit", "The next unit of the layer.", {ImGuiKey_RightArrow, ImGuiKey_L},
               [](Context c, Text) -> base::Status {
                 step_unit(c.workspace, c.in, 1);
                 return {};
               }),
      on_graph("graph previous unit", "The unit before.", {ImGuiKey_LeftArrow, ImGuiKey_J},
               [](Context c, Text) -> base::Status {
                 step_unit(c.workspace, c.in, -1);
                 return {};
               }),
      on_graph("look at unit", "The explorer, with the chosen unit.", {ImGuiKey_Enter, ImGuiKey_W},
               [](Context c, Text) -> base::Status {
                 go_to(c.workspace, Screen::explore);
                 return {};
               }),
  };
}

}  // namespace ui

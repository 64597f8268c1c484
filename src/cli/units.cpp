// unitscope-cli units: the layers whose units can be studied, or the units of one layer with what they are.
#include <CLI/CLI.hpp>
#include <numeric>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/layer_rows.h"
#include "cli/output.h"
#include "cli/session.h"
#include "net/names.h"

namespace cli {
namespace {

void print_layers(const net::Model& model, const std::vector<int>& layers, bool json) {
  if (!json) return print_text(layer_table(model, layers));
  Json document = Json::array();
  for (const int node : layers) document.push_back(layer_json(model, node));
  print_json(document);
}

void print_units(const net::Model& model, int node, bool json) {
  const auto index = static_cast<std::size_t>(node);
  Json document = layer_json(model, node);
  std::vector<std::vector<std::string>> rows;
  for (int channel = 0; channel < model.shapes[index].channels; ++channel) {
    const core::Unit unit{model.graph.nodes[index].name, channel, std::nullopt};
    const std::string description = net::describe(model, unit);
    document["units"].push_back({{"unit", core::to_string(unit)}, {"channel", channel}, {"description", description}});
    rows.push_back({core::to_string(unit), description});
  }
  if (json)
    print_json(document);
  else
    print_text(table(rows));
}

}  // namespace

void declare(CLI::App& app, UnitsRequest& request) {
  add_text(app, "--layer", request.layer, "LAYER", "list the units of this layer; without it the layers are listed");
  app.add_flag("--all", request.all, "list every layer of the file, not only those whose units are studied");
  add_model(app, request.model);
  add_feeding(app, request.feeding);
  add_talk(app, request.talk);
  app.footer("Example:\n  unitscope-cli units --layer mixed4a_pre_relu --json");
}

base::Result<Outcome> run(const UnitsRequest& request) {
  net::OpenOptions options = options_of(request.feeding);
  options.without_input = true;
  const auto model = open_model({request.model.value_or(""), ""}, options);
  if (!model) return model.error();
  if (!request.layer) {
    std::vector<int> layers = (*model)->unit_layers;
    if (request.all) {
      layers.resize((*model)->graph.nodes.size());
      std::iota(layers.begin(), layers.end(), 0);
    }
    print_layers(**model, layers, request.talk.json);
    return Outcome::done;
  }
  const auto layer = net::understand_layer(**model, *request.layer);
  if (!layer) return layer.error();
  print_units(**model, *layer, request.talk.json);
  return Outcome::done;
}

}  // namespace cli

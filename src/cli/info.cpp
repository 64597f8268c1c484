// unitscope-cli info: what a model file holds.
#include <CLI/CLI.hpp>
#include <map>

#include "cli/commands.h"
#include "cli/flags.h"
#include "cli/layer_rows.h"
#include "cli/output.h"
#include "cli/session.h"

namespace cli {
namespace {

std::map<std::string, int> operator_counts(const net::Graph& graph) {
  std::map<std::string, int> counts;
  for (const net::Node& node : graph.nodes)
    if (!node.only_a_view) ++counts[std::string(net::to_string(node.op))];
  return counts;
}

std::size_t weight_count(const net::Graph& graph) {
  std::size_t count = 0;
  for (const net::Node& node : graph.nodes)
    for (const net::Buffer& buffer : node.buffers) count += buffer.values.size();
  return count;
}

Json name_of_node(const net::Model& model, std::optional<int> node) {
  return node ? Json(model.graph.nodes[static_cast<std::size_t>(*node)].name) : Json(nullptr);
}

Json floats(const std::vector<float>& values) {
  Json list = Json::array();
  for (const float value : values) list.push_back(decimal(value));
  return list;
}

std::string order_of(const net::InputRule& input) {
  return input.channels == 1 ? "grey" : input.rgb ? "RGB" : "BGR";
}

Json to_document(const net::Model& model) {
  const net::InputRule& input = model.input;
  Json layers = Json::array();
  for (const int node : model.unit_layers) layers.push_back(layer_json(model, node));
  return {{"name", model.name},
          {"path", model.path.string()},
          {"sha256", model.sha256},
          {"input",
           {{"channels", input.channels},
            {"order", order_of(input)},
            {"known", model.knows_input},
            {"scale", decimal(input.scale)},
            {"shift", floats(input.shift)},
            {"divide", floats(input.divide)},
            {"resize_short_side_px", input.framing.resize_short_side_px},
            {"crop_px", {input.framing.crop.width_px, input.framing.crop.height_px}},
            {"min_side_px", input.min_side_px}}},
          {"labels", model.labels.size()},
          {"logits", name_of_node(model, model.logits)},
          {"probabilities", name_of_node(model, model.probabilities)},
          {"weights", weight_count(model.graph)},
          {"operators", operator_counts(model.graph)},
          {"weight_files", model.graph.weight_files},
          {"layers", std::move(layers)}};
}

std::string to_text(const net::Model& model) {
  const core::Framing& framing = model.input.framing;
  std::string text = model.name + " (" + model.path.string() + ")\n";
  const std::string crop =
      std::to_string(framing.crop.width_px) + " × " + std::to_string(framing.crop.height_px) + " px, ";
  if (model.knows_input)
    text += "input: short side to " + std::to_string(framing.resize_short_side_px) + " px, centre " + crop +
            order_of(model.input) + "\n";
  else
    text += "input: " + crop + std::to_string(model.input.channels) +
            " channels; how pictures are fed is not said (--input NAME, or a JSON file beside it)\n";
  text += std::to_string(weight_count(model.graph)) + " weights, " + std::to_string(model.labels.size()) + " labels\n";
  text += "operators:";
  for (const auto& [op, count] : operator_counts(model.graph)) text += " " + op + " " + std::to_string(count);
  return text + "\n\n" + layer_table(model, model.unit_layers) + "\nsha256 " + model.sha256 + "\n";
}

}  // namespace

void declare(CLI::App& app, InfoRequest& request) {
  add_text(app, "MODEL,--model", request.model, "FILE",
           "an ONNX file or a frozen TensorFlow graph; without it the embedded network");
  add_feeding(app, request.feeding);
  add_talk(app, request.talk);
  app.footer("Example:\n  unitscope-cli info assets/models/inception-mini.onnx --json");
}

base::Result<Outcome> run(const InfoRequest& request) {
  net::OpenOptions options = options_of(request.feeding);
  options.without_input = true;
  const auto model = open_model({request.model.value_or(""), ""}, options);
  if (!model) return model.error();
  if (request.talk.json)
    print_json(to_document(**model));
  else
    print_text(to_text(**model));
  return Outcome::done;
}

}  // namespace cli

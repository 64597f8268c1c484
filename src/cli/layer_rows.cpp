#include "cli/layer_rows.h"

namespace cli {

Json layer_json(const net::Model& model, int node) {
  const auto index = static_cast<std::size_t>(node);
  const net::Node& layer = model.graph.nodes[index];
  const net::Shape& shape = model.shapes[index];
  const net::ReceptiveField& field = model.fields[index];
  return {{"layer", layer.name},
          {"tensor", layer.only_a_view ? Json(nullptr) : Json(layer.name)},
          {"op", net::to_string(layer.op)},
          {"channels", shape.channels},
          {"rows", shape.rows},
          {"cols", shape.cols},
          {"receptive_field_px", field.whole_input ? Json(nullptr) : Json(field.size_px)},
          {"stride_px", field.whole_input ? Json(nullptr) : Json(field.stride_px)}};
}

std::string layer_table(const net::Model& model, const std::vector<int>& nodes) {
  std::vector<std::vector<std::string>> rows = {{"layer", "units", "map", "receptive field", "stride", "op"}};
  for (const int node : nodes) {
    const auto index = static_cast<std::size_t>(node);
    const net::Shape& shape = model.shapes[index];
    const net::ReceptiveField& field = model.fields[index];
    rows.push_back({model.graph.nodes[index].name, std::to_string(shape.channels),
                    std::to_string(shape.rows) + "×" + std::to_string(shape.cols),
                    field.whole_input ? "everything" : std::to_string(field.size_px) + " px",
                    field.whole_input ? "–" : std::to_string(field.stride_px) + " px",
                    std::string(net::to_string(model.graph.nodes[index].op))});
  }
  return table(rows);
}

}  // namespace cli

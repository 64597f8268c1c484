#include "net/graph_passes.h"

#include <cmath>

namespace net {
namespace {

// A node that multiplies each channel by a number and adds one: y = scale · x + shift. Empty: not there.
struct Scales {
  std::vector<float> scale, shift;
};

std::optional<Scales> scales_of(const Node& node) {
  if (node.op == Op::batch_norm) return Scales{node.buffers[0].values, node.buffers[1].values};
  if (node.inputs.size() != 1 || node.buffers.empty()) return std::nullopt;
  if (node.op == Op::add) return Scales{{}, node.buffers[0].values};
  if (node.op == Op::multiply) return Scales{node.buffers[0].values, {}};
  return std::nullopt;
}

double at(const std::vector<float>& values, std::size_t channel, double otherwise) {
  if (values.empty()) return otherwise;
  return values.size() == 1 ? values[0] : values[channel];
}

// The layer's weights with the scales in them; nothing where the counts differ (shape inference names that) or a weight
// would overflow.
std::optional<std::vector<Buffer>> folded(const std::vector<Buffer>& buffers, const Scales& scales) {
  const auto channels = static_cast<std::size_t>(buffers[0].shape[0]);
  for (const std::vector<float>* values : {&scales.scale, &scales.shift})
    if (values->size() > 1 && values->size() != channels) return std::nullopt;
  std::vector<Buffer> result = buffers;
  if (result.size() == 1) result.push_back({{buffers[0].shape[0]}, std::vector<float>(channels)});
  const std::size_t per_channel = result[0].values.size() / channels;
  for (std::size_t c = 0; c < channels; ++c) {
    const double scale = at(scales.scale, c, 1.0);
    for (std::size_t i = c * per_channel; i < (c + 1) * per_channel; ++i) {
      result[0].values[i] = static_cast<float>(result[0].values[i] * scale);
      if (!std::isfinite(result[0].values[i])) return std::nullopt;
    }
    float& bias = result[1].values[c];
    bias = static_cast<float>(bias * scale + at(scales.shift, c, 0.0));
    if (!std::isfinite(bias)) return std::nullopt;
  }
  return result;
}

std::vector<int> count_readers(const Graph& graph) {
  std::vector<int> readers(graph.nodes.size());
  for (const Node& node : graph.nodes)
    for (const int input : node.inputs) ++readers[static_cast<std::size_t>(input)];
  return readers;
}

void rename(Graph& graph, int index, const Node& last) {
  Node& node = graph.nodes[static_cast<std::size_t>(index)];
  const std::string reason = "the " + std::string(to_string(last.op)) +
                             " after it is folded into its weights, so that the tensor which exists is " + last.name;
  graph.refused_names[node.name] = reason;
  std::erase_if(graph.aliases, [&](const auto& alias) {
    if (alias.second == index) graph.refused_names[alias.first] = reason;
    return alias.second == index;
  });
  node.name = last.name;
}

}  // namespace

void fold_scales(Graph& graph) {
  const std::vector<int> readers = count_readers(graph);
  Graph result;
  result.declared_input = graph.declared_input;
  std::vector<int> moved(graph.nodes.size());  // old index → new index
  std::vector<std::vector<std::string>> aliases(graph.nodes.size());
  for (const auto& [alias, node] : graph.aliases) aliases[static_cast<std::size_t>(node)].push_back(alias);

  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    Node& node = graph.nodes[i];
    const std::optional<Scales> scales = scales_of(node);
    const auto before = static_cast<std::size_t>(node.inputs.empty() ? 0 : node.inputs.front());
    std::optional<std::vector<Buffer>> weights;
    if (scales && readers[before] == 1) {
      const Node& layer = result.nodes[static_cast<std::size_t>(moved[before])];
      if (layer.op == Op::convolution || layer.op == Op::linear) weights = folded(layer.buffers, *scales);
    }
    if (weights) {
      moved[i] = moved[before];
      rename(result, moved[i], node);
      result.nodes[static_cast<std::size_t>(moved[i])].buffers = std::move(*weights);
    } else {
      moved[i] = static_cast<int>(result.nodes.size());
      for (int& input : node.inputs) input = moved[static_cast<std::size_t>(input)];
      result.nodes.push_back(std::move(node));
    }
    for (const std::string& alias : aliases[i]) result.aliases[alias] = moved[i];
  }
  for (const int output : graph.outputs) result.outputs.push_back(moved[static_cast<std::size_t>(output)]);
  result.weight_files = std::move(graph.weight_files);
  result.input = moved[static_cast<std::size_t>(graph.input)];
  for (std::size_t i = 0; i < result.nodes.size(); ++i) result.index_of[result.nodes[i].name] = static_cast<int>(i);
  graph = std::move(result);
}

void add_pre_relu_views(Graph& graph) {
  const std::size_t count = graph.nodes.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Node& concat = graph.nodes[i];
    if (concat.op != Op::concat) continue;
    Node view{concat.name + "_pre_relu", Op::concat, {}, concat.inputs, {}, true};
    for (int& input : view.inputs) {
      const Node& branch = graph.nodes[static_cast<std::size_t>(input)];
      if (branch.op == Op::relu) input = branch.inputs.front();
    }
    const bool name_is_taken = graph.index_of.contains(view.name) || graph.refused_names.contains(view.name);
    if (view.inputs == concat.inputs || name_is_taken) continue;
    graph.index_of[view.name] = static_cast<int>(graph.nodes.size());
    graph.nodes.push_back(std::move(view));
  }
}

}  // namespace net

#include "engine/model_graph.h"

#include <cstdio>
#include <variant>

namespace engine {
namespace {

std::string window_words(const net::Window& window) {
  std::string words = std::to_string(window.kernel[0]) + "×" + std::to_string(window.kernel[1]);
  const auto add = [&](const char* name, const int(&both)[2]) {
    if (both[0] == 1 && both[1] == 1) return;
    words += std::string(" · ") + name + ' ' + std::to_string(both[0]);
    if (both[0] != both[1]) words += "×" + std::to_string(both[1]);
  };
  add("stride", window.stride);
  add("dilation", window.dilation);
  return words;
}

std::string convolution_words(const net::Convolution& convolution, int in_channels) {
  std::string words = window_words(convolution.window);
  if (convolution.groups == in_channels && in_channels > 1)
    words += " · " + std::string(kDepthwise);
  else if (convolution.groups > 1)
    words += " · " + std::to_string(convolution.groups) + " groups";
  return words;
}

std::string detail_of(const net::Model& model, const net::Node& node) {
  if (const auto* convolution = std::get_if<net::Convolution>(&node.attributes))
    return convolution_words(*convolution, model.shapes[static_cast<std::size_t>(node.inputs.front())].channels);
  if (const auto* pool = std::get_if<net::Pool>(&node.attributes)) return window_words(pool->window);
  if (const auto* clip = std::get_if<net::Clip>(&node.attributes)) {
    char text[64];
    std::snprintf(text, sizeof text, "%g … %g", static_cast<double>(clip->low), static_cast<double>(clip->high));
    return text;
  }
  if (const auto* slice = std::get_if<net::ChannelSlice>(&node.attributes))
    return "channels " + std::to_string(slice->first) + " to " + std::to_string(slice->first + slice->count - 1);
  if (const auto* shuffle = std::get_if<net::ChannelShuffle>(&node.attributes))
    return std::to_string(shuffle->groups) + " groups";
  if (node.inputs.size() > 1) return "of " + std::to_string(node.inputs.size());
  return {};
}

bool is_pointwise(const net::Node& node) {
  switch (node.op) {
    case net::Op::relu:
    case net::Op::clip:
    case net::Op::sigmoid:
    case net::Op::tanh:
    case net::Op::leaky_relu:
    case net::Op::hard_sigmoid:
    case net::Op::hard_swish:
    case net::Op::gelu:
    case net::Op::erf:
    case net::Op::power:
    case net::Op::batch_norm:
    case net::Op::identity:
      return true;
    case net::Op::add:
    case net::Op::subtract:
    case net::Op::multiply:
    case net::Op::divide:
      return node.inputs.size() == 1;  // with a constant
    default:
      return false;
  }
}

}  // namespace

std::vector<GraphNode> graph_of(const net::Model& model) {
  std::vector<GraphNode> graph;
  graph.reserve(model.graph.nodes.size());
  for (std::size_t i = 0; i < model.graph.nodes.size(); ++i) {
    const net::Node& from = model.graph.nodes[i];
    GraphNode node;
    node.name = from.name;
    node.op = net::to_string(from.op);
    node.detail = detail_of(model, from);
    node.inputs = from.inputs;
    node.channels = model.shapes[i].channels;
    node.rows = model.shapes[i].rows;
    node.cols = model.shapes[i].cols;
    node.receptive_field_px = model.fields[i].size_px;
    node.whole_input = model.fields[i].whole_input;
    node.pointwise = is_pointwise(from);
    node.only_a_view = from.only_a_view;
    graph.push_back(std::move(node));
  }
  return graph;
}

}  // namespace engine

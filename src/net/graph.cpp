#include "net/graph.h"

namespace net {

std::string_view to_string(Op op) {
  switch (op) {
    case Op::input:
      return "input";
    case Op::convolution:
      return "convolution";
    case Op::linear:
      return "linear";
    case Op::relu:
      return "ReLU";
    case Op::clip:
      return "clip";
    case Op::sigmoid:
      return "sigmoid";
    case Op::tanh:
      return "tanh";
    case Op::leaky_relu:
      return "leaky ReLU";
    case Op::hard_sigmoid:
      return "hard sigmoid";
    case Op::hard_swish:
      return "hard swish";
    case Op::gelu:
      return "GELU";
    case Op::erf:
      return "error function";
    case Op::power:
      return "power";
    case Op::max_pool:
      return "max pool";
    case Op::average_pool:
      return "average pool";
    case Op::global_average_pool:
      return "global average pool";
    case Op::global_max_pool:
      return "global max pool";
    case Op::mean_over_channels:
      return "mean over channels";
    case Op::lrn:
      return "local response normalization";
    case Op::batch_norm:
      return "batch normalization";
    case Op::layer_norm:
      return "layer normalization";
    case Op::concat:
      return "concatenation";
    case Op::channel_slice:
      return "slice of channels";
    case Op::channel_shuffle:
      return "channel shuffle";
    case Op::add:
      return "addition";
    case Op::subtract:
      return "subtraction";
    case Op::multiply:
      return "multiplication";
    case Op::divide:
      return "division";
    case Op::pad:
      return "padding";
    case Op::flatten:
      return "flatten";
    case Op::softmax:
      return "softmax";
    case Op::identity:
      return "identity";
  }
  return "unknown";
}

std::optional<int> Graph::find(std::string_view canonical_name) const {
  const auto found = index_of.find(std::string(canonical_name));
  if (found == index_of.end()) return std::nullopt;
  return found->second;
}

const Window* window_of(const Node& node) {
  if (const auto* convolution = std::get_if<Convolution>(&node.attributes)) return &convolution->window;
  const auto* pool = std::get_if<Pool>(&node.attributes);
  return pool == nullptr ? nullptr : &pool->window;
}

}  // namespace net

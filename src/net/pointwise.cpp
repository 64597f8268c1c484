// What the architectures after 2016 put between their convolutions: smooth activations, norms over channels, shuffles.
#include "net/network_impl.h"

namespace net {

using torch::Tensor;

torch::Tensor pointwise(const Node& node, const Tensor& x) {
  switch (node.op) {
    case Op::hard_sigmoid: {
      const auto& line = std::get<HardSigmoid>(node.attributes);
      return (x * line.slope + line.offset).clamp(0.0, 1.0);
    }
    case Op::hard_swish: {
      const auto& line = std::get<HardSigmoid>(node.attributes);
      return x * (x * line.slope + line.offset).clamp(0.0, 1.0);
    }
    case Op::gelu:
      return at::gelu(x, std::get<Gelu>(node.attributes).by_tanh ? "tanh" : "none");
    case Op::erf:
      return x.erf();
    case Op::power:
      return x.pow(std::get<Power>(node.attributes).exponent);
    default:
      CHECK(false, node.name + " is not pointwise");
  }
}

// Channels-last maps have the channels of a place side by side, so that neither permutation copies.
torch::Tensor layer_norm(const Tensor& x, const LayerNorm& attributes, const std::vector<Tensor>& buffers) {
  const Tensor scale = buffers.empty() ? Tensor() : buffers[0];
  const Tensor shift = buffers.empty() ? Tensor() : buffers[1];
  return at::layer_norm(x.permute({0, 2, 3, 1}), {x.size(1)}, scale, shift, attributes.epsilon).permute({0, 3, 1, 2});
}

torch::Tensor shuffle_channels(const Tensor& x, const ChannelShuffle& attributes) {
  const std::int64_t groups = attributes.groups, rows = x.size(2), cols = x.size(3);
  const Tensor grouped = x.reshape({x.size(0), groups, x.size(1) / groups, rows, cols});
  return grouped.transpose(1, 2).reshape({x.size(0), x.size(1), rows, cols}).contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace net

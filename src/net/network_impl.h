// The torch side of Network, for the .cpp files of this folder. A Program is a
// plan with its tensors; forward() runs it, with gradients to the picture where the caller has not switched them off.
// One thread an instance, that of its Network.
#pragma once
#include "net/torch.h"

#include <memory>
#include <string>
#include <vector>

#include "net/cpu_network.h"
#include "net/network.h"
#include "net/plan.h"

namespace net {

// How gradients pass a ReLU whose input is negative: not at all, or as Lucid does at the start of an optimization
// (relu.cpp).
enum class ReluGradient { plain, redirected };

struct Program {
  std::vector<Wanted> wanted;
  Plan plan;
  struct Step {
    std::vector<torch::Tensor> buffers;     // the node's, cut to the step's channels
    std::vector<torch::Tensor> selections;  // positions of an input's channels; undefined: all
    torch::Tensor flipped_weight;           // of convolutions, for gradients; made when first needed
  };
  std::vector<Step> steps;
  std::vector<torch::Tensor> answer_selections;
  core::Size shapes_for;      // shapes are those of a picture of this size
  std::vector<Shape> shapes;  // of the nodes that are run
};

struct Network::Impl {
  Impl(std::shared_ptr<const Model> the_model, Device the_device);

  // The program for a question; the last few are kept.
  std::shared_ptr<Program> program(std::span<const Wanted> wanted);
  // What the input node gets for pictures in 0…1 [n, 3 or the model's channels, rows, cols]: of a grey model their
  // luminance. While `as_it_is` is set, exactly what it is given.
  [[nodiscard]] torch::Tensor fed(const torch::Tensor& pictures) const;
  // One tensor [n, channels asked, rows, cols] per wanted. A set stop flag ends it between two nodes with kStopped.
  base::Result<std::vector<torch::Tensor>> forward(const torch::Tensor& pictures, Program& program,
                                                   const core::StopFlag* stop,
                                                   ReluGradient relu_gradient = ReluGradient::plain);
  // The node and channel of a unit as something to ask for; fails where the model has no such unit, or its map at this
  // picture size no such cell.
  [[nodiscard]] base::Result<Wanted> wanted(const core::Unit& unit, core::Size picture) const;

  bool as_it_is = false;
  std::shared_ptr<const Model> model;
  Device device;
  torch::Device torch_device;
  std::vector<std::vector<torch::Tensor>> buffers;  // per node; on the CPU views of the graph's own floats
  torch::Tensor scale_of_input, shift_of_input;     // [1, channels, 1, 1]
  std::vector<std::shared_ptr<Program>> recent_programs;
  std::unique_ptr<CpuNetwork> cpu;  // answers without gradients; null on another device
};

// A unit's map as its activation: the cell of a neuron, else the mean, summed in a fixed order and in double.
float activation_of(std::span<const float> map, const std::optional<core::Cell>& neuron, int cols);

// Leaves a backward pass, where no Result can be returned; error_from() makes it stopped().
struct Stopped : std::exception {};
base::Error stopped();
// What was thrown, as a sentence: out of memory is told apart.
base::Error error_from(const std::exception& thrown, const std::string& what);
// Runs `work`, which returns a Result, and turns what libraries throw inside it into an Error.
template <class Work>
auto guarded(const std::string& what, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& thrown) {
    return error_from(thrown, what);
  }
}

// ---- the operators (operators.cpp, pointwise.cpp, relu.cpp), each on [n, channels, rows, cols] ----
torch::Tensor convolve(const torch::Tensor& x, const Convolution& attributes, const Window& window,
                       Program::Step& step);
torch::Tensor pool(const torch::Tensor& x, Op op, const Pool& attributes, const Window& window, const Shape& out);
torch::Tensor local_response_norm(const torch::Tensor& x, const Lrn& lrn);
torch::Tensor pointwise(const Node& node, const torch::Tensor& x);
// `buffers`: scale and shift, or none.
torch::Tensor layer_norm(const torch::Tensor& x, const LayerNorm& attributes,
                         const std::vector<torch::Tensor>& buffers);
torch::Tensor shuffle_channels(const torch::Tensor& x, const ChannelShuffle& attributes);
torch::Tensor relu(const torch::Tensor& x, ReluGradient gradient);

}  // namespace net

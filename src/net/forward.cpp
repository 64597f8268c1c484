// Makes programs of plans and runs them.
#include "net/network_impl.h"
#include "net/shapes.h"

namespace net {
namespace {

using torch::Tensor;

constexpr std::size_t kProgramsKept = 8;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

Tensor positions_tensor(const std::vector<int>& positions, torch::Device device) {
  if (positions.empty()) return {};
  return torch::tensor(positions, torch::kLong).to(device);
}

Tensor selected(const Tensor& x, const Tensor& positions) {
  if (!positions.defined()) return x;
  return x.index_select(1, positions);
}

Tensor per_channel(const Tensor& values) {
  return values.view({1, -1, 1, 1});
}

// Rows of a weight, entries of a bias or of a scale: whatever has one entry for each channel.
std::vector<Tensor> cut_to(const std::vector<Tensor>& buffers, const std::vector<int>& channels, torch::Device device) {
  if (channels.empty()) return buffers;
  const Tensor rows = positions_tensor(channels, device);
  std::vector<Tensor> cut;
  for (const Tensor& buffer : buffers) {
    const bool for_all_channels = buffer.dim() == 1 && buffer.size(0) == 1;
    cut.push_back(for_all_channels ? buffer : buffer.index_select(0, rows));
  }
  return cut;
}

Tensor linear(const Tensor& x, const std::vector<Tensor>& buffers) {
  const Tensor bias = buffers.size() > 1 ? buffers[1] : Tensor();
  const Tensor y = at::linear(x.reshape({x.size(0), -1}), buffers[0], bias);
  return y.view({y.size(0), y.size(1), 1, 1});
}

// The second operand: another node's map, or a constant.
Tensor other(const std::vector<Tensor>& inputs, const std::vector<Tensor>& buffers) {
  return inputs.size() > 1 ? inputs[1] : per_channel(buffers[0]);
}

Tensor flatten(const Tensor& x, const Flatten& attributes) {
  return (attributes.channels_last ? x.permute({0, 2, 3, 1}) : x).reshape({x.size(0), -1, 1, 1});
}

Tensor pad(const Tensor& x, const Pad& pad) {
  return at::constant_pad_nd(x, {pad.begin[1], pad.end[1], pad.begin[0], pad.end[0]}, pad.value);
}

Tensor compute(const Node& node, const std::vector<Tensor>& inputs, const Shape& in, const Shape& out,
               Program::Step& step, ReluGradient relu_gradient) {
  const Tensor& x = inputs.front();
  switch (node.op) {
    case Op::input:
    case Op::identity:
      return x;
    case Op::convolution: {
      const auto& attributes = std::get<Convolution>(node.attributes);
      return convolve(x, attributes, padded_for(attributes.window, in), step);
    }
    case Op::linear:
      return linear(x, step.buffers);
    case Op::relu:
      return relu(x, relu_gradient);
    case Op::clip:
      return x.clamp(std::get<Clip>(node.attributes).low, std::get<Clip>(node.attributes).high);
    case Op::sigmoid:
      return x.sigmoid();
    case Op::tanh:
      return x.tanh();
    case Op::leaky_relu:
      return at::leaky_relu(x, std::get<LeakyRelu>(node.attributes).slope);
    case Op::hard_sigmoid:
    case Op::hard_swish:
    case Op::gelu:
    case Op::erf:
    case Op::power:
      return pointwise(node, x);
    case Op::max_pool:
    case Op::average_pool: {
      const auto& attributes = std::get<Pool>(node.attributes);
      return pool(x, node.op, attributes, padded_for(attributes.window, in), out);
    }
    case Op::global_average_pool:
      return x.mean({2, 3}, true);
    case Op::global_max_pool:
      return x.amax({2, 3}, true);
    case Op::mean_over_channels:
      return x.mean(1, true);
    case Op::lrn:
      return local_response_norm(x, std::get<Lrn>(node.attributes));
    case Op::batch_norm:
      return x * per_channel(step.buffers[0]) + per_channel(step.buffers[1]);
    case Op::layer_norm:
      return layer_norm(x, std::get<LayerNorm>(node.attributes), step.buffers);
    case Op::concat:
      return inputs.size() == 1 ? x : at::cat(inputs, 1);
    case Op::channel_slice:
      return x.narrow(1, std::get<ChannelSlice>(node.attributes).first, std::get<ChannelSlice>(node.attributes).count);
    case Op::channel_shuffle:
      return shuffle_channels(x, std::get<ChannelShuffle>(node.attributes));
    case Op::add:
      return x + other(inputs, step.buffers);
    case Op::subtract:
      return x - inputs[1];
    case Op::multiply:
      return x * other(inputs, step.buffers);
    case Op::divide:
      return x / inputs[1];
    case Op::pad:
      return pad(x, std::get<Pad>(node.attributes));
    case Op::flatten:
      return flatten(x, std::get<Flatten>(node.attributes));
    case Op::softmax:
      return x.softmax(1);
  }
  CHECK(false, "an operator that the network does not run");
}

// So that a backward pass, too, ends between two nodes. `stop` lives as long as the step that asked.
void stop_on_the_way_back(const Tensor& result, const core::StopFlag& stop) {
  result.register_hook([&stop](const Tensor& gradient) {
    if (stop.stop_requested()) throw Stopped();
    return gradient;
  });
}

}  // namespace

base::Error stopped() {
  return {kStopped, "the answer is no longer wanted", ""};
}

std::shared_ptr<Program> Network::Impl::program(std::span<const Wanted> wanted) {
  const auto same = [&](const std::shared_ptr<Program>& known) {
    return std::ranges::equal(known->wanted, wanted, [](const Wanted& a, const Wanted& b) {
      return a.node == b.node && a.channels == b.channels;
    });
  };
  if (const auto known = std::ranges::find_if(recent_programs, same); known != recent_programs.end()) {
    std::rotate(recent_programs.begin(), known, known + 1);
    return recent_programs.front();
  }
  torch::NoGradGuard no_gradients;
  std::vector<int> channel_counts;
  for (const Shape& shape : model->shapes) channel_counts.push_back(shape.channels);
  auto made = std::make_shared<Program>();
  made->wanted.assign(wanted.begin(), wanted.end());
  made->plan = make_plan(model->graph, channel_counts, wanted);
  for (const PlanStep& planned : made->plan.steps) {
    Program::Step step;
    step.buffers = cut_to(buffers[at(planned.node)], planned.channels, torch_device);
    for (const PlanInput& input : planned.inputs)
      step.selections.push_back(positions_tensor(input.positions, torch_device));
    made->steps.push_back(std::move(step));
  }
  for (const PlanInput& answer : made->plan.answers)
    made->answer_selections.push_back(positions_tensor(answer.positions, torch_device));
  recent_programs.insert(recent_programs.begin(), made);
  if (recent_programs.size() > kProgramsKept) recent_programs.pop_back();
  return made;
}

base::Result<std::vector<Tensor>> Network::Impl::forward(const Tensor& pictures, Program& program,
                                                         const core::StopFlag* stop, ReluGradient relu_gradient) {
  const core::Size size{static_cast<int>(pictures.size(3)), static_cast<int>(pictures.size(2))};
  const Graph& graph = model->graph;
  if (!(program.shapes_for == size)) {
    std::vector<int> targets;
    for (const Wanted& wanted : program.wanted) targets.push_back(wanted.node);
    auto shapes = infer_shapes(graph, model->input.channels, size, targets);
    if (!shapes) return shapes.error();
    program.shapes = std::move(*shapes);
    program.shapes_for = size;
  }
  std::vector<Tensor> results(program.steps.size());
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    if (stop != nullptr && stop->stop_requested()) return stopped();
    const PlanStep& planned = program.plan.steps[i];
    Program::Step& step = program.steps[i];
    const Node& node = graph.nodes[at(planned.node)];
    std::vector<Tensor> inputs;
    for (std::size_t k = 0; k < planned.inputs.size(); ++k)
      inputs.push_back(selected(results[at(planned.inputs[k].step)], step.selections[k]));
    if (node.op == Op::input) inputs.push_back(fed(pictures));
    const Shape& in = program.shapes[at(node.inputs.empty() ? planned.node : node.inputs.front())];
    results[i] = compute(node, inputs, in, program.shapes[at(planned.node)], step, relu_gradient);
    if (stop != nullptr && results[i].requires_grad()) stop_on_the_way_back(results[i], *stop);
    for (const int unused : planned.last_use_of) results[at(unused)].reset();
  }
  std::vector<Tensor> answers;
  for (std::size_t i = 0; i < program.plan.answers.size(); ++i)
    answers.push_back(selected(results[at(program.plan.answers[i].step)], program.answer_selections[i]));
  return answers;
}

}  // namespace net

#include "net/cpu_program.h"

#include <algorithm>

namespace net {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// Whatever has one entry a channel, or a row of weights.
std::vector<float> cut_to(const Buffer& buffer, const std::vector<int>& channels) {
  const bool for_all_channels = buffer.shape.size() == 1 && buffer.shape[0] == 1;
  if (channels.empty() || for_all_channels) return buffer.values;
  const std::size_t row = buffer.values.size() / static_cast<std::size_t>(buffer.shape[0]);
  std::vector<float> cut;
  for (const int channel : channels)
    cut.insert(cut.end(), buffer.values.begin() + static_cast<std::ptrdiff_t>(at(channel) * row),
               buffer.values.begin() + static_cast<std::ptrdiff_t>((at(channel) + 1) * row));
  return cut;
}

// How often each step is read, by steps and by the question.
std::vector<int> readers_of(const Plan& plan) {
  std::vector<int> readers(plan.steps.size());
  for (const PlanStep& step : plan.steps)
    for (const PlanInput& input : step.inputs) ++readers[at(input.step)];
  for (const PlanInput& answer : plan.answers) ++readers[at(answer.step)];
  return readers;
}

// A ReLU that alone reads a convolution is done while the convolution's sums are in registers.
void let_convolutions_rectify(CpuProgram& program, const Graph& graph, const std::vector<int>& readers) {
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    const PlanStep& planned = program.plan.steps[i];
    if (graph.nodes[at(planned.node)].op != Op::relu || !planned.inputs[0].positions.empty()) continue;
    CpuProgram::Step& input = program.steps[at(planned.inputs[0].step)];
    if (input.convolution == nullptr || readers[at(planned.inputs[0].step)] != 1) continue;
    input.rectifies = true;
    program.steps[i].done_by_input = true;
  }
}

// From the end, because a concatenation may lie in another one.
void assign_places(CpuProgram& program, const Graph& graph, const std::vector<int>& readers) {
  for (std::size_t i = program.steps.size(); i-- > 0;) program.steps[i].place = {static_cast<int>(i), 0};
  for (std::size_t i = program.steps.size(); i-- > 0;) {
    const PlanStep& planned = program.plan.steps[i];
    const CpuProgram::Place own = program.steps[i].place;
    int first_channel = own.first_channel;
    for (const PlanInput& input : planned.inputs) {
      CpuProgram::Step& from = program.steps[at(input.step)];
      const bool concat = graph.nodes[at(planned.node)].op == Op::concat;
      const bool is_picture = graph.nodes[at(program.plan.steps[at(input.step)].node)].op == Op::input;
      if (readers[at(input.step)] == 1 && input.positions.empty() && !is_picture &&
          (concat || program.steps[i].done_by_input))
        from.place = {own.step, first_channel};
      if (concat) first_channel += input.positions.empty() ? from.channels : static_cast<int>(input.positions.size());
    }
  }
}

}  // namespace

CpuWeights::CpuWeights(std::shared_ptr<const Model> model)
    : model_(std::move(model)), whole_(model_->graph.nodes.size()) {}

std::shared_ptr<const cpu::PreparedConvolution> CpuWeights::of(int node, const std::vector<int>& channels) {
  if (!channels.empty()) return cpu::prepare(model_->graph.nodes[at(node)], channels);
  auto& whole_layer = whole_[at(node)];
  if (whole_layer == nullptr) whole_layer = cpu::prepare(model_->graph.nodes[at(node)], {});
  return whole_layer;
}

std::shared_ptr<const CpuProgram> make_cpu_program(CpuWeights& weights, std::span<const Wanted> wanted) {
  const Graph& graph = weights.model().graph;
  std::vector<int> channel_counts;
  for (const Shape& shape : weights.model().shapes) channel_counts.push_back(shape.channels);
  auto program = std::make_shared<CpuProgram>();
  program->plan = make_plan(graph, channel_counts, wanted);
  for (const Wanted& one : wanted) program->targets.push_back(one.node);
  for (const PlanStep& planned : program->plan.steps) {
    const Node& node = graph.nodes[at(planned.node)];
    CpuProgram::Step step;
    step.channels =
        planned.channels.empty() ? channel_counts[at(planned.node)] : static_cast<int>(planned.channels.size());
    if (node.op == Op::convolution)
      step.convolution = weights.of(planned.node, planned.channels);
    else
      for (const Buffer& buffer : node.buffers) step.buffers.push_back(cut_to(buffer, planned.channels));
    program->steps.push_back(std::move(step));
  }
  const std::vector<int> readers = readers_of(program->plan);
  let_convolutions_rectify(*program, graph, readers);
  assign_places(*program, graph, readers);
  return program;
}

MapMemory memory_of(const CpuProgram& program, std::span<const Shape> shapes) {
  const auto bytes = [&](std::size_t step) {
    return std::int64_t{sizeof(float)} * shapes[step].channels * shapes[step].rows * shapes[step].cols;
  };
  const auto has_own_place = [&](std::size_t step) { return at(program.steps[step].place.step) == step; };
  MapMemory memory;
  std::int64_t there = 0;
  std::vector<bool> is_there(shapes.size());
  for (std::size_t step = 0; step < shapes.size(); ++step) {
    const std::size_t owner = at(program.steps[step].place.step);
    if (!is_there[owner]) there += bytes(owner);
    is_there[owner] = true;
    if (owner == step) memory.together += bytes(step);
    memory.at_one_time = std::max(memory.at_one_time, there);
    for (const int unused : program.plan.steps[step].last_use_of)
      if (has_own_place(at(unused))) there -= bytes(at(unused));
  }
  return memory;
}

}  // namespace net

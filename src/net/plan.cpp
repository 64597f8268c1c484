#include "net/plan.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace net {
namespace {

// The channels of one node that somebody asks for. Asked for by nobody, it is not run.
struct Demand {
  bool all = false;
  std::set<int> channels;

  [[nodiscard]] bool any() const { return all || !channels.empty(); }
  [[nodiscard]] std::vector<int> list() const {
    return all ? std::vector<int>{} : std::vector<int>(channels.begin(), channels.end());
  }
};

// Whether an output channel can be computed without the node's other output channels.
bool computes_channels_apart(const Node& node) {
  switch (node.op) {
    case Op::input:
    case Op::lrn:
    case Op::layer_norm:
    case Op::channel_slice:
    case Op::channel_shuffle:
    case Op::flatten:
    case Op::softmax:
      return false;
    case Op::convolution:
      return std::get<Convolution>(node.attributes).groups == 1;
    default:
      return true;
  }
}

bool needs_every_input_channel(Op op) {
  switch (op) {
    case Op::convolution:
    case Op::linear:
    case Op::mean_over_channels:
    case Op::lrn:
    case Op::layer_norm:
    case Op::channel_slice:
    case Op::channel_shuffle:
    case Op::flatten:
    case Op::softmax:
      return true;
    default:
      return false;
  }
}

class Planner {
 public:
  Planner(const Graph& graph, std::span<const int> channel_counts)
      : graph_(graph), counts_(channel_counts), demands_(graph.nodes.size()), step_of_(graph.nodes.size(), -1) {}

  Plan plan(std::span<const Wanted> wanted) {
    for (const Wanted& one : wanted) ask(one.node, one.channels);
    for (std::size_t node = graph_.nodes.size(); node-- > 0;) {
      if (demands_[node].any()) pass_on(static_cast<int>(node));
    }
    Plan plan;
    for (std::size_t node = 0; node < graph_.nodes.size(); ++node) {
      if (!demands_[node].any()) continue;
      step_of_[node] = static_cast<int>(plan.steps.size());
      plan.steps.push_back({static_cast<int>(node), demands_[node].list(), inputs_of(static_cast<int>(node)), {}});
    }
    for (const Wanted& one : wanted) plan.answers.push_back(take(one.node, one.channels));
    mark_last_uses(plan);
    return plan;
  }

 private:
  const Node& node_at(int node) const { return graph_.nodes[static_cast<std::size_t>(node)]; }
  int count(int node) const { return counts_[static_cast<std::size_t>(node)]; }
  Demand& demand(int node) { return demands_[static_cast<std::size_t>(node)]; }

  // An empty list asks for all.
  void ask(int node, const std::vector<int>& channels) {
    Demand& asked = demand(node);
    asked.channels.insert(channels.begin(), channels.end());
    asked.all = asked.all || channels.empty() || !computes_channels_apart(node_at(node)) ||
                static_cast<int>(asked.channels.size()) == count(node);
  }

  void pass_on(int node) {
    for (std::size_t i = 0; i < node_at(node).inputs.size(); ++i) {
      if (needs_input(node, i)) ask(node_at(node).inputs[i], channels_for_input(node, i));
    }
  }

  bool needs_input(int node, std::size_t i) {
    return node_at(node).op != Op::concat || demand(node).all || !channels_for_input(node, i).empty();
  }

  // Which channels of its input i a node needs for the channels asked of it; empty: all.
  std::vector<int> channels_for_input(int node, std::size_t i) {
    const int input = node_at(node).inputs[i];
    if (demand(node).all || needs_every_input_channel(node_at(node).op)) return {};
    if (node_at(node).op != Op::concat) {
      // A single channel is broadcast over all by add and multiply.
      return count(input) == count(node) ? demand(node).list() : std::vector<int>{};
    }
    int first = 0;
    for (std::size_t before = 0; before < i; ++before) first += count(node_at(node).inputs[before]);
    std::vector<int> channels;
    for (const int channel : demand(node).channels) {
      if (channel >= first && channel < first + count(input)) channels.push_back(channel - first);
    }
    return channels;
  }

  std::vector<PlanInput> inputs_of(int node) {
    std::vector<PlanInput> inputs;
    for (std::size_t i = 0; i < node_at(node).inputs.size(); ++i) {
      if (needs_input(node, i)) inputs.push_back(take(node_at(node).inputs[i], channels_for_input(node, i)));
    }
    return inputs;
  }

  // Where the channels lie among those that the node's step computes.
  PlanInput take(int node, const std::vector<int>& channels) {
    PlanInput input{step_of_[static_cast<std::size_t>(node)], {}};
    const std::vector<int> computed = demand(node).list();
    if (channels.empty() || channels == computed) return input;
    for (const int channel : channels) {
      const auto place = std::lower_bound(computed.begin(), computed.end(), channel);
      input.positions.push_back(demand(node).all ? channel : static_cast<int>(std::distance(computed.begin(), place)));
    }
    return input;
  }

  static void mark_last_uses(Plan& plan) {
    std::vector<int> last_use(plan.steps.size(), -1);
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
      for (const PlanInput& input : plan.steps[step].inputs) {
        last_use[static_cast<std::size_t>(input.step)] = static_cast<int>(step);
      }
    }
    for (const PlanInput& answer : plan.answers) last_use[static_cast<std::size_t>(answer.step)] = -1;
    for (std::size_t step = 0; step < last_use.size(); ++step) {
      if (last_use[step] < 0) continue;
      plan.steps[static_cast<std::size_t>(last_use[step])].last_use_of.push_back(static_cast<int>(step));
    }
  }

  const Graph& graph_;
  std::span<const int> counts_;
  std::vector<Demand> demands_;
  std::vector<int> step_of_;
};

}  // namespace

Plan make_plan(const Graph& graph, std::span<const int> channel_counts, std::span<const Wanted> wanted) {
  return Planner(graph, channel_counts).plan(wanted);
}

}  // namespace net

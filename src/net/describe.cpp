// describe(): what a unit's name says, in words.
#include <algorithm>
#include <cctype>

#include "net/names.h"

namespace net {
namespace {

const Node& node_at(const Model& model, int index) {
  return model.graph.nodes[static_cast<std::size_t>(index)];
}

std::string_view without(std::string_view text, std::string_view ending) {
  return text.ends_with(ending) ? text.substr(0, text.size() - ending.size()) : text;
}

// "3×3" from a name that holds 3x3.
std::string size_in(std::string_view name) {
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    const auto digit = [&](std::size_t at) { return std::isdigit(static_cast<unsigned char>(name[at])) != 0; };
    if (name[i] == 'x' && digit(i - 1) && digit(i + 1))
      return std::string(1, name[i - 1]) + "×" + std::string(1, name[i + 1]);
  }
  return {};
}

int readers(const Model& model, int index) {
  int count = 0;
  for (const Node& node : model.graph.nodes)
    if (!node.only_a_view) count += std::ranges::count(node.inputs, index) > 0 ? 1 : 0;
  return count;
}

// By what the branch does: the nearest convolution behind pointwise layers; a 1×1 convolution right after a pool, or a
// pool alone, is the pool branch, unless others read that pool too: then it stands before the branches.
std::string word_by_layers(const Model& model, int index) {
  std::string kernel;
  while (node_at(model, index).inputs.size() == 1) {
    const Node& node = node_at(model, index);
    const bool is_pool = node.op == Op::max_pool || node.op == Op::average_pool;
    if (is_pool && readers(model, index) == 1) return "pool";
    if (is_pool || !kernel.empty()) break;
    if (node.op == Op::convolution) {
      const Window& window = std::get<Convolution>(node.attributes).window;
      kernel = std::to_string(window.kernel[0]) + "×" + std::to_string(window.kernel[1]);
      if (kernel != "1×1") break;
    }
    index = node.inputs.front();
  }
  return kernel.empty() ? "input" : kernel;
}

std::string branch_word(const Model& model, const Node& concat, int branch) {
  const std::string_view block = without(concat.name, "_pre_relu");
  std::string_view name = node_at(model, branch).name;
  if (name.starts_with(block)) {
    name.remove_prefix(block.size());
    if (name.find("pool") != std::string_view::npos) return "pool";
    if (std::string size = size_in(name); !size.empty()) return size;
  }
  return word_by_layers(model, branch);
}

// "the 3×3 branch"; counted where two branches of the block have the same word.
std::string branch_title(const Model& model, int concat, int branch) {
  const Node& node = node_at(model, concat);
  std::vector<std::string> words;
  for (const int input : node.inputs) words.push_back(branch_word(model, node, input));
  const auto which = static_cast<std::size_t>(std::ranges::find(node.inputs, branch) - node.inputs.begin());
  if (std::ranges::count(words, words[which]) == 1) return "the " + words[which] + " branch";
  return "branch " + std::to_string(which + 1) + " of " + std::to_string(words.size()) + " (" + words[which] + ')';
}

// ", before the ReLU" where a ReLU reads the tensor, ", after the ReLU" where it is one's output.
std::string side_of_relu(const Model& model, int index) {
  if (node_at(model, index).op == Op::relu) return ", after the ReLU";
  for (const Node& reader : model.graph.nodes)
    if (reader.op == Op::relu && reader.inputs.front() == index) return ", before the ReLU";
  return {};
}

std::string place(const Model& model, int index, int channel, std::span<const std::string> names) {
  const auto called = [&](int which) {
    const std::string& own = node_at(model, which).name;
    return std::string(without(names.empty() ? own : names[static_cast<std::size_t>(which)], "_pre_relu"));
  };
  const Node& node = node_at(model, index);
  if (node.op == Op::concat) {
    for (const Branch& branch : branches(model.graph, model.shapes, index))
      if (channel >= branch.first_channel && channel < branch.first_channel + branch.channels)
        return "channel " + std::to_string(channel - branch.first_channel) + " of " +
               branch_title(model, index, branch.node) + side_of_relu(model, branch.node);
  }
  const std::string number = "channel " + std::to_string(channel) + " of ";
  if (const std::optional<int> concat = joined_by(model.graph, index))
    return number + branch_title(model, *concat, index) + " of " + called(*concat) + side_of_relu(model, index);
  return number + called(index) + side_of_relu(model, index);
}

}  // namespace

std::string describe(const Model& model, const core::Unit& unit, std::span<const std::string> names) {
  const std::optional<int> index = model.graph.find(unit.layer);
  if (!index) return core::to_string(unit);
  const auto label = static_cast<std::size_t>(unit.channel);
  if (label < model.labels.size() && (index == model.logits || index == model.probabilities)) {
    const std::string& text = model.labels[label];
    return (index == model.logits ? "the logit of " : "the probability of ") + text.substr(0, text.find(','));
  }
  std::string text = place(model, *index, unit.channel, names);
  if (unit.neuron) text += ", at row " + std::to_string(unit.neuron->y) + ", column " + std::to_string(unit.neuron->x);
  return text;
}

std::string branch_of(const Model& model, const core::Unit& unit) {
  const std::optional<int> index = model.graph.find(unit.layer);
  if (!index || node_at(model, *index).op != Op::concat) return {};
  for (const Branch& branch : branches(model.graph, model.shapes, *index)) {
    if (unit.channel < branch.first_channel || unit.channel >= branch.first_channel + branch.channels) continue;
    std::string word = branch_word(model, node_at(model, *index), branch.node);
    const std::string_view times = "×";
    if (const std::size_t at = word.find(times); at != std::string::npos) word.replace(at, times.size(), "x");
    return word;
  }
  return {};
}

}  // namespace net

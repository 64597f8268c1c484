#include "net/graphdef_import.h"

#include <protozero/exception.hpp>
#include <unordered_set>

#include "net/graph_passes.h"
#include "net/graphdef_ops.h"
#include "net/refusal.h"

namespace net {
namespace {

using graphdef::node_named_by;

struct Inputs {
  std::vector<std::vector<std::size_t>> of;  // the nodes that each node reads, control dependencies left out
  std::vector<bool> is_read;
};

Inputs inputs_of(const std::vector<graphdef::Node>& nodes) {
  std::unordered_map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (!index.emplace(nodes[i].name, i).second) throw Refusal{"two nodes in it are named " + nodes[i].name};
  Inputs inputs{std::vector<std::vector<std::size_t>>(nodes.size()), std::vector<bool>(nodes.size())};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const std::string& input : nodes[i].inputs) {
      if (input.starts_with('^')) continue;
      const auto found = index.find(node_named_by(input));
      if (found == index.end())
        throw Refusal{"the node " + nodes[i].name + " (" + nodes[i].op + "): its input " + input +
                      " is no node of the graph (it dangles)"};
      inputs.of[i].push_back(found->second);
      inputs.is_read[found->second] = true;
    }
  }
  return inputs;
}

// Every node after those that it reads; the file may list them in any order. Without recursion, for the depth is the
// file's.
std::vector<std::size_t> sorted(const std::vector<graphdef::Node>& nodes, const Inputs& inputs) {
  enum class State { fresh, open, done };
  std::vector<State> states(nodes.size(), State::fresh);
  std::vector<std::size_t> order;
  for (std::size_t start = 0; start < nodes.size(); ++start) {
    std::vector<std::pair<std::size_t, std::size_t>> path;  // a node, and how many of its inputs were visited
    if (states[start] == State::fresh) path.emplace_back(start, 0);
    while (!path.empty()) {
      auto& [node, visited] = path.back();
      states[node] = State::open;
      if (visited == inputs.of[node].size()) {
        states[node] = State::done;
        order.push_back(node);
        path.pop_back();
        continue;
      }
      const std::size_t next = inputs.of[node][visited++];
      if (states[next] == State::open)
        throw Refusal{"the node " + nodes[next].name + " (" + nodes[next].op +
                      ") follows from itself: nodes feed each "
                      "other in a circle"};
      if (states[next] == State::fresh) path.emplace_back(next, 0);
    }
  }
  return order;
}

// The one Placeholder is the picture.
void add_input(const std::vector<graphdef::Node>& nodes, graphdef::Import& import) {
  const graphdef::Node* picture = nullptr;
  for (const graphdef::Node& node : nodes) {
    if (node.op != "Placeholder") continue;
    if (picture != nullptr)
      throw Refusal{"it has two inputs, " + picture->name + " and " + node.name + ", and only one is a picture"};
    picture = &node;
  }
  if (picture == nullptr) throw Refusal{"it has no Placeholder, which would be its input"};
  graphdef::Operator op(*picture, import);
  op.emit(Op::input, {}, 4);
  const graphdef::Attribute* shape = op.attribute("shape");
  if (shape == nullptr || !shape->shape || shape->shape->empty()) return;
  if (shape->shape->size() != 4)
    op.refuse("it has " + std::to_string(shape->shape->size()) +
              " dimensions, not 4 (pictures, rows, columns, channels)");
  int sides[3] = {};
  for (std::size_t i = 0; i < 3; ++i) {
    const std::int64_t side = (*shape->shape)[i + 1];
    if (side > kMaxFileDim) op.refuse("its shape is impossible");
    sides[i] = side < 0 ? 0 : static_cast<int>(side);
  }
  import.graph.declared_input = {sides[2], sides[0], sides[1]};
}

Graph build(const std::vector<graphdef::Node>& nodes) {
  graphdef::Import import;
  const Inputs inputs = inputs_of(nodes);
  const std::vector<std::size_t> order = sorted(nodes, inputs);
  add_input(nodes, import);
  for (const std::size_t i : order)
    if (nodes[i].op != "Placeholder") graphdef::convert(nodes[i], import);
  if (import.graph.nodes.size() < 2) throw Refusal{"it has no layers"};
  for (const std::size_t i : order)
    if (!inputs.is_read[i])
      if (const auto* flow = std::get_if<graphdef::Flow>(&import.meanings.at(nodes[i].name)))
        import.graph.outputs.push_back(flow->node);
  return std::move(import.graph);
}

}  // namespace

base::Result<Graph> import_graphdef(std::span<const std::byte> bytes, const std::string& name) {
  const std::string what = "The model " + name + " cannot be opened";
  try {
    const std::vector<graphdef::Node> nodes =
        graphdef::read_nodes({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    Graph graph = build(nodes);
    fold_scales(graph);
    add_pre_relu_views(graph);
    return graph;
  } catch (const Refusal& refusal) {
    return base::Error{what, refusal.why, refusal.what_to_do};
  } catch (const protozero::exception& exception) {
    return base::Error{what, std::string("it is damaged or no TensorFlow graph (") + exception.what() + ")",
                       "Copy it again."};
  }
}

}  // namespace net

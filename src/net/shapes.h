// What follows from a graph and an input size: the shape and receptive field of every node, who depends on whom.
// Pure functions, torch-free; any thread.
#pragma once
#include <optional>
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "net/graph.h"

namespace net {

// One shape a node. Fails, naming the node, where shapes do not fit together or a map would be empty or too large.
// `only` (with all its ancestors, as ancestors() gives them) leaves the other nodes at 0×0×0: layers behind a flatten
// exist only at the model's own input size, those before it at any.
base::Result<std::vector<Shape>> infer_shapes(const Graph& graph, int input_channels, core::Size input,
                                              const std::vector<int>& only = {});
// The shape that one node makes of its inputs' shapes.
base::Result<Shape> infer_shape(const Node& node, const std::vector<Shape>& inputs);
// The window with its pads worked out for an input of this size: as it is, unless its `same` asks for more.
Window padded_for(const Window& window, const Shape& input);
// `shapes` are those of infer_shapes: they decide the pads of `same` windows and what the whole input is.
std::vector<ReceptiveField> receptive_fields(const Graph& graph, const std::vector<Shape>& shapes);
// The nodes needed to compute `targets`, in topological order, targets included.
std::vector<int> ancestors(const Graph& graph, const std::vector<int>& targets);
// The nodes that every path from the input to `target` passes through, in order: input and target included. What runs
// beside others (a branch of an Inception module, a residual block) is not among them.
std::vector<int> main_path(const Graph& graph, int target);
// For a concat, the first channel of each input and the name of the input: "channel 8 of the 3×3 branch".
struct Branch {
  int node = 0;
  int first_channel = 0;
  int channels = 0;
};
std::vector<Branch> branches(const Graph& graph, const std::vector<Shape>& shapes, int concat);
// The concat that has this node among its inputs; the first where several do.
std::optional<int> joined_by(const Graph& graph, int node);

}  // namespace net

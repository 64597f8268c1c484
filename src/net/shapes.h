// What follows from a graph and an input size: the shape and receptive field of every node, who depends on whom.
// Pure functions, torch-free; any thread.
#pragma once
#include <vector>

#include "base/result.h"
#include "core/image.h"
#include "net/graph.h"

namespace net {

// One shape a node. Fails, naming the node, where shapes do not fit together or a map would be empty or too large.
base::Result<std::vector<Shape>> infer_shapes(const Graph& graph, int input_channels, core::Size input);
std::vector<ReceptiveField> receptive_fields(const Graph& graph);
// The nodes needed to compute `targets`, in topological order, targets included.
std::vector<int> ancestors(const Graph& graph, const std::vector<int>& targets);
// For a concat, the first channel of each input and the name of the input: "channel 8 of the 3×3 branch".
struct Branch {
  int node = 0;
  int first_channel = 0;
  int channels = 0;
};
std::vector<Branch> branches(const Graph& graph, const std::vector<Shape>& shapes, int concat);

}  // namespace net

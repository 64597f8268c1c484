// The graph of a model as the window draws it: one entry a node, with what its operator does in a few words. Pure; any
// thread.
#pragma once
#include <vector>

#include "engine/model_messages.h"
#include "net/model.h"

namespace engine {

// In the order of model.graph.nodes, which is topological.
std::vector<GraphNode> graph_of(const net::Model& model);

}  // namespace engine

// What a question needs of a graph: the nodes to run, in order, and of each only the channels that somebody asks for.
// A view of branches asked for one channel runs one branch, and the convolution at its end computes that channel alone.
// Says what to compute, not how (forward.cpp). Torch-free, private to the folder; any thread.
#pragma once
#include <span>
#include <vector>

#include "net/graph.h"
#include "net/network.h"

namespace net {

// An earlier step's result, or some channels of it.
struct PlanInput {
  int step = 0;
  std::vector<int> positions;  // among the channels that the step computes; empty: all of them, in order
};

struct PlanStep {
  int node = 0;
  std::vector<int> channels;      // of the node, ascending; empty: all
  std::vector<PlanInput> inputs;  // of a concat only the branches that hold an asked channel
  std::vector<int> last_use_of;   // steps whose result is not needed after this one
};

struct Plan {
  std::vector<PlanStep> steps;
  std::vector<PlanInput> answers;  // one per wanted, in the order asked; their steps are never in last_use_of
};

// `channel_counts`: of every node. The nodes and channels wanted exist.
Plan make_plan(const Graph& graph, std::span<const int> channel_counts, std::span<const Wanted> wanted);

}  // namespace net

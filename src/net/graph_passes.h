// What an importer does to a graph once all its nodes are there: folding and the views before ReLUs. Each keeps the
// graph's promises (topological order, a name means exactly that tensor). Pure functions of the graph; any thread.
#pragma once
#include "net/graph.h"

namespace net {

// Folds batch norms and constants for each channel (added or multiplied) into the convolution or linear layer before
// them, where nothing else reads that layer. The node keeps the last name of the two; the earlier one is refused with
// the reason. Computed in double precision.
void fold_scales(Graph& graph);

// For every concat with a ReLU among its inputs adds the concat of the ReLUs' inputs, <concat>_pre_relu, as Lucid does;
// an input that is no ReLU stays as it is.
void add_pre_relu_views(Graph& graph);

}  // namespace net

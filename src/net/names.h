// From what people write to a unit of a model: canonical names, aliases (4a:104, dots for underscores,
// logit:"goldfish"), and what a name says in words ("channel 8 of the 3×3 branch"). Torch-free; any thread.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/unit.h"
#include "net/model.h"

namespace net {

struct UnderstoodUnit {
  core::Unit unit;  // canonical
  int node = 0;
  std::string explanation;  // what was understood, in words; says so where an alias was translated
  bool of_others = false;   // the name is of other weights: the same place, and another unit
};

// Unknown names and channels out of range are answered with the nearest valid ones; a branch index that is only valid
// in the concatenation is offered as such (features 5.1, "Trap").
// The explanation calls layers by `names`, one for each node, or as the file does.
base::Result<UnderstoodUnit> understand_unit(const Model& model, std::string_view text,
                                             std::span<const std::string> names = {});
base::Result<int> understand_layer(const Model& model, std::string_view text);
// What people write for each node, by index: features.4.block.1.0 for a tensor that PyTorch's exporter named
// /features/features.4/block/block.1/block.1.0/Conv_output_0, "conv 0" for /0/Conv_output_0. Each is understood as its
// node; a node whose short name would be another's, too, keeps its own.
std::vector<std::string> short_names(const Model& model);
// "channel 8 of the 3×3 branch, before the ReLU"; "the logit of goldfish". The branches are those of the concat, never
// a table; a branch is called by its nodes' names (3x3, pool) or else by the kernel of its convolution. Layers are
// called by `names`, one for each node, or as the file does.
std::string describe(const Model& model, const core::Unit& unit, std::span<const std::string> names = {});
// The branch that a channel of a concat falls in, as the studies write it: "3x3", "pool". Empty for other layers.
std::string branch_of(const Model& model, const core::Unit& unit);

}  // namespace net

// How info and units say what a unit layer is. Pure; any thread.
#pragma once
#include <string>
#include <vector>

#include "cli/output.h"
#include "net/model.h"

namespace cli {

// {"layer", "tensor", "op", "channels", "rows", "cols", "receptive_field_px", "stride_px"}. The tensor is the layer's
// name in the file, null of a view that the file does not have; the receptive field and stride are null where a unit
// sees the whole input.
Json layer_json(const net::Model& model, int node);
std::string layer_table(const net::Model& model, const std::vector<int>& nodes);

}  // namespace cli

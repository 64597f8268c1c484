// How info and units say what a unit layer is. Pure; any thread.
#pragma once
#include <string>

#include "cli/output.h"
#include "net/model.h"

namespace cli {

// {"layer", "channels", "rows", "cols", "receptive_field_px", "stride_px", "op"}; the receptive field and stride are
// null where a unit sees the whole input.
Json layer_json(const net::Model& model, int node);
std::string layer_table(const net::Model& model);

}  // namespace cli

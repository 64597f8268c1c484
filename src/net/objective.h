// What a visualization climbs, by term, as Lucid defines them; all differentiable. Private to the folder.
#pragma once
#include "core/specs.h"
#include "core/unit.h"
#include "net/graph.h"
#include "net/torch.h"

namespace net {

// The mean over the batch of the unit's activation; `maps` [batch, 1, rows, cols] are of its channel. A neuron @y,x
// names a cell of the map at the model's own input size, `own_shape`; at other sizes it is the cell at the same place
// in the picture.
torch::Tensor mean_activation(const torch::Tensor& maps, const core::Unit& unit, const Shape& own_shape);

// How alike the pictures of a batch are to the layer [batch, channels, rows, cols]: the normalized Gram matrices of all
// ordered pairs multiplied and summed, divided by the batch. 0 for one picture.
torch::Tensor similarity(const torch::Tensor& layer);

// The weighted penalties on pictures [batch, 3, side, side] in 0…1, each a mean over the numbers of a picture so that a
// weight means the same at every size: squared distance from mid-grey; absolute differences between neighbours; half
// the squared difference from the picture's own 3×3 blur, which is held fixed.
torch::Tensor priors(const torch::Tensor& pictures, const core::VisualizeSettings& settings);

}  // namespace net

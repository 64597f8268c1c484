#include "net/objective.h"

#include <algorithm>

namespace net {
namespace {

using torch::Tensor;

constexpr double kMidGrey = 0.5;

std::int64_t same_place(int cell, int own_count, std::int64_t count) {
  return std::clamp<std::int64_t>((2 * cell + 1) * count / (2 * own_count), 0, count - 1);
}

}  // namespace

Tensor mean_activation(const Tensor& maps, const core::Unit& unit, const Shape& own_shape) {
  if (!unit.neuron) return maps.mean();
  const std::int64_t row = same_place(unit.neuron->y, own_shape.rows, maps.size(2));
  const std::int64_t col = same_place(unit.neuron->x, own_shape.cols, maps.size(3));
  return maps.select(2, row).select(2, col).mean();
}

Tensor similarity(const Tensor& layer) {
  const Tensor flat = layer.reshape({layer.size(0), layer.size(1), -1});   // [n, channels, places]
  const Tensor grams = at::matmul(flat, flat.transpose(1, 2)).flatten(1);  // [n, channels²]
  constexpr double kEpsilon = 1e-10;
  const Tensor normalized = grams * (grams * grams).sum(1, true).clamp_min(kEpsilon).rsqrt();
  const Tensor all_pairs = normalized.sum(0).square().sum();
  const Tensor with_themselves = normalized.square().sum();
  return (all_pairs - with_themselves) / layer.size(0);
}

Tensor priors(const Tensor& pictures, const core::VisualizeSettings& settings) {
  Tensor sum = torch::zeros({}, pictures.options().requires_grad(false));
  if (settings.l2 != 0.0) sum = sum + settings.l2 * (pictures - kMidGrey).square().mean();
  if (settings.total_variation != 0.0) {
    const Tensor across = pictures.diff(1, 3).abs(), down = pictures.diff(1, 2).abs();
    sum = sum + settings.total_variation * (across.mean() + down.mean());
  }
  if (settings.blur != 0.0) {
    const Tensor bordered = at::replication_pad2d(pictures.detach(), {1, 1, 1, 1});
    const Tensor blurred = at::avg_pool2d(bordered, {3, 3}, {1, 1});
    sum = sum + settings.blur * 0.5 * (pictures - blurred).square().mean();
  }
  return sum;
}

}  // namespace net

// What both importers do with the weights of an operator, written once: `Operator` is onnx::Operator or
// graphdef::Operator, which read weights and refuse alike. Throws Refusal. Private to the folder; any thread.
#pragma once
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "net/graph.h"

namespace net {

// Operand `i`, a matrix, as linear layers keep it: [out, in]. The file has it so, or as [in, out].
template <class Operator>
Buffer matrix_operand(const Operator& op, std::size_t i, bool stored_out_in) {
  Buffer stored = op.weights(i);
  if (stored.shape.size() != 2 || stored.values.empty()) op.refuse("its weights are not a matrix");
  if (stored_out_in) return stored;
  const auto in = static_cast<std::size_t>(stored.shape[0]), out = static_cast<std::size_t>(stored.shape[1]);
  Buffer weight{{stored.shape[1], stored.shape[0]}, std::vector<float>(stored.values.size())};
  for (std::size_t row = 0; row < in; ++row)
    for (std::size_t col = 0; col < out; ++col) weight.values[col * in + row] = stored.values[row * out + col];
  return weight;
}

// Operands 1 to 4 of a batch norm, gamma, beta, mean and variance, as y = scale · x + shift with scale = gamma /
// sqrt(variance + epsilon): the scale and the shift. Folding them into a convolution is a later pass.
template <class Operator>
std::vector<Buffer> batch_norm_operands(const Operator& op, double epsilon) {
  const Buffer gamma = op.weights(1), beta = op.weights(2), mean = op.weights(3), variance = op.weights(4);
  const std::size_t channels = gamma.values.size();
  for (const Buffer* buffer : {&gamma, &beta, &mean, &variance})
    if (buffer->shape.size() != 1 || buffer->values.size() != channels || channels == 0)
      op.refuse("its four weights are not vectors of one length");
  Buffer scale = gamma, shift = beta;
  for (std::size_t c = 0; c < channels; ++c) {
    const double spread = variance.values[c] + epsilon;
    if (!(spread > 0)) op.refuse("the variance of channel " + std::to_string(c) + " is not positive");
    const double factor = gamma.values[c] / std::sqrt(spread);
    scale.values[c] = static_cast<float>(factor);
    shift.values[c] = static_cast<float>(beta.values[c] - mean.values[c] * factor);
    if (!std::isfinite(scale.values[c]) || !std::isfinite(shift.values[c]))
      op.refuse("the scale of channel " + std::to_string(c) + " is not finite");
  }
  std::vector<Buffer> both;
  both.push_back(std::move(scale));
  both.push_back(std::move(shift));
  return both;
}

}  // namespace net

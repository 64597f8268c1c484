// Lucid's redirected ReLU. A unit whose ReLUs are all off at the start gets no gradient and would never begin to rise.
// Where nothing at all passes a ReLU for a picture, the gradient is let through, except where a descent along it would
// push an input that is already negative further down. (lucid/misc/redirected_relu_grad.py)
#include "net/network_impl.h"

namespace net {
namespace {

using torch::Tensor;

struct RedirectedRelu : torch::autograd::Function<RedirectedRelu> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x) {
    context->save_for_backward({x});
    return at::relu(x);
  }

  // The gradient is that of a loss: what is positive lowers x.
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    const Tensor x = context->get_saved_variables()[0];
    const Tensor& gradient = gradients[0];
    const Tensor negative = x < 0;
    const Tensor plain = gradient.masked_fill(negative, 0.0);
    const Tensor passes = plain.reshape({x.size(0), -1}).abs().amax(1) > 0;  // [n]
    if (passes.all().item<bool>()) return {plain};
    const Tensor redirected = gradient.masked_fill(negative.logical_and(gradient > 0), 0.0);
    return {torch::where(passes.view({-1, 1, 1, 1}), plain, redirected)};
  }
};

}  // namespace

torch::Tensor relu(const Tensor& x, ReluGradient gradient) {
  const bool differs = gradient == ReluGradient::redirected && torch::GradMode::is_enabled() && x.requires_grad();
  return differs ? RedirectedRelu::apply(x) : at::relu(x);
}

}  // namespace net

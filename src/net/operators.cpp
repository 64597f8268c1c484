// Convolutions and pools as the files of people mean them, on LibTorch.
//
// Maps are kept channels-last: with one thread LibTorch 1.13 pools them six times faster. Convolutions call oneDNN by
// name, because the dispatcher sends small inputs and 1×1 kernels to a fallback that is up to twenty times slower on
// one thread; so the backward pass of those is written here as well: the gradient of a convolution of stride 1 with
// respect to its input is the convolution of the output's gradient with the flipped weights.
#include "net/network_impl.h"

namespace net {
namespace {

using torch::Tensor;
using Pair = std::vector<std::int64_t>;

Pair pair(const int (&values)[2]) {
  return {values[0], values[1]};
}

bool symmetric(const Window& window) {
  return window.pad_begin[0] == window.pad_end[0] && window.pad_begin[1] == window.pad_end[1];
}

// Numbers are given in rows then columns; torch wants the last dimension first.
Tensor padded(const Tensor& x, const Pair& begin, const Pair& end, double value) {
  return at::constant_pad_nd(x, {begin[1], end[1], begin[0], end[0]}, value);
}

bool by_onednn(const Tensor& x) {
  return at::hasMKLDNN() && x.device().is_cpu() && x.scalar_type() == torch::kFloat && x.numel() > 0;
}

Tensor convolve_plainly(const Tensor& x, const Tensor& weight, const Tensor& bias, const Pair& padding,
                        const Pair& stride, const Pair& dilation, std::int64_t groups) {
  if (by_onednn(x)) return at::mkldnn_convolution(x, weight, bias, padding, stride, dilation, groups);
  return at::conv2d(x, weight, bias, stride, padding, dilation, groups);
}

// A convolution of stride 1 in one group, with the gradient for its input alone.
struct StrideOneConvolution : torch::autograd::Function<StrideOneConvolution> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& weight,
                        const Tensor& bias, const Tensor& flipped_weight, const Pair& padding, const Pair& dilation) {
    context->save_for_backward({flipped_weight});
    Pair back_padding(2);
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const std::int64_t kernel = weight.size(static_cast<std::int64_t>(axis) + 2);
      back_padding[axis] = (kernel - 1) * dilation[axis] - padding[axis];
    }
    context->saved_data["padding"] = back_padding;
    context->saved_data["dilation"] = dilation;
    return convolve_plainly(x, weight, bias, padding, {1, 1}, dilation, 1);
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    const Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const Tensor flipped_weight = context->get_saved_variables()[0];
    const Pair padding = context->saved_data["padding"].toIntVector();
    const Pair dilation = context->saved_data["dilation"].toIntVector();
    const Tensor to_input = convolve_plainly(gradient, flipped_weight, {}, padding, {1, 1}, dilation, 1);
    return {to_input, Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

// Sums over windows of any dilation: a convolution with ones, each channel for itself.
Tensor window_sums(const Tensor& x, const Window& window) {
  const std::int64_t channels = x.size(1);
  const Tensor ones = torch::ones({channels, 1, window.kernel[0], window.kernel[1]}, x.options().requires_grad(false));
  return at::conv2d(x, ones, {}, pair(window.stride), Pair{0, 0}, pair(window.dilation), channels);
}

}  // namespace

torch::Tensor convolve(const Tensor& input, const Convolution& attributes, const Window& window, Program::Step& step) {
  Tensor x = input;
  Pair padding = pair(window.pad_begin);
  if (!symmetric(window)) {
    x = padded(x, padding, pair(window.pad_end), 0.0);
    padding = {0, 0};
  }
  const Tensor& weight = step.buffers[0];
  const Tensor bias = step.buffers.size() > 1 ? step.buffers[1] : Tensor();
  const bool wants_gradient = torch::GradMode::is_enabled() && x.requires_grad();
  if (!wants_gradient)
    return convolve_plainly(x, weight, bias, padding, pair(window.stride), pair(window.dilation), attributes.groups);

  const bool stride_one = window.stride[0] == 1 && window.stride[1] == 1 && attributes.groups == 1 &&
                          padding[0] < window.reach(0) && padding[1] < window.reach(1);
  if (!stride_one || !by_onednn(x))
    return at::conv2d(x, weight, bias, pair(window.stride), padding, pair(window.dilation), attributes.groups);
  if (!step.flipped_weight.defined()) {
    torch::NoGradGuard no_gradients;
    step.flipped_weight = weight.flip({2, 3}).transpose(0, 1).contiguous(at::MemoryFormat::ChannelsLast);
  }
  const Tensor some_bias = bias.defined() ? bias : at::zeros({weight.size(0)}, weight.options());  // apply() wants one
  return StrideOneConvolution::apply(x, weight, some_bias, step.flipped_weight, padding, pair(window.dilation));
}

// `out` decides how far windows overhang in ceil mode, so that shapes.h and this cannot disagree.
torch::Tensor pool(const Tensor& x, Op op, const Pool& attributes, const Window& window, const Shape& out) {
  const bool unusual = !symmetric(window) || attributes.ceil_mode || 2 * window.pad_begin[0] > window.kernel[0] ||
                       2 * window.pad_begin[1] > window.kernel[1] ||
                       (op == Op::average_pool && (window.dilation[0] != 1 || window.dilation[1] != 1));
  if (!unusual && op == Op::max_pool)
    return at::max_pool2d(x, pair(window.kernel), pair(window.stride), pair(window.pad_begin), pair(window.dilation));
  if (!unusual)
    return at::avg_pool2d(x, pair(window.kernel), pair(window.stride), pair(window.pad_begin), false,
                          attributes.count_include_pad);

  const int outputs[2] = {out.rows, out.cols};
  Pair until_last_window(2);  // cells after the input that the last window reaches; negative: cells it leaves out
  Pair declared(2);           // of these, the padding that an average may count
  Pair overhang(2);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    until_last_window[axis] = (outputs[axis] - 1) * window.stride[axis] + window.reach(static_cast<int>(axis)) -
                              x.size(static_cast<std::int64_t>(axis) + 2) - window.pad_begin[axis];
    declared[axis] = std::min<std::int64_t>(until_last_window[axis], window.pad_end[axis]);
    overhang[axis] = until_last_window[axis] - declared[axis];
  }
  const Pair begin = pair(window.pad_begin);
  if (op == Op::max_pool) {
    const Tensor bordered = padded(x, begin, until_last_window, -std::numeric_limits<double>::infinity());
    return at::max_pool2d(bordered, pair(window.kernel), pair(window.stride), {0, 0}, pair(window.dilation));
  }
  const Tensor cells = torch::ones({1, 1, x.size(2), x.size(3)}, x.options().requires_grad(false));
  Tensor counted = padded(cells, begin, declared, attributes.count_include_pad ? 1.0 : 0.0);
  counted = padded(counted, {0, 0}, overhang, 0.0);
  return window_sums(padded(x, begin, until_last_window, 0.0), window) / window_sums(counted, window);
}

// ONNX: the window of an even size has its extra channel after the centre.
torch::Tensor local_response_norm(const Tensor& x, const Lrn& lrn) {
  const std::int64_t before = (lrn.size - 1) / 2;
  const std::int64_t after = lrn.size - 1 - before;
  const Tensor squares = at::constant_pad_nd(x * x, {0, 0, 0, 0, before, after}, 0.0);
  Tensor sums = squares.narrow(1, 0, x.size(1));
  for (std::int64_t offset = 1; offset < lrn.size; ++offset) sums = sums + squares.narrow(1, offset, x.size(1));
  return x * (sums * (static_cast<double>(lrn.alpha) / lrn.size) + lrn.bias).pow(-static_cast<double>(lrn.beta));
}

}  // namespace net

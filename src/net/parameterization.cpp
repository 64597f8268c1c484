#include "net/parameterization.h"

#include <algorithm>
#include <cmath>

#include "base/rng.h"

namespace net {
namespace {

using torch::Tensor;

constexpr double kInitialDeviation = 0.01;
// Lucid divides the inverse transform by this, so that the first picture is near mid-grey.
constexpr double kFourierDivisor = 4.0;

// The matrix square root of the colour covariance of ImageNet, by singular values, as Lucid has it; divided by its
// largest column norm.
Tensor colour_matrix() {
  const Tensor root = torch::tensor({{0.26, 0.09, 0.02}, {0.27, 0.00, -0.05}, {0.27, -0.09, 0.03}}, torch::kDouble);
  return (root / (root * root).sum(0).sqrt().max()).to(torch::kFloat);
}

// Frequencies weigh 1/f as in natural pictures, and the whole is scaled so that the picture does not depend on its
// size.
Tensor spectrum_scale(int side) {
  const int columns = side / 2 + 1;
  Tensor scale = torch::empty({side, columns, 1});
  auto values = scale.accessor<float, 3>();
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < columns; ++x) {
      const double fy = static_cast<double>(std::min(y, side - y)) / side;
      const double frequency = std::hypot(fy, static_cast<double>(x) / side);
      values[y][x][0] = static_cast<float>(side / std::max(frequency, 1.0 / side));
    }
  }
  return scale;
}

}  // namespace

PictureFromParameters::PictureFromParameters(const core::VisualizeSpec& spec, torch::Device device)
    : kind_(spec.parameterization),
      decorrelated_(spec.decorrelated),
      batch_(spec.batch),
      side_px_(spec.size_px + 2 * spec.margin_px),
      seed_(spec.seed),
      spectrum_scale_(spectrum_scale(side_px_).to(device)),
      colour_(colour_matrix().to(device)) {}

Tensor PictureFromParameters::initial_parameters() const {
  std::vector<std::int64_t> shape = {batch_, 3, side_px_, side_px_};
  if (kind_ == core::Parameterization::fourier) shape = {batch_, 3, side_px_, side_px_ / 2 + 1, 2};
  Tensor parameters = torch::empty(shape);
  base::Rng rng(seed_, "first picture");
  float* values = parameters.data_ptr<float>();
  for (std::int64_t i = 0; i < parameters.numel(); ++i)
    values[i] = static_cast<float>(kInitialDeviation * rng.normal());
  return parameters.to(colour_.device());
}

Tensor PictureFromParameters::pictures(const Tensor& parameters) const {
  Tensor x = parameters;
  if (kind_ == core::Parameterization::fourier) {
    const Tensor spectrum = at::view_as_complex((parameters * spectrum_scale_).contiguous());
    const std::vector<std::int64_t> size = {side_px_, side_px_};
    x = torch::fft::irfft2(spectrum, size) / kFourierDivisor;
  }
  if (decorrelated_) x = at::matmul(colour_, x.reshape({batch_, 3, -1})).view(x.sizes());
  return x.sigmoid();
}

}  // namespace net

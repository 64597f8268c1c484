// How numbers make a picture: the spectrum of its colours, decorrelated, or its pixels (Olah et al. 2017, Lucid's
// param.image). Differentiable; what is optimized are the parameters. Private to the folder; one thread an instance.
#pragma once
#include "core/specs.h"
#include "net/torch.h"

namespace net {

class PictureFromParameters {
 public:
  PictureFromParameters(const core::VisualizeSpec& spec, torch::Device device);

  // Normal numbers with Lucid's standard deviation 0.01, determined by the spec's seed alone: a larger batch begins
  // with the pictures of a smaller one. Fourier: [batch, 3, side, side / 2 + 1, 2]; pixels: [batch, 3, side, side].
  [[nodiscard]] torch::Tensor initial_parameters() const;
  // [batch, 3, side, side] in 0…1.
  [[nodiscard]] torch::Tensor pictures(const torch::Tensor& parameters) const;
  [[nodiscard]] int side_px() const { return side_px_; }  // margins included

 private:
  core::Parameterization kind_;
  bool decorrelated_;
  int batch_;
  int side_px_;
  std::uint64_t seed_;
  torch::Tensor spectrum_scale_;  // [side, side / 2 + 1, 1]
  torch::Tensor colour_;          // [3, 3]: decorrelated to red, green, blue
};

}  // namespace net

#include "net/transforms.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace net {
namespace {

constexpr double kMidGrey = 0.5;

int choice(double uniform, int count) {
  return std::min(count - 1, static_cast<int>(uniform * count));
}

// The corner of a random crop that is `jitter` smaller, as the distance of its centre from the middle.
double crop_shift(double uniform, int jitter) {
  return choice(uniform, jitter + 1) - 0.5 * jitter;
}

// Evenly spaced in 1 ± spread.
double chosen_scale(double uniform, double spread, int choices) {
  if (choices <= 1) return 1.0;
  return 1.0 + spread * (2.0 * choice(uniform, choices) / (choices - 1) - 1.0);
}

// Whole degrees in ± limit and some zeros more.
double chosen_angle_rad(double uniform, int limit_deg, int extra_zeros) {
  const int angles = 2 * limit_deg + 1;
  const int chosen = choice(uniform, angles + extra_zeros);
  return chosen < angles ? (chosen - limit_deg) * std::numbers::pi / 180.0 : 0.0;
}

}  // namespace

TransformDraws::TransformDraws(std::uint64_t seed)
    : jitter_(seed, "jitter"),
      scale_(seed, "scale"),
      rotation_(seed, "rotation"),
      jitter_after_(seed, "jitter after") {}

Transform TransformDraws::next(const core::VisualizeSettings& settings, int side_px, int least_side_px) {
  const double jitter_x = jitter_.uniform(), jitter_y = jitter_.uniform();
  const double scale_draw = scale_.uniform(), rotation_draw = rotation_.uniform();
  const double after_x = jitter_after_.uniform(), after_y = jitter_after_.uniform();

  const int padded = side_px + 2 * std::max(0, settings.pad_px);
  const int jitter = std::clamp(settings.jitter_px, 0, padded - 1);
  const int cropped = padded - jitter;
  const double wanted_scale = chosen_scale(scale_draw, settings.scale_spread, settings.scale_choices);
  const int scaled = std::max(1, static_cast<int>(std::lround(wanted_scale * cropped)));
  const double scale = static_cast<double>(scaled) / cropped;
  const double angle_rad =
      chosen_angle_rad(rotation_draw, std::max(0, settings.rotate_deg), std::max(0, settings.rotate_extra_zeros));
  const int jitter_after = std::clamp(settings.jitter_after_px, 0, scaled - 1);

  Transform transform;
  transform.side_px = std::max(scaled - jitter_after, least_side_px);
  transform.identity = transform.side_px == side_px && jitter == 0 && padded == side_px && scaled == cropped &&
                       angle_rad == 0.0 && jitter_after == 0;
  // Backwards, about the centres: a pixel of the result, moved by the last crop, turned, shrunk, moved by the first.
  const double cosine = std::cos(angle_rad) / scale, sine = std::sin(angle_rad) / scale;
  const double last_x = crop_shift(after_x, jitter_after), last_y = crop_shift(after_y, jitter_after);
  const double x0 = cosine * last_x - sine * last_y + crop_shift(jitter_x, jitter);
  const double y0 = sine * last_x + cosine * last_y + crop_shift(jitter_y, jitter);
  const double ratio = static_cast<double>(transform.side_px) / side_px;
  transform.map = {cosine * ratio, -sine * ratio, 2.0 * x0 / side_px, sine * ratio, cosine * ratio, 2.0 * y0 / side_px};
  return transform;
}

torch::Tensor transformed(const torch::Tensor& pictures, const Transform& transform) {
  if (transform.identity) return pictures;
  const std::vector<float> map(transform.map.begin(), transform.map.end());
  const torch::Tensor theta = torch::tensor(map).view({1, 2, 3}).to(pictures.device());
  const std::int64_t side = transform.side_px;
  const torch::Tensor grid =
      at::affine_grid_generator(theta, {1, 3, side, side}, false).expand({pictures.size(0), side, side, 2});
  constexpr int kBilinear = 0, kZeros = 0;
  return at::grid_sampler_2d(pictures - kMidGrey, grid.contiguous(), kBilinear, kZeros, false) + kMidGrey;
}

}  // namespace net

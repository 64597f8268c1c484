// Random transformations of the picture before each update: pad, jitter, scale, rotate, jitter, in Lucid's order. They
// are one affine map, so the picture is sampled once (bilinear); Lucid resamples twice. Beyond the picture is mid-grey
// everywhere; Lucid leaves corners that a rotation uncovers black. Private to the folder; one thread an instance.
#pragma once
#include <array>

#include "base/rng.h"
#include "core/specs.h"
#include "net/torch.h"

namespace net {

struct Transform {
  bool identity = true;
  int side_px = 0;  // of the transformed picture
  // From the transformed picture's coordinates to the picture's, both −1…1 across: [xx, xy, x0, yx, yy, y0].
  std::array<double, 6> map = {1, 0, 0, 0, 1, 0};
};

// One draw an update, for the whole batch. Each kind of transformation has a stream of its own and takes the same count
// of numbers whatever the settings, so that changing one does not move the others. A value: copy it to try a step.
class TransformDraws {
 public:
  explicit TransformDraws(std::uint64_t seed);
  // Of a picture of side_px. The transformed picture is never smaller than least_side_px.
  Transform next(const core::VisualizeSettings& settings, int side_px, int least_side_px);

 private:
  base::Rng jitter_, scale_, rotation_, jitter_after_;
};

torch::Tensor transformed(const torch::Tensor& pictures, const Transform& transform);

}  // namespace net

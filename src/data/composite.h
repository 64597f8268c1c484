// Laying a cut-out over a photograph so that it looks as if it had been there. Pure; any thread.
#pragma once
#include "core/image.h"
#include "core/image_io.h"
#include "core/occluder.h"

namespace data {

// The part that is not transparent.
core::Cutout trimmed(const core::Cutout& cutout);
core::Cutout mirrored(core::Cutout cutout);

struct Composite {
  core::Image picture;
  core::Image mask;  // white where the object covers at least half of a pixel
};
// The cut-out, resized to `size`, with its corner at (x_px, y_px); it lies inside the background. Its edge is softened,
// and its brightness and tint move a little towards what is around it.
Composite lay_over(const core::Image& background, const core::Cutout& object, int x_px, int y_px, core::Size size);

}  // namespace data

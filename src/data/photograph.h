// Telling photographs from drawings by their pixels: a drawing has flat areas and few colours. For choosing the starter
// collection's sources; a rule of thumb, not a classifier. Pure; any thread.
#pragma once
#include "core/image_io.h"

namespace data {

// Of the opaque part: at least 500 colours (of 64 levels a channel), at most a fifth of the neighbours alike, and large
// enough to be shown.
bool is_photographic(const core::Cutout& cutout);
// Backgrounds may have a plain sky: at least 250 colours (of 32 levels), at most nine tenths of the neighbours alike.
bool is_photographic(const core::Image& image);

}  // namespace data

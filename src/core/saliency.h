// A simple published saliency: the spectral residual (Hou and Zhang 2007). What is unusual in the log spectrum of the
// small grey picture is where one looks first. The study used a trained network (DeepGaze II) instead; this one needs
// no weights and is always named with its results. Pure; any thread.
#pragma once
#include <string_view>

#include "core/image.h"
#include "core/map.h"

namespace core {

inline constexpr std::string_view kSaliencyName = "spectral residual (Hou & Zhang 2007)";

// [height, width] of the picture, at least 0, mean 1: at 64 × 64, spectrum averaged over 3 × 3, smoothed by a Gaussian
// of 2.5 cells, enlarged bilinearly. A picture without contrast is 1 everywhere.
Map spectral_residual(const Image& picture);

}  // namespace core

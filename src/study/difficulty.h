// What an observer without the network can see of a trial's two occlusions: how far from the centre they are, how much
// varies beneath them, how salient and how much of the object what they cover is (protocol 1.12). Filled in when a
// trial is made, so that trials can be filtered and sorted before anyone is asked. Pure functions of the base picture;
// any thread.
#pragma once
#include <optional>

#include "core/image.h"
#include "core/map.h"
#include "core/occluder.h"
#include "study/trial.h"

namespace study {

// From the square's centre to the picture's, in pixels: corner + side / 2 to (width − 1) / 2, as the study measured.
double centre_distance_px(const core::Occluder& place, core::Size picture);
// The published code took the row's end for the column's start (protocol 1.14), so that the column has no influence:
// the distance of (row + side / 2, row + side + side / 2).
double published_centre_distance(const core::Occluder& place, core::Size picture);
// Of all covered bytes, the three channels together; ddof 0.
double standard_deviation(const core::Image& picture, const core::Occluder& place);
// Mean of a map of the picture's size over the covered cells.
double mean_inside(const core::Map& map, const core::Occluder& place);
// Share of the mask's white pixels that are covered; nothing if the mask has none or another size.
std::optional<double> object_share(const core::Image& mask, const core::Occluder& place);

// Fills everything of `occlusion` that follows from its place; the place and activation stay. Without a mask (nullptr)
// there is no object share.
void describe(Occlusion& occlusion, const core::Image& base, const core::Map& saliency, const core::Image* mask);

}  // namespace study

#include "study/difficulty.h"

#include <cmath>
#include <cstdint>

namespace study {
namespace {

// Calls `visit(x_px, y_px)` for every covered pixel.
template <class Visit>
void for_each_covered(const core::Occluder& place, core::Size picture, const Visit& visit) {
  const core::Occluder inside = core::clamp_inside(place, picture);
  for (int y = inside.y_px; y < inside.y_px + inside.side_px; ++y)
    for (int x = inside.x_px; x < inside.x_px + inside.side_px; ++x) visit(x, y);
}

double half(int length_px) {
  return (length_px - 1) / 2.0;
}

}  // namespace

double centre_distance_px(const core::Occluder& place, core::Size picture) {
  const double side = place.side_px / 2.0;
  return std::hypot(place.x_px + side - half(picture.width_px), place.y_px + side - half(picture.height_px));
}

double published_centre_distance(const core::Occluder& place, core::Size picture) {
  const double row = place.y_px + place.side_px / 2.0;
  return std::hypot(row - half(picture.height_px), row + place.side_px - half(picture.width_px));
}

double standard_deviation(const core::Image& picture, const core::Occluder& place) {
  std::int64_t sum = 0, squares = 0, count = 0;
  for_each_covered(place, picture.size, [&](int x, int y) {
    for (int c = 0; c < 3; ++c) {
      const std::int64_t value = picture.pixel(x, y)[c];
      sum += value;
      squares += value * value;
      ++count;
    }
  });
  if (count == 0) return 0.0;
  // In whole numbers up to here, so that a flat patch has exactly 0.
  const auto n = static_cast<double>(count);
  return std::sqrt(static_cast<double>(squares * count - sum * sum)) / n;
}

double mean_inside(const core::Map& map, const core::Occluder& place) {
  double sum = 0.0;
  int count = 0;
  for_each_covered(place, {map.cols, map.rows}, [&](int x, int y) {
    sum += static_cast<double>(map.at(y, x));
    ++count;
  });
  return count == 0 ? 0.0 : sum / count;
}

std::optional<double> object_share(const core::Image& mask, const core::Occluder& place) {
  const auto is_object = [&](int x, int y) { return mask.pixel(x, y)[0] >= 128; };
  int all = 0, covered = 0;
  for (int y = 0; y < mask.size.height_px; ++y)
    for (int x = 0; x < mask.size.width_px; ++x) all += is_object(x, y) ? 1 : 0;
  if (all == 0) return std::nullopt;
  for_each_covered(place, mask.size, [&](int x, int y) { covered += is_object(x, y) ? 1 : 0; });
  return static_cast<double>(covered) / all;
}

void describe(Occlusion& occlusion, const core::Image& base, const core::Map& saliency, const core::Image* mask) {
  const core::Occluder& place = occlusion.place;
  occlusion.centre_distance_px = centre_distance_px(place, base.size);
  occlusion.published_centre_distance = published_centre_distance(place, base.size);
  occlusion.standard_deviation = standard_deviation(base, place);
  occlusion.saliency = mean_inside(saliency, place);
  occlusion.object_share.reset();
  if (mask != nullptr && mask->size == base.size) occlusion.object_share = object_share(*mask, place);
}

}  // namespace study

#include "core/geometry.h"

#include <algorithm>
#include <cmath>

namespace core {
namespace {

// How far a corner may move along an axis.
Size room(Size picture, int side_px) {
  return {picture.width_px - side_px, picture.height_px - side_px};
}

}  // namespace

Rect fit(Size picture, Rect place) {
  const auto width = static_cast<float>(picture.width_px), height = static_cast<float>(picture.height_px);
  if (width <= 0.0F || height <= 0.0F) return {place.min, place.min};
  const float scale = std::max(0.0F, std::min(place.width() / width, place.height() / height));
  const Point corner = {place.min.x + (place.width() - scale * width) / 2.0F,
                        place.min.y + (place.height() - scale * height) / 2.0F};
  return {corner, {corner.x + scale * width, corner.y + scale * height}};
}

Point picture_to_screen(Point picture_px, Size picture, Rect shown) {
  return {shown.min.x + picture_px.x * shown.width() / static_cast<float>(picture.width_px),
          shown.min.y + picture_px.y * shown.height() / static_cast<float>(picture.height_px)};
}

Point screen_to_picture(Point screen, Size picture, Rect shown) {
  return {(screen.x - shown.min.x) * static_cast<float>(picture.width_px) / shown.width(),
          (screen.y - shown.min.y) * static_cast<float>(picture.height_px) / shown.height()};
}

Occluder same_place(const Occluder& occluder, const Framing& from, const Framing& to) {
  if (from == to) return occluder;
  const double scale = static_cast<double>(to.resize_short_side_px) / std::max(1, from.resize_short_side_px);
  // Both crops have the picture's middle in their own.
  const auto moved = [&](int at, int from_px, int to_px) {
    return static_cast<int>(std::lround((at - from_px / 2.0) * scale + to_px / 2.0));
  };
  const int side = static_cast<int>(std::lround(occluder.side_px * scale));
  const int most = std::max(1, std::min(to.crop.width_px, to.crop.height_px));
  return clamp_inside(
      {moved(occluder.x_px, from.crop.width_px, to.crop.width_px),
       moved(occluder.y_px, from.crop.height_px, to.crop.height_px), std::clamp(side, std::min(2, most), most)},
      to.crop);
}

Point map_position(const Occluder& occluder, Size picture) {
  const auto [room_x, room_y] = room(picture, occluder.side_px);
  const auto share = [](int at, int length) {
    return length > 0 ? static_cast<float>(at) / static_cast<float>(length) : 0.5F;
  };
  return {share(occluder.x_px, room_x), share(occluder.y_px, room_y)};
}

Occluder occluder_at_map_position(Point at, int side_px, Size picture) {
  const auto [room_x, room_y] = room(picture, side_px);
  return clamp_inside({static_cast<int>(std::lround(at.x * static_cast<float>(room_x))),
                       static_cast<int>(std::lround(at.y * static_cast<float>(room_y))), side_px},
                      picture);
}

Rect map_extent_over_picture(const OcclusionMap& map) {
  const auto stride = static_cast<float>(map.stride_px);
  const float first = (static_cast<float>(map.side_px) - stride) / 2.0F;
  return {{first, first},
          {first + stride * static_cast<float>(map.values.cols), first + stride * static_cast<float>(map.values.rows)}};
}

}  // namespace core

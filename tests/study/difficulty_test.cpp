#include "study/difficulty.h"

#include <cmath>

#include "catch.h"
#include "study/trial.h"

namespace {

constexpr core::Size kPicture = {224, 224};

}  // namespace

TEST_CASE("The centre distance is measured from the square's centre, the published one from its row alone") {
  REQUIRE(study::centre_distance_px({67, 67, 90}, kPicture) == Approx(std::hypot(0.5, 0.5)));
  REQUIRE(study::centre_distance_px({0, 0, 90}, kPicture) == Approx(std::hypot(66.5, 66.5)));
  for (const int row : {0, 34, 134}) {
    const double published = std::sqrt(std::pow(row + 23.5, 2) + std::pow(row - 66.5, 2));
    for (const int column : {0, 60, 134})
      REQUIRE(study::published_centre_distance({column, row, 90}, kPicture) == Approx(published));
  }
}

TEST_CASE("The standard deviation is over all covered pixels and channels, and 0 where nothing varies") {
  core::Image picture = core::make_image(kPicture, 7, 7, 7);
  REQUIRE(study::standard_deviation(picture, {10, 10, 90}) == 0.0);
  for (int y = 0; y < 224; ++y)
    for (int x = 0; x < 224; ++x) picture.pixel(x, y)[0] = 10;  // 10, 7, 7
  REQUIRE(study::standard_deviation(picture, {10, 10, 90}) == Approx(std::sqrt(2.0)));
}

TEST_CASE("Saliency and object are what the square covers of them") {
  core::Map map = core::make_map(224, 224, 0.0F);
  core::Image mask = core::make_image(kPicture);
  for (int y = 100; y < 120; ++y)
    for (int x = 40; x < 60; ++x) {
      map.at(y, x) = 3.0F;
      for (int c = 0; c < 3; ++c) mask.pixel(x, y)[c] = 255;
    }
  study::Occlusion occlusion;
  occlusion.place = {40, 110, 20};  // half of the object, half of the square
  const core::Image base = core::make_image(kPicture, 1, 2, 3);
  study::describe(occlusion, base, map, &mask);
  REQUIRE(occlusion.saliency == Approx(1.5));
  REQUIRE(*occlusion.object_share == Approx(0.5));
  study::describe(occlusion, base, map, nullptr);
  REQUIRE(!occlusion.object_share);
  const core::Image empty = core::make_image(kPicture);
  study::describe(occlusion, base, map, &empty);
  REQUIRE(!occlusion.object_share);  // a picture without an object says nothing
}

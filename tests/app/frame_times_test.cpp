#include "app/frame_times.h"

#include "catch.h"

TEST_CASE("percentiles are values that occurred, whatever the order") {
  std::vector<double> values;
  for (int i = 1; i <= 200; ++i) values.push_back((i * 37) % 201);
  const app::Percentiles found = app::percentiles(values);
  REQUIRE(found.p50 == 100.0);
  REQUIRE(found.p99 == 198.0);
  REQUIRE(found.max == 200.0);
  REQUIRE(app::percentiles({7.0}).p50 == 7.0);
  REQUIRE(app::percentiles({7.0}).p99 == 7.0);
  REQUIRE(app::percentiles({}).max == 0.0);
}

TEST_CASE("frame times keep the newest frames and count all") {
  app::FrameTimes times;
  for (int i = 0; i < 20000; ++i) times.add({i < 10000 ? 100.0 : 5.0, 1.0, 2.0});
  REQUIRE(times.count() == 20000);
  REQUIRE(times.work_ms().max == 5.0);
  REQUIRE(times.device_wait_ms().p50 == 1.0);
  REQUIRE(times.screen_wait_ms().p50 == 2.0);
  times.clear();
  REQUIRE(times.count() == 0);
  REQUIRE(times.work_ms().max == 0.0);
}

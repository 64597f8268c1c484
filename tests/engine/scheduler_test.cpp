#include "engine/scheduler.h"

#include <algorithm>
#include <array>
#include <vector>

#include "catch.h"

using engine::Clock;
using engine::FairTurns;
using namespace std::chrono_literals;

TEST_CASE("turns share time, not steps") {
  FairTurns turns(3);
  const std::array<Clock::duration, 3> step = {10ms, 20ms, 50ms};
  std::array<Clock::duration, 3> used{};
  for (int i = 0; i < 1000; ++i) {
    const std::size_t slot = turns.next({true, true, true});
    turns.charge(slot, step[slot]);
    used[slot] += step[slot];
    const auto [least, most] = std::minmax_element(used.begin(), used.end());
    REQUIRE(*most - *least <= 50ms);
  }
}

TEST_CASE("slots of equal steps take turns") {
  FairTurns turns(3);
  std::vector<std::size_t> order;
  for (int i = 0; i < 6; ++i) {
    order.push_back(turns.next({true, true, true}));
    turns.charge(order.back(), 5ms);
  }
  REQUIRE(order == std::vector<std::size_t>{0, 1, 2, 0, 1, 2});
}

TEST_CASE("a slot that rested neither catches up nor pays for the time it ran alone") {
  FairTurns turns(2);
  for (int i = 0; i < 100; ++i) turns.charge(turns.next({true, false}), 10ms);
  std::array<int, 2> steps{};
  for (int i = 0; i < 10; ++i) {  // the second one comes: no debt of a second, no second of credit
    const std::size_t slot = turns.next({true, true});
    turns.charge(slot, 10ms);
    ++steps[slot];
  }
  REQUIRE(steps == std::array<int, 2>{5, 5});

  for (int i = 0; i < 100; ++i) turns.charge(turns.next({false, true}), 10ms);
  steps = {};
  for (int i = 0; i < 10; ++i) {
    const std::size_t slot = turns.next({true, true});
    turns.charge(slot, 10ms);
    ++steps[slot];
  }
  REQUIRE(steps == std::array<int, 2>{5, 5});
}

TEST_CASE("only slots with work get a turn") {
  FairTurns turns(3);
  for (int i = 0; i < 20; ++i) {
    const std::size_t slot = turns.next({false, true, false});
    REQUIRE(slot == 1);
    turns.charge(slot, 1ms);
  }
}

TEST_CASE("work yields while the hand moves, keeps alive, and goes on when it rests") {
  const Clock::time_point now = Clock::time_point{} + 1h;
  const auto may_start = [&](bool unanswered, Clock::duration moved_ago, Clock::duration stepped_ago) {
    return engine::yielding_may_start(unanswered, now - moved_ago, now - stepped_ago, now);
  };
  // A hand that rests: at once.
  REQUIRE(may_start(false, engine::kHandRest, 0ms) <= now);
  REQUIRE(may_start(false, 10s, 0ms) <= now);
  // A hand that just moved: when it has rested, or to keep alive, whichever comes first.
  REQUIRE(may_start(false, 0ms, 0ms) == now + engine::kHandRest);
  REQUIRE(may_start(false, 30ms, 0ms) == now + engine::kHandRest - 30ms);
  REQUIRE(may_start(false, 0ms, engine::kKeepAlive) <= now);
  // A hand that waits for its answer, however long: only to keep alive.
  REQUIRE(may_start(true, 0ms, 0ms) == now + engine::kKeepAlive);
  REQUIRE(may_start(true, 10s, 100ms) == now + engine::kKeepAlive - 100ms);
  REQUIRE(may_start(true, 10s, engine::kKeepAlive) <= now);
}

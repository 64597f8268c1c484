#include "engine/slot.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include "catch.h"
#include "engine/scheduler.h"

using core::StepOutcome;
using engine::AnySlot;
using engine::Clock;
using engine::ComputeThread;
using namespace std::chrono_literals;

namespace {

// Work that counts. `identity` names the job; `goal` may change while it runs.
struct CountRequest {
  int identity = 0;
  int goal = 1;
  bool paused = false;
  int single_steps = 0;
  bool fails = false;
  bool throws = false;
};
struct CountSnapshot {
  CountRequest request;
  int count = 0;
  std::optional<base::Error> error;
};

// What the test sees of the jobs of a slot, and how it holds their steps.
class Watch {
 public:
  // Steps wait at the gate until it opens, or until their pass is no longer wanted.
  void close_gate() { open_ = false; }
  void open_gate() { open_ = true; }
  void pass_gate(const core::StopFlag& stop) const {
    while (!open_ && !stop.stop_requested()) std::this_thread::yield();
  }

  std::atomic<int> made{0}, alive{0}, steps{0}, inside{0};
  std::function<void()> on_step = [] {};

 private:
  std::atomic<bool> open_{true};
};

class CountJob final : public engine::SlotJob<CountRequest, CountSnapshot> {
 public:
  CountJob(CountRequest request, Watch& watch) : request_(request), watch_(watch), singles_seen_(request.single_steps) {
    ++watch_.made;
    ++watch_.alive;
  }
  ~CountJob() override { --watch_.alive; }

  void change(const CountRequest& request) override {
    singles_ += request.single_steps - singles_seen_;
    singles_seen_ = request.single_steps;
    request_ = request;
  }
  StepOutcome step(const core::StopFlag& stop) override {
    if (resting()) return StepOutcome::done;
    ++watch_.inside;
    watch_.pass_gate(stop);
    --watch_.inside;
    if (stop.stop_requested()) return StepOutcome::stopped;
    if (request_.throws) throw std::runtime_error("out of luck");
    ++count_;
    ++watch_.steps;
    watch_.on_step();
    if (request_.paused) --singles_;
    return resting() ? StepOutcome::done : StepOutcome::more;
  }
  std::shared_ptr<const CountSnapshot> snapshot() const override {
    return std::make_shared<CountSnapshot>(CountSnapshot{request_, count_, std::nullopt});
  }

 private:
  bool resting() const { return count_ >= request_.goal || (request_.paused && singles_ <= 0); }

  CountRequest request_;
  Watch& watch_;
  int count_ = 0;
  int singles_ = 0;
  int singles_seen_;
};

using CountSlot = engine::Slot<CountRequest, CountSnapshot>;

engine::SlotRules<CountRequest, CountSnapshot> rules_for(Watch& watch) {
  engine::SlotRules<CountRequest, CountSnapshot> rules;
  rules.same_job = [](const CountRequest& a, const CountRequest& b) { return a.identity == b.identity; };
  rules.empties = [](const CountRequest& request) { return request.identity < 0; };
  rules.make =
      [&watch](
          const CountRequest& request) -> base::Result<std::unique_ptr<engine::SlotJob<CountRequest, CountSnapshot>>> {
    if (request.fails) return base::Error{"The work cannot start", "the test says so", ""};
    return std::unique_ptr<engine::SlotJob<CountRequest, CountSnapshot>>(std::make_unique<CountJob>(request, watch));
  };
  rules.failed = [](const CountRequest& request, base::Error error) {
    return std::make_shared<const CountSnapshot>(CountSnapshot{request, 0, std::move(error)});
  };
  return rules;
}

template <class Condition>
void wait_until(Condition condition) {
  while (!condition()) std::this_thread::yield();
}

ComputeThread::Options options(ComputeThread::Order order = ComputeThread::Order::fair) {
  ComputeThread::Options made;
  made.name = "test";
  made.order = order;
  return made;
}

}  // namespace

TEST_CASE("of requests that wait together only the newest is answered") {
  Watch watch;
  CountSlot slot(rules_for(watch));
  for (int identity = 1; identity <= 5; ++identity) slot.post({.identity = identity, .goal = 3});
  ComputeThread thread(options(), {&slot});
  wait_until([&] { return !slot.busy(); });
  REQUIRE(slot.load()->request.identity == 5);
  REQUIRE(slot.load()->count == 3);
  REQUIRE(watch.made == 1);
}

TEST_CASE("another identity stops the old pass where it is and drops its job") {
  Watch watch;
  std::atomic<int> cancelled{0};
  auto rules = rules_for(watch);
  rules.on_cancelled = [&](double ms) {
    if (ms >= 0.0) ++cancelled;
  };
  CountSlot slot(std::move(rules));
  ComputeThread thread(options(), {&slot});
  watch.close_gate();
  slot.post({.identity = 1, .goal = 1000});
  wait_until([&] { return watch.inside == 1; });
  slot.post({.identity = 2, .goal = 0});  // the gate stays closed: only the stop flag ends the pass
  wait_until([&] { return !slot.busy(); });
  REQUIRE(watch.steps == 0);
  REQUIRE(watch.made == 2);
  REQUIRE(watch.alive == 1);
  REQUIRE(cancelled == 1);
  REQUIRE(slot.load()->request.identity == 2);
}

TEST_CASE("a request of the same identity changes the running job and does not stop its pass") {
  Watch watch;
  CountSlot slot(rules_for(watch));
  ComputeThread thread(options(), {&slot});
  watch.close_gate();
  slot.post({.identity = 1, .goal = 2});
  wait_until([&] { return watch.inside == 1; });
  slot.post({.identity = 1, .goal = 7});
  watch.open_gate();
  wait_until([&] { return !slot.busy(); });
  REQUIRE(watch.made == 1);
  REQUIRE(watch.steps == 7);
  REQUIRE(slot.load()->request.goal == 7);
  slot.post({.identity = 1, .goal = 9});  // also after it was done
  wait_until([&] { return !slot.busy(); });
  REQUIRE(watch.made == 1);
  REQUIRE(slot.load()->count == 9);
}

TEST_CASE("going back to the running identity before the pass ends repeats the step and loses nothing") {
  Watch watch;
  CountSlot slot(rules_for(watch));
  ComputeThread thread(options(), {&slot});
  watch.close_gate();
  slot.post({.identity = 1, .goal = 4});
  wait_until([&] { return watch.inside == 1; });
  watch.open_gate();
  slot.post({.identity = 2, .goal = 4});
  slot.post({.identity = 1, .goal = 4});
  wait_until([&] { return !slot.busy(); });
  REQUIRE(slot.load()->request.identity == 1);
  REQUIRE(slot.load()->count == 4);
}

TEST_CASE("a job that is wanted again before its step ends was not cancelled") {
  Watch watch;
  std::atomic<int> cancelled{0};
  auto rules = rules_for(watch);
  rules.on_cancelled = [&](double) { ++cancelled; };
  CountSlot slot(std::move(rules));
  std::atomic<bool> is_there{false}, goes_on{false};
  watch.on_step = [&] {  // behind the last look at the stop flag
    is_there = true;
    wait_until([&] { return goes_on.load(); });
  };
  ComputeThread thread(options(), {&slot});
  slot.post({.identity = 1, .goal = 3});
  wait_until([&] { return is_there.load(); });
  slot.post({.identity = 2, .goal = 3});
  slot.post({.identity = 1, .goal = 3});
  goes_on = true;
  wait_until([&] { return !slot.busy(); });
  REQUIRE(watch.made == 1);
  REQUIRE(slot.load()->count == 3);
  REQUIRE(cancelled == 0);
}

TEST_CASE("a job that cannot start or throws becomes a snapshot with the error, and the slot works again") {
  Watch watch;
  CountSlot slot(rules_for(watch));
  ComputeThread thread(options(), {&slot});
  slot.post({.identity = 1, .fails = true});
  wait_until([&] { return !slot.busy(); });
  REQUIRE(slot.load()->error->what == "The work cannot start");
  REQUIRE(slot.load()->request.identity == 1);

  slot.post({.identity = 2, .goal = 5, .throws = true});
  wait_until([&] { return !slot.busy(); });
  REQUIRE(slot.load()->error->why == "out of luck");
  REQUIRE(slot.load()->request.identity == 2);
  REQUIRE(watch.alive == 0);

  slot.post({.identity = 2, .goal = 5});  // the same identity again: begun anew
  wait_until([&] { return !slot.busy(); });
  REQUIRE(!slot.load()->error);
  REQUIRE(slot.load()->count == 5);
}

TEST_CASE("a request that empties the slot drops the job and takes its snapshot away") {
  Watch watch;
  CountSlot slot(rules_for(watch));
  ComputeThread thread(options(), {&slot});
  watch.close_gate();
  slot.post({.identity = 1, .goal = 1000});
  wait_until([&] { return watch.inside == 1; });
  slot.post({.identity = -1});
  wait_until([&] { return !slot.busy(); });
  REQUIRE(watch.alive == 0);
  REQUIRE(slot.load() == nullptr);
}

TEST_CASE("a paused job rests, a single step makes one update, and running goes on from there") {
  Watch watch;
  CountSlot slot(rules_for(watch));
  ComputeThread thread(options(), {&slot});
  slot.post({.identity = 1, .goal = 1000, .paused = true});
  wait_until([&] { return !slot.busy(); });
  REQUIRE(slot.load()->count == 0);
  REQUIRE(slot.load()->request.paused);
  slot.post({.identity = 1, .goal = 1000, .paused = true, .single_steps = 1});
  wait_until([&] { return !slot.busy(); });
  REQUIRE(slot.load()->count == 1);
  slot.post({.identity = 1, .goal = 1000, .paused = true, .single_steps = 4});
  wait_until([&] { return !slot.busy(); });
  REQUIRE(slot.load()->count == 4);
  slot.post({.identity = 1, .goal = 1000, .single_steps = 4});
  wait_until([&] { return !slot.busy(); });
  REQUIRE(slot.load()->count == 1000);
  REQUIRE(watch.made == 1);
}

TEST_CASE("the first slot with work wins where order is by priority") {
  Watch first_watch, second_watch;
  CountSlot first(rules_for(first_watch)), second(rules_for(second_watch));
  std::atomic<int> seconds_at_first_end{-1};
  second.post({.identity = 1, .goal = 100});
  first.post({.identity = 1, .goal = 100});
  first_watch.on_step = [&] {
    if (first_watch.steps == 100) seconds_at_first_end = second_watch.steps.load();
  };
  ComputeThread thread(options(ComputeThread::Order::first_wins), {&first, &second});
  wait_until([&] { return !first.busy() && !second.busy(); });
  REQUIRE(seconds_at_first_end == 0);
  REQUIRE(second_watch.steps == 100);
}

TEST_CASE("fair slots all get on: none ends before every other has begun") {
  std::vector<std::unique_ptr<Watch>> watches;
  std::vector<std::unique_ptr<CountSlot>> slots;
  std::vector<AnySlot*> all;
  for (int i = 0; i < 4; ++i) {
    watches.push_back(std::make_unique<Watch>());
    slots.push_back(std::make_unique<CountSlot>(rules_for(*watches.back())));
    slots.back()->post({.identity = 1, .goal = 500});
    all.push_back(slots.back().get());
  }
  std::atomic<bool> alone{false};
  for (int i = 0; i < 4; ++i) {
    watches[static_cast<std::size_t>(i)]->on_step = [&, i] {
      if (watches[static_cast<std::size_t>(i)]->steps < 500) return;
      for (const auto& other : watches)
        if (other->steps == 0) alone = true;
    };
  }
  ComputeThread thread(options(), all);
  wait_until([&] { return std::none_of(slots.begin(), slots.end(), [](const auto& slot) { return slot->busy(); }); });
  REQUIRE(!alone);
}

TEST_CASE("work that yields waits while it may not start, and a wake lets it look again") {
  Watch yielding_watch, hand_watch;
  auto hand_rules = rules_for(hand_watch);
  hand_rules.yields_to_hand = false;
  CountSlot hand(std::move(hand_rules)), yielding(rules_for(yielding_watch));
  std::atomic<bool> hand_moves{true};
  auto made = options();
  made.may_start = [&](Clock::time_point) { return Clock::now() + (hand_moves ? 1h : 0h); };
  ComputeThread thread(std::move(made), {&hand, &yielding});
  yielding.post({.identity = 1, .goal = 3});
  for (int i = 1; i <= 20; ++i) {
    hand.post({.identity = i});
    wait_until([&] { return hand_watch.steps == i; });
  }
  REQUIRE(yielding_watch.steps == 0);
  hand_moves = false;
  thread.wake();
  wait_until([&] { return !yielding.busy(); });
  REQUIRE(yielding_watch.steps == 3);
}

TEST_CASE("snapshots that come too fast are left out, the last never") {
  Watch watch;
  auto rules = rules_for(watch);
  std::atomic<int> published{0};
  rules.publish_interval = 1h;
  rules.on_publish = [&](const auto&) { ++published; };
  CountSlot slot(std::move(rules));
  ComputeThread thread(options(), {&slot});
  slot.post({.identity = 1, .goal = 500});
  wait_until([&] { return !slot.busy(); });
  REQUIRE(slot.load()->count == 500);
  REQUIRE(published <= 2);  // at most the first and the last
}

TEST_CASE("a thread ends with work in flight and drops every job") {
  Watch watch;
  CountSlot one(rules_for(watch)), two(rules_for(watch));
  watch.close_gate();
  {
    ComputeThread thread(options(), {&one, &two});
    one.post({.identity = 1, .goal = 1000});
    two.post({.identity = 1, .goal = 1000});
    wait_until([&] { return watch.inside == 1; });
  }  // joins although the gate is closed
  REQUIRE(watch.inside == 0);
  REQUIRE(watch.steps == 0);
}

TEST_CASE("ten thousand requests from two threads: every snapshot answers one of them, the last one is answered") {
  constexpr int kEach = 5000;
  Watch watch;
  auto rules = rules_for(watch);
  std::atomic<int> wrong{0};
  rules.on_publish = [&](const std::shared_ptr<const CountSnapshot>& snapshot) {
    if (snapshot && !snapshot->error && snapshot->count > 10) ++wrong;  // a count of another job
  };
  CountSlot slot(std::move(rules));
  std::atomic<int> read{0};
  {
    ComputeThread thread(options(), {&slot});
    const auto hammer = [&](unsigned seed) {
      std::mt19937 random(seed);
      for (int i = 0; i < kEach; ++i) {
        const int identity = static_cast<int>(random() % 4);
        slot.post({.identity = identity - 1, .goal = 10, .fails = random() % 50 == 0, .throws = random() % 50 == 0});
        if (const auto snapshot = slot.load()) read += snapshot->request.identity >= 0 ? 1 : 0;
      }
    };
    std::jthread a(hammer, 1), b(hammer, 2);
    a.join();
    b.join();
    slot.post({.identity = 77, .goal = 10});
    wait_until([&] { return !slot.busy(); });
  }
  REQUIRE(slot.load()->request.identity == 77);
  REQUIRE(slot.load()->count == 10);
  REQUIRE(wrong == 0);
  REQUIRE(watch.alive == 1);
}

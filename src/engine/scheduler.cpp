#include "engine/scheduler.h"

#include <pthread.h>

#include <algorithm>
#include <optional>

#include "base/check.h"

namespace engine {

std::size_t FairTurns::next(const std::vector<bool>& has_work) {
  CHECK(has_work.size() == places_.size(), "one flag a slot");
  std::optional<Clock::duration> least;  // of those that have been at it
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (has_work[i] && places_[i].active) least = least ? std::min(*least, places_[i].used) : places_[i].used;
  if (least) level_ = std::max(level_, *least);

  std::size_t chosen = places_.size();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    Place& place = places_[i];
    if (has_work[i] && !place.active) place.used = std::max(place.used, level_);
    place.active = has_work[i];
    if (!has_work[i]) continue;
    const bool sooner = chosen == places_.size() || place.used < places_[chosen].used ||
                        (place.used == places_[chosen].used && place.last_turn < places_[chosen].last_turn);
    if (sooner) chosen = i;
  }
  CHECK(chosen < places_.size(), "somebody has work");
  places_[chosen].last_turn = ++turn_;
  return chosen;
}

void FairTurns::charge(std::size_t slot, Clock::duration spent) {
  places_.at(slot).used += spent;
}

Clock::time_point yielding_may_start(bool hand_unanswered, Clock::time_point hand_moved, Clock::time_point last_step,
                                     Clock::time_point now) {
  const bool hand_moves = hand_unanswered || now < hand_moved + kHandRest;
  if (!hand_moves) return now;
  const Clock::time_point alive = last_step + kKeepAlive;
  return hand_unanswered ? alive : std::min(alive, hand_moved + kHandRest);
}

ComputeThread::ComputeThread(Options options, std::vector<AnySlot*> slots)
    : options_(std::move(options)), slots_(std::move(slots)) {
  for (AnySlot* slot : slots_) slot->attach([this] { wake(); });
  thread_ = std::jthread([this] { run(); });
}

ComputeThread::~ComputeThread() {
  {
    std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (AnySlot* slot : slots_) slot->close();
  thread_.join();
  for (AnySlot* slot : slots_) slot->attach({});
}

void ComputeThread::wake() {
  {
    std::scoped_lock lock(mutex_);
    ++wakes_;
  }
  changed_.notify_all();
}

void ComputeThread::sleep(std::uint64_t seen, std::optional<Clock::time_point> until) {
  std::unique_lock lock(mutex_);
  const auto woken = [&] { return ending_ || wakes_ != seen; };
  if (until)
    changed_.wait_until(lock, *until, woken);
  else
    changed_.wait(lock, woken);
}

ComputeThread::Choice ComputeThread::choose(FairTurns& turns, Clock::time_point last_yielding_step) const {
  std::vector<bool> ready(slots_.size());
  bool any_yields = false;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    ready[i] = slots_[i]->has_work();
    any_yields = any_yields || (ready[i] && slots_[i]->yields_to_hand());
  }
  Choice choice;
  if (any_yields) {
    const Clock::time_point may_start = options_.may_start(last_yielding_step);
    if (Clock::now() < may_start) {
      choice.at = may_start;
      for (std::size_t i = 0; i < slots_.size(); ++i) ready[i] = ready[i] && !slots_[i]->yields_to_hand();
    }
  }
  const auto first = std::find(ready.begin(), ready.end(), true);
  if (first == ready.end()) return choice;
  const bool fair = options_.order == Order::fair;
  choice.slot = fair ? turns.next(ready) : static_cast<std::size_t>(first - ready.begin());
  return choice;
}

void ComputeThread::run() {
  pthread_setname_np(pthread_self(), options_.name.substr(0, 15).c_str());
  options_.on_start();
  FairTurns turns(slots_.size());
  Clock::time_point last_yielding_step{};
  while (true) {
    std::uint64_t seen = 0;
    {
      std::scoped_lock lock(mutex_);
      if (ending_) return;
      seen = wakes_;
    }
    for (AnySlot* slot : slots_) slot->take_request();
    const Choice choice = choose(turns, last_yielding_step);
    if (!choice.slot) {
      sleep(seen, choice.at);
      continue;
    }
    AnySlot& slot = *slots_[*choice.slot];
    const Clock::time_point begin = Clock::now();
    slot.step();
    const Clock::time_point end = Clock::now();
    turns.charge(*choice.slot, end - begin);
    if (slot.yields_to_hand()) last_yielding_step = end;
  }
}

}  // namespace engine

// Slot: one place for work of one kind (the drag, the sweep, a visualization). Requests go in from any thread, newest
// wins; snapshots come out to any thread; the job between them lives on the slot's compute thread (scheduler.h).
// A request that the running job cannot answer stops the job's pass between two nodes of the network, and the job is
// dropped. A job that fails or throws becomes a snapshot with the error, and the slot takes the next request as ever.
#pragma once
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/latest.h"
#include "base/result.h"
#include "core/job.h"
#include "engine/scheduler.h"

namespace engine {

// The work of a slot. `done` means: nothing to do until change() or another job. One thread.
template <class Request, class Snapshot>
class SlotJob : public core::Job<Snapshot> {
 public:
  // A newer request that the slot's rules call the same job: another place of the hand, a longer schedule, a pause.
  virtual void change(const Request& request) = 0;
};

template <class Request, class Snapshot>
struct SlotRules {
  using Job = SlotJob<Request, Snapshot>;

  // Whether the job of `present` goes on with `wanted`. Called under a lock: compares, nothing else.
  std::function<bool(const Request& present, const Request& wanted)> same_job;
  // Whether a request only empties the slot.
  std::function<bool(const Request&)> empties = [](const Request&) { return false; };
  std::function<base::Result<std::unique_ptr<Job>>(const Request&)> make;
  // What is published when a job could not be made or threw.
  std::function<std::shared_ptr<const Snapshot>(const Request&, base::Error)> failed;
  // Snapshots between the first and the last of a run come no faster than this.
  std::chrono::milliseconds publish_interval{0};
  // Whether steps wait while the hand moves.
  bool yields_to_hand = true;
  // On the compute thread, after each publication; the snapshot is null when the slot was emptied.
  std::function<void(const std::shared_ptr<const Snapshot>&)> on_publish = [](const auto&) {};
  // A pass of the old job was under way when another was asked for; it has now stopped, this long after.
  std::function<void(double cancel_ms)> on_cancelled = [](double) {};
};

template <class Request, class Snapshot>
class Slot final : public AnySlot {
 public:
  explicit Slot(SlotRules<Request, Snapshot> rules) : rules_(std::move(rules)) {}

  // Any thread; waits for no more than a comparison.
  void post(Request request) {
    std::optional<Request> newest(std::move(request));
    {
      std::scoped_lock lock(mutex_);
      if (present_ && goes_on(*newest)) {
        cancel_posted_.reset();  // of a request in between that nobody waits for any more
      } else if (present_) {
        stop_.request_stop();
        if (stepping_ && !cancel_posted_) cancel_posted_ = Clock::now();
      }
      pending_.swap(newest);
      busy_ = true;
    }  // what was not taken dies here, outside the lock
    wake();
  }
  [[nodiscard]] std::shared_ptr<const Snapshot> load() const { return published_.load(); }
  [[nodiscard]] bool busy() const override {
    std::scoped_lock lock(mutex_);
    return busy_;
  }

  void take_request() override {
    std::optional<Request> old;
    bool go_on = false;
    {
      std::scoped_lock lock(mutex_);
      if (!closed_) stop_.clear();  // whatever set it is in pending_
      if (!pending_) return;
      go_on = job_ && goes_on(*pending_);
      old.swap(present_);
      present_.swap(pending_);
    }
    if (!go_on) job_.reset();
    idle_ = false;
    guarded([&] {
      if (go_on) {
        job_->change(*present_);
      } else if (rules_.empties(*present_)) {
        publish(nullptr);
      } else {
        auto made = rules_.make(*present_);
        if (made)
          job_ = *std::move(made);
        else
          fail(made.error());
      }
    });
    note_busy();
  }

  [[nodiscard]] bool has_work() const override { return job_ && !idle_; }
  [[nodiscard]] bool yields_to_hand() const override { return rules_.yields_to_hand; }

  void step() override {
    {
      std::scoped_lock lock(mutex_);
      stepping_ = true;
    }
    guarded([&] {
      const core::StepOutcome outcome = job_->step(stop_);
      if (outcome == core::StepOutcome::stopped || !still_wanted()) return;
      idle_ = outcome == core::StepOutcome::done;
      const auto now = Clock::now();
      if (idle_ || now - last_published_ >= rules_.publish_interval) {
        if (auto snapshot = job_->snapshot()) {
          publish(std::move(snapshot));
          last_published_ = now;
        }
      }
    });
    note_busy();
  }

  void close() override {
    std::scoped_lock lock(mutex_);
    closed_ = true;
    stop_.request_stop();
  }

 private:
  // With the lock held: only this thread writes present_, others read it in post().
  bool goes_on(const Request& wanted) const {
    return !rules_.empties(*present_) && !rules_.empties(wanted) && rules_.same_job(*present_, wanted);
  }

  // After a step: false if what it worked on is no longer wanted, so that its answer is dropped too.
  bool still_wanted() {
    std::scoped_lock lock(mutex_);
    return !pending_ || goes_on(*pending_);
  }

  template <class Work>
  void guarded(Work work) {
    try {
      work();
    } catch (const std::exception& problem) {
      fail({"The work failed", problem.what(), "Try it again, or with other settings."});
    } catch (...) {
      fail({"The work failed", "it ended with an unknown exception", "Try it again, or with other settings."});
    }
  }

  void fail(base::Error error) {
    job_.reset();
    publish(rules_.failed(*present_, std::move(error)));
  }

  void publish(std::shared_ptr<const Snapshot> snapshot) {
    published_.publish(snapshot);
    rules_.on_publish(snapshot);
  }

  // Ends a step or a change: says whether work is left, and how long a cancelled pass took to stop.
  void note_busy() {
    std::optional<Clock::time_point> cancelled;
    {
      std::scoped_lock lock(mutex_);
      busy_ = pending_.has_value() || has_work();
      if (stepping_) cancelled = std::exchange(cancel_posted_, std::nullopt);
      stepping_ = false;
    }
    if (cancelled) rules_.on_cancelled(std::chrono::duration<double, std::milli>(Clock::now() - *cancelled).count());
  }

  const SlotRules<Request, Snapshot> rules_;
  base::Published<Snapshot> published_;
  core::StopFlag stop_;

  mutable std::mutex mutex_;  // of the following
  std::optional<Request> pending_;
  std::optional<Request> present_;  // what the job answers; written by the compute thread alone
  std::optional<Clock::time_point> cancel_posted_;
  bool stepping_ = false;
  bool busy_ = false;
  bool closed_ = false;

  // The compute thread's own.
  std::unique_ptr<SlotJob<Request, Snapshot>> job_;
  bool idle_ = false;
  Clock::time_point last_published_{};
};

}  // namespace engine

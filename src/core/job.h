// Job: long work as an object that steps. step() does a bounded piece (at most one network pass) and returns; the
// engine decides when to step again. Everything a result depends on is in the spec, never in how often or when step()
// was called. One thread an instance; snapshot() from the same thread.
#pragma once
#include <atomic>
#include <memory>

namespace core {

// Checked between the nodes of a pass: set by another thread when the answer is no longer wanted.
class StopFlag {
 public:
  void request_stop() { stopped_.store(true, std::memory_order_relaxed); }
  void clear() { stopped_.store(false, std::memory_order_relaxed); }
  [[nodiscard]] bool stop_requested() const { return stopped_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> stopped_{false};
};

enum class StepOutcome {
  more,     // there is more to do
  done,     // finished; step() is not called again
  stopped,  // the flag was set: nothing of this step counts, and calling step() again repeats it
};

template <class Snapshot>
class Job {
 public:
  virtual ~Job() = default;
  virtual StepOutcome step(const StopFlag& stop) = 0;
  [[nodiscard]] virtual std::shared_ptr<const Snapshot> snapshot() const = 0;
};

}  // namespace core

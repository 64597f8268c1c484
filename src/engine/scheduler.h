// ComputeThread: one thread that steps the jobs of its slots, one step at a time, and sleeps when none has work.
// It decides whose turn it is and when to leave the machine to the hand; what the work is, it does not know, so that it
// is tested without any network. FairTurns and yielding_may_start are its decisions as pure values.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace engine {

using Clock = std::chrono::steady_clock;

// What a compute thread sees of a slot (slot.h). All but busy() and close() are called by the compute thread alone.
class AnySlot {
 public:
  AnySlot() = default;
  AnySlot(const AnySlot&) = delete;
  AnySlot& operator=(const AnySlot&) = delete;
  virtual ~AnySlot() = default;

  virtual void take_request() = 0;  // drops, makes or changes the job as the newest request asks
  [[nodiscard]] virtual bool has_work() const = 0;
  [[nodiscard]] virtual bool yields_to_hand() const = 0;
  virtual void step() = 0;                      // only if has_work()
  [[nodiscard]] virtual bool busy() const = 0;  // any thread: a request or a job waits for its turn
  virtual void close() = 0;                     // any thread: the running pass stops, for good

  // Set before the thread starts; wake() tells it that a request came.
  void attach(std::function<void()> wake) { wake_ = std::move(wake); }

 protected:
  void wake() const {
    if (wake_) wake_();
  }

 private:
  std::function<void()> wake_;
};

// Whose turn it is: the slot that has had the least time. One that comes back after a rest starts level with the others
// instead of catching up. Ties go round.
class FairTurns {
 public:
  explicit FairTurns(std::size_t slots) : places_(slots) {}

  // An index with has_work; at least one must have it.
  std::size_t next(const std::vector<bool>& has_work);
  void charge(std::size_t slot, Clock::duration spent);

 private:
  struct Place {
    Clock::duration used{};
    std::uint64_t last_turn = 0;
    bool active = false;
  };
  std::vector<Place> places_;
  Clock::duration level_{};  // the least that any active slot has had; never falls
  std::uint64_t turn_ = 0;
};

// While the hand moves (its last request is unanswered, or came within kHandRest), work that yields starts a step only
// every kKeepAlive, so that pictures stay live. Returns the time from which a step may start.
inline constexpr std::chrono::milliseconds kHandRest{80};
inline constexpr std::chrono::milliseconds kKeepAlive{250};
Clock::time_point yielding_may_start(bool hand_unanswered, Clock::time_point hand_moved, Clock::time_point last_step,
                                     Clock::time_point now);

class ComputeThread {
 public:
  enum class Order {
    first_wins,  // the first slot with work, always
    fair,        // FairTurns
  };
  struct Options {
    std::string name;  // of the thread, at most 15 letters
    Order order = Order::fair;
    std::function<void()> on_start = [] {};  // on the new thread, before any work
    // When a step of a slot that yields may start, given when the last one ended.
    std::function<Clock::time_point(Clock::time_point last_step)> may_start = [](Clock::time_point) {
      return Clock::time_point{};
    };
  };

  // The slots outlive the thread; they are attached to it here.
  ComputeThread(Options options, std::vector<AnySlot*> slots);
  ~ComputeThread();  // stops the running pass and joins
  ComputeThread(const ComputeThread&) = delete;
  ComputeThread& operator=(const ComputeThread&) = delete;

  void wake();  // any thread: look again at the requests and at the hand

 private:
  void run();
  struct Choice {
    std::optional<std::size_t> slot;      // whose step it is
    std::optional<Clock::time_point> at;  // else: when a slot that yields may start
  };
  [[nodiscard]] Choice choose(FairTurns& turns, Clock::time_point last_yielding_step) const;
  // Returns when woken since `seen`, at `until` if that is given, or when it is time to end.
  void sleep(std::uint64_t seen, std::optional<Clock::time_point> until);

  const Options options_;
  const std::vector<AnySlot*> slots_;

  std::mutex mutex_;  // of the following
  std::condition_variable changed_;
  std::uint64_t wakes_ = 0;
  bool ending_ = false;

  std::jthread thread_;
};

}  // namespace engine

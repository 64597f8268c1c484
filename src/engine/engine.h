// The engine: the only long-lived threads, and every job that composes net and data, written once for window and
// command line. Requests in, snapshots out; newest wins; post() and snapshots() never wait longer than a pointer copy.
// post() and snapshots() from the UI thread; on_publish is called on engine threads.
#pragma once
#include <functional>
#include <memory>

#include "engine/messages.h"

namespace engine {

struct EngineOptions {
  bool cuda = false;
  int threads = 0;                   // of torch, each compute thread; 0: one on two cores or fewer, else half the cores
  std::filesystem::path index_file;  // empty: the user's cache folder
  std::function<void()> on_publish;  // wakes the window
};

class Engine {
 public:
  explicit Engine(EngineOptions options);
  ~Engine();  // asks all work to stop and joins
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void post(Requests requests);
  [[nodiscard]] Snapshots snapshots() const;
  // True while any slot has work to do (a paused visualization has none).
  [[nodiscard]] bool busy() const;
  [[nodiscard]] int threads() const;  // of torch, each compute thread

  // Latencies of the last requests, for the bench and the status line: request posted → old work stopped.
  struct Timings {
    std::vector<double> cancel_ms;  // of requests that found a pass of the old work under way
    std::vector<double> drag_ms;    // posted → published
  };
  [[nodiscard]] Timings take_timings();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engine

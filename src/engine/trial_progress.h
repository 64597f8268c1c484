// How far the present round of pieces is, for people: written by the threads that work, read by snapshots. Nothing that
// is made depends on it. Any thread.
#pragma once
#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>

namespace engine {

class TrialProgress {
 public:
  void grid(int rows, int cols) { grid_.store(rows * 10000 + cols); }
  void share(double of_one) { per_mille_.store(static_cast<int>(1000.0 * of_one)); }
  void finish_one(double cost_s) {
    done_.fetch_add(1);
    std::scoped_lock lock(mutex_);
    cost_s_ += cost_s;
  }
  void begin_round() {
    done_ = 0;
    grid_ = 0;
    per_mille_ = 0;
  }
  [[nodiscard]] int done() const { return done_.load(); }
  [[nodiscard]] double cost_s() const {
    std::scoped_lock lock(mutex_);
    return cost_s_;
  }
  // "trial 7 of 24"
  [[nodiscard]] std::string count_text(const std::string& thing, int all) const {
    return thing + ' ' + std::to_string(std::min(all, done() + 1)) + " of " + std::to_string(all);
  }
  [[nodiscard]] std::string grid_text() const {
    const int grid = grid_.load();
    return grid == 0 ? "" : " · sweep " + std::to_string(grid / 10000) + "×" + std::to_string(grid % 10000);
  }
  [[nodiscard]] std::string share_text() const { return std::to_string(per_mille_.load() / 10) + " %"; }

 private:
  std::atomic<int> done_{0}, grid_{0}, per_mille_{0};
  mutable std::mutex mutex_;
  double cost_s_ = 0.0;
};

}  // namespace engine

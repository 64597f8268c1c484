// TrialWorkers: the threads that make trials. Each has a Network of its own over the shared model and takes the next
// piece of the present round; a piece writes only to its own place, so that results do not depend on which thread took
// it or in which order pieces ended. The thread that made the object starts rounds and waits; destruction stops passes
// between two nodes and joins.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/result.h"
#include "core/job.h"
#include "net/model.h"
#include "net/network.h"

namespace engine {

class TrialWorkers {
 public:
  // An error ends the round; one whose what is net::kStopped only ends the piece.
  using Piece = std::function<base::Status(net::Network&, const core::StopFlag&)>;

  // `nice`: how far the threads stand back behind others of the machine (0 … 19).
  TrialWorkers(std::shared_ptr<const net::Model> model, net::Device device, int threads, int nice);
  ~TrialWorkers();
  TrialWorkers(const TrialWorkers&) = delete;
  TrialWorkers& operator=(const TrialWorkers&) = delete;

  // The round before has ended.
  void start(std::vector<Piece> pieces);
  // Waits a little; true once every piece has ended or one failed.
  bool wait();
  [[nodiscard]] std::optional<base::Error> error() const;
  [[nodiscard]] std::size_t threads() const { return threads_.size(); }

 private:
  void work(const std::stop_token& stop);
  [[nodiscard]] bool ended() const { return running_ == 0 && (next_ >= pieces_.size() || error_); }

  const std::shared_ptr<const net::Model> model_;
  const net::Device device_;
  const int nice_;
  core::StopFlag stop_passes_;
  mutable std::mutex mutex_;  // of the following
  std::condition_variable_any changed_;
  std::vector<Piece> pieces_;
  std::size_t next_ = 0;
  std::size_t running_ = 0;
  std::optional<base::Error> error_;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace engine

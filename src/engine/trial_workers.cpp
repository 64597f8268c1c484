#include "engine/trial_workers.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <exception>
#include <utility>

#include "engine/networks.h"

namespace engine {
namespace {

constexpr std::chrono::milliseconds kWait{20};

}  // namespace

TrialWorkers::TrialWorkers(std::shared_ptr<const net::Model> model, net::Device device, int threads, int nice)
    : model_(std::move(model)), device_(device), nice_(nice) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

TrialWorkers::~TrialWorkers() {
  stop_passes_.request_stop();
  for (std::jthread& thread : threads_) thread.request_stop();
}

void TrialWorkers::start(std::vector<Piece> pieces) {
  const std::scoped_lock lock(mutex_);
  CHECK(ended(), "a round of pieces begins when the one before has ended");
  pieces_ = std::move(pieces);
  next_ = 0;
  changed_.notify_all();
}

bool TrialWorkers::wait() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kWait, [this] { return ended(); });
}

std::optional<base::Error> TrialWorkers::error() const {
  const std::scoped_lock lock(mutex_);
  return error_;
}

void TrialWorkers::work(const std::stop_token& stop) {
  // Linux keeps a nice value per thread; 0 is the calling one. Refusing to be nice is no failure.
  static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), nice_));
  net::set_threads_here(1);
  const auto made = net::Network::create(model_, device_);
  std::unique_lock lock(mutex_);
  if (!made) error_ = made.error();
  while (changed_.wait(lock, stop, [this] { return !error_ && next_ < pieces_.size(); })) {
    if (stop.stop_requested()) return;
    const Piece& piece = pieces_[next_++];
    ++running_;
    lock.unlock();
    std::optional<base::Error> failure;
    try {
      if (const base::Status status = piece(**made, stop_passes_); !status && !was_stopped(status.error()))
        failure = status.error();
    } catch (const std::exception& problem) {
      failure = base::Error{"The trials cannot be made", problem.what(), "Try it again with fewer units"};
    }
    lock.lock();
    --running_;
    if (failure && !error_) error_ = std::move(failure);
    changed_.notify_all();
  }
}

}  // namespace engine

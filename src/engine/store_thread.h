// The store thread: carries out orders to the results store one after the other, each a transaction, and publishes how
// far it is. An order that fails stays first in line, with those behind it, until retry(): nothing is skipped and
// nothing is lost while the program runs. Posting never waits for the disk. Any thread may post and look.
#pragma once
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/latest.h"
#include "data/results_store.h"
#include "engine/session_messages.h"

namespace engine {

// The sessions that a store holds; what another version wrote is passed over with a warning. Opens the store for as
// long as that takes: refused while another program holds it.
base::Result<std::vector<study::Session>> stored_sessions(const std::filesystem::path& file);

class StoreThread {
 public:
  // `on_publish` is called on the store's thread.
  explicit StoreThread(std::function<void()> on_publish = [] {});
  // Carries out what was posted, unless it fails, and joins.
  ~StoreThread();
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;

  void post(StoreOrder order);
  void retry();
  // Null before the first order was done or failed.
  [[nodiscard]] std::shared_ptr<const StoreSnapshot> load() const { return published_.load(); }
  // True while an order is under way or will be without a retry.
  [[nodiscard]] bool busy() const;

 private:
  void run();
  base::Status carry_out(const StoreOrder& order);
  base::Status open(const OpenStore& order);
  base::Status export_session(const ExportSession& order);
  void publish();

  const std::function<void()> on_publish_;
  base::Published<StoreSnapshot> published_;

  mutable std::mutex mutex_;  // of the following
  std::condition_variable changed_;
  std::deque<StoreOrder> orders_;
  bool failed_ = false;
  bool ending_ = false;

  // The store's thread only.
  std::unique_ptr<data::ResultsStore> store_;
  StoreSnapshot now_;

  std::jthread thread_;
};

}  // namespace engine

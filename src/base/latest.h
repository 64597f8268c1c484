// Latest<T>: a mailbox of one place from one thread to another, newest wins. put() replaces what was not taken yet.
// Published<T>: the other way round, an immutable value that any thread may read; reading copies a pointer.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace base {

template <class T>
class Latest {
 public:
  void put(T value) {
    std::scoped_lock lock(mutex_);
    value_ = std::move(value);
  }
  std::optional<T> take() {
    std::scoped_lock lock(mutex_);
    return std::exchange(value_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::optional<T> value_;
};

template <class T>
class Published {
 public:
  void publish(std::shared_ptr<const T> value) {
    {
      std::scoped_lock lock(mutex_);
      value_.swap(value);
    }  // the old value dies here, outside the lock
  }
  [[nodiscard]] std::shared_ptr<const T> load() const {
    std::scoped_lock lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace base

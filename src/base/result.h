// Result<T>: a value, or one sentence that says what failed, why, and what to do about it.
// For everything the world can refuse (files, models, devices, flags). Bugs use CHECK instead. Any thread.
#pragma once
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace base {

struct Error {
  std::string what;        // the thing, named: "The model assets/x.onnx cannot be opened"
  std::string why;         // the reason: "the file ends inside node 12"
  std::string what_to_do;  // the next step, with the valid choices where a name was wrong; may be empty

  // "What: why. What to do.", on one line, with control characters and bytes that are not UTF-8 escaped.
  [[nodiscard]] std::string sentence() const;
  bool operator==(const Error&) const = default;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T& value() {
    CHECK(ok(), error().sentence());
    return std::get<0>(state_);
  }
  const T& value() const {
    CHECK(ok(), error().sentence());
    return std::get<0>(state_);
  }
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}

  [[nodiscard]] bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  Error error_;
  bool ok_ = true;
};

using Status = Result<void>;

}  // namespace base

#include "app/frame_times.h"

#include <algorithm>
#include <cmath>

namespace app {
namespace {

constexpr std::size_t kKept = 8192;

std::vector<double> column(const std::vector<FrameTime>& times, double FrameTime::*member) {
  std::vector<double> values;
  values.reserve(times.size());
  for (const FrameTime& time : times) values.push_back(time.*member);
  return values;
}

}  // namespace

Percentiles percentiles(std::vector<double> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto rank = [&](double share) {
    const auto nearest = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    return values[std::clamp<std::size_t>(nearest, 1, values.size()) - 1];
  };
  return {rank(0.50), rank(0.99), values.back()};
}

void FrameTimes::add(const FrameTime& time) {
  if (kept_.size() < kKept) {
    kept_.push_back(time);
  } else {
    kept_[total_ % kKept] = time;
  }
  ++total_;
}

void FrameTimes::clear() {
  kept_.clear();
  total_ = 0;
}

Percentiles FrameTimes::work_ms() const {
  return percentiles(column(kept_, &FrameTime::work_ms));
}
Percentiles FrameTimes::device_wait_ms() const {
  return percentiles(column(kept_, &FrameTime::device_wait_ms));
}
Percentiles FrameTimes::screen_wait_ms() const {
  return percentiles(column(kept_, &FrameTime::screen_wait_ms));
}
Percentiles FrameTimes::present_ms() const {
  return percentiles(column(kept_, &FrameTime::present_ms));
}

}  // namespace app

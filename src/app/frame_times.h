// How long frames take: work is events polled → submit returned, without waiting; what was waited for the device and
// for the screen is kept apart, and so is the present call. The last few thousand frames. UI thread.
#pragma once
#include <cstddef>
#include <vector>

namespace app {

struct FrameTime {
  double work_ms = 0.0;
  double device_wait_ms = 0.0;  // for the frame before the last to be drawn
  double screen_wait_ms = 0.0;  // for a picture of the window to draw into
  double present_ms = 0.0;      // submit returned → present returned
};

struct Percentiles {
  double p50 = 0.0;
  double p99 = 0.0;
  double max = 0.0;
};
// Nearest rank; zeros when there is nothing.
Percentiles percentiles(std::vector<double> values);

class FrameTimes {
 public:
  void add(const FrameTime& time);
  void clear();
  [[nodiscard]] std::size_t count() const { return total_; }  // of all frames added, also those no longer kept
  [[nodiscard]] Percentiles work_ms() const;
  [[nodiscard]] Percentiles device_wait_ms() const;
  [[nodiscard]] Percentiles screen_wait_ms() const;
  [[nodiscard]] Percentiles present_ms() const;

 private:
  std::vector<FrameTime> kept_;  // a ring
  std::size_t total_ = 0;
};

}  // namespace app

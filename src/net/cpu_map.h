// Maps in memory as the loops of the CPU see them: floats, cells of a map somewhere, and the region of a map that an
// operator computes. Torch-free; plain values that own nothing but Floats.
#pragma once
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "net/changed_region.h"

namespace net::cpu {

// Floats for vector loads: aligned to a cache line, their contents undefined, never shrinking.
class Floats {
 public:
  Floats() = default;
  Floats(Floats&& other) noexcept
      : values_(std::move(other.values_)), capacity_(std::exchange(other.capacity_, std::size_t{0})) {}
  Floats& operator=(Floats&& other) noexcept {
    values_ = std::move(other.values_);
    capacity_ = std::exchange(other.capacity_, std::size_t{0});
    return *this;
  }
  ~Floats() = default;
  float* of(std::size_t count) {  // at least as many; forgets what was there
    if (count > capacity_) {
      capacity_ = 0;
      values_.reset();
      values_.reset(static_cast<float*>(::operator new(count * sizeof(float), kAlignment)));
      capacity_ = count;
    }
    return values_.get();
  }
  [[nodiscard]] float* data() const { return values_.get(); }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(float* values) const { ::operator delete(values, kAlignment); }
  };
  std::unique_ptr<float, Free> values_;
  std::size_t capacity_ = 0;
};

// Cells of a map somewhere in memory. `area` says which they are.
struct MapView {
  const float* first = nullptr;  // of the cell at the area's corner
  std::ptrdiff_t row_pitch = 0;  // in floats
  std::ptrdiff_t pixel_pitch = 0;
  Rect area;

  [[nodiscard]] const float* at(int row, int col) const {
    return first + (row - area.row) * row_pitch + (col - area.col) * pixel_pitch;
  }
};

// What is computed: `channels` floats a cell. Only the first cell of `flat` is computed there.
struct Region {
  Rect rect;
  Rect flat;
  int channels = 0;
  float* first = nullptr;  // of the cell at the rectangle's corner
  std::ptrdiff_t row_pitch = 0;
  std::ptrdiff_t pixel_pitch = 0;

  [[nodiscard]] float* at(int row, int col) const {
    return first + (row - rect.row) * row_pitch + (col - rect.col) * pixel_pitch;
  }
};

// The cells to compute, as stretches of a row: all but those that repeat the first cell of `flat`.
template <class Work>
void each_stretch(const Region& region, const Work& work) {
  const Rect& rect = region.rect;
  const Rect& flat = region.flat;
  for (int row = rect.row; row < rect.end_row(); ++row) {
    if (flat.empty() || row < flat.row || row >= flat.end_row()) {
      work(row, rect.col, rect.cols);
      continue;
    }
    const int before = flat.col - rect.col + (row == flat.row ? 1 : 0), after = rect.end_col() - flat.end_col();
    if (before > 0) work(row, rect.col, before);
    if (after > 0) work(row, flat.end_col(), after);
  }
}

template <class Work>
void each_cell(const Region& region, const Work& work) {
  each_stretch(region, [&](int row, int col, int count) {
    for (int c = col; c < col + count; ++c) work(row, c);
  });
}

// Copies the first cell of the flat part over the rest of it.
void repeat_flat(const Region& region);

// Room for one operator at a time.
struct Scratch {
  std::vector<const float*> in, cells;
  std::vector<float*> out;
  std::vector<std::ptrdiff_t> offsets;
  Floats transformed, products, line;
};

}  // namespace net::cpu

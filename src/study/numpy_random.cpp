#include "study/numpy_random.h"

#include <bit>
#include <numeric>
#include <utility>

namespace study {

NumpyRandom::NumpyRandom(std::uint32_t seed) {
  words_[0] = seed;
  for (std::size_t i = 1; i < kWords; ++i)
    words_[i] = 1812433253U * (words_[i - 1] ^ (words_[i - 1] >> 30)) + static_cast<std::uint32_t>(i);
}

void NumpyRandom::refill() {
  constexpr std::size_t kShift = 397;
  for (std::size_t i = 0; i < kWords; ++i) {
    const std::uint32_t mixed = (words_[i] & 0x80000000U) | (words_[(i + 1) % kWords] & 0x7fffffffU);
    words_[i] = words_[(i + kShift) % kWords] ^ (mixed >> 1) ^ ((mixed & 1U) != 0U ? 0x9908b0dfU : 0U);
  }
  next_ = 0;
}

std::uint32_t NumpyRandom::bits() {
  if (next_ == kWords) refill();
  std::uint32_t word = words_[next_++];
  word ^= word >> 11;
  word ^= (word << 7) & 0x9d2c5680U;
  word ^= (word << 15) & 0xefc60000U;
  return word ^ (word >> 18);
}

std::uint32_t NumpyRandom::at_most(std::uint32_t largest) {
  const int width = std::bit_width(largest);
  const std::uint32_t mask = width == 32 ? 0xffffffffU : (1U << width) - 1U;
  std::uint32_t drawn = bits() & mask;
  while (drawn > largest) drawn = bits() & mask;
  return drawn;
}

std::vector<int> NumpyRandom::permutation(int count) {
  std::vector<int> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[at_most(static_cast<std::uint32_t>(i - 1))]);
  return order;
}

}  // namespace study

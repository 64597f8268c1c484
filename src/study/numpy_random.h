// NumPy's legacy RandomState, as much of it as the published study drew with: MT19937 seeded by one number, and
// permutation() by Fisher-Yates from the end with masked rejection. For bins that must be those of the paper (protocol
// 1.3, test vectors in 1.15); everything of our own draws from base::Rng. One thread an instance.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace study {

class NumpyRandom {
 public:
  explicit NumpyRandom(std::uint32_t seed);  // numpy.random.seed(seed)
  // A shuffled 0 … count − 1: numpy.random.permutation(count).
  std::vector<int> permutation(int count);

 private:
  std::uint32_t bits();
  std::uint32_t at_most(std::uint32_t largest);
  void refill();

  static constexpr std::size_t kWords = 624;
  std::array<std::uint32_t, kWords> words_{};
  std::size_t next_ = kWords;
};

}  // namespace study

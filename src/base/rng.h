// Seeded random numbers with our own generator and distributions, so that a seed means the same numbers with every
// standard library. xoshiro256** seeded by SplitMix64 (Blackman & Vigna 2018). One thread an instance.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace base {

class Rng {
 public:
  explicit Rng(std::uint64_t seed);
  // An independent stream for a named purpose, so that adding draws to one purpose does not move another's.
  Rng(std::uint64_t seed, std::string_view purpose);

  std::uint64_t bits();
  double uniform();                         // [0, 1), 53 bits
  double uniform(double low, double high);  // [low, high)
  int below(int bound);                     // 0 … bound − 1, without modulo bias; bound > 0
  double normal();                          // mean 0, standard deviation 1 (Box–Muller, both values used)

  bool operator==(const Rng&) const = default;

 private:
  std::array<std::uint64_t, 4> state_{};
  double spare_normal_ = 0.0;
  bool has_spare_ = false;
};

}  // namespace base

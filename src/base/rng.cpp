#include "base/rng.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "base/check.h"
#include "base/hash.h"

namespace base {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed) {
  for (auto& word : state_) word = split_mix(seed);
}

Rng::Rng(std::uint64_t seed, std::string_view purpose) : Rng(seed ^ hash64(purpose)) {}

std::uint64_t Rng::bits() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Rng::uniform() {
  return static_cast<double>(bits() >> 11) * 0x1.0p-53;
}

double Rng::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

int Rng::below(int bound) {
  CHECK(bound > 0, "Rng::below needs a positive bound");
  const auto range = static_cast<std::uint64_t>(bound);
  const std::uint64_t limit = ~std::uint64_t{0} - (~std::uint64_t{0} % range + 1) % range;
  std::uint64_t draw = bits();
  while (draw > limit) draw = bits();
  return static_cast<int>(draw % range);
}

double Rng::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  const double angle_rad = 2.0 * std::numbers::pi * uniform();
  spare_normal_ = radius * std::sin(angle_rad);
  has_spare_ = true;
  return radius * std::cos(angle_rad);
}

}  // namespace base

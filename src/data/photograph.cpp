#include "data/photograph.h"

#include <algorithm>
#include <cstdlib>

namespace data {
namespace {

struct Statistics {
  long long pixels = 0;
  long long colours = 0;
  long long pairs = 0;
  long long alike = 0;  // pairs of horizontal neighbours that differ by one level at most

  [[nodiscard]] double share_alike() const {
    return pairs == 0 ? 1.0 : static_cast<double>(alike) / static_cast<double>(pairs);
  }
};

// `channels` is 3, or 4 where only opaque pixels count.
Statistics statistics(const std::vector<std::uint8_t>& bytes, core::Size size, std::size_t channels, int colour_bits) {
  constexpr std::uint8_t kOpaque = 250;
  Statistics found;
  std::vector<bool> seen(std::size_t{1} << (3 * colour_bits));
  const std::uint8_t* p = bytes.data();
  for (int y = 0; y < size.height_px; ++y) {
    bool left_counts = false;
    for (int x = 0; x < size.width_px; ++x, p += channels) {
      const bool counts = channels == 3 || p[3] >= kOpaque;
      if (counts) {
        ++found.pixels;
        std::size_t colour = 0;
        int difference = 0;
        for (std::size_t c = 0; c < 3; ++c) {
          colour = colour << colour_bits | static_cast<std::size_t>(p[c] >> (8 - colour_bits));
          if (left_counts) difference = std::max(difference, std::abs(p[c] - *(p + c - channels)));
        }
        if (!seen[colour]) ++found.colours;
        seen[colour] = true;
        if (left_counts) ++found.pairs;
        if (left_counts && difference <= 1) ++found.alike;
      }
      left_counts = counts;
    }
  }
  return found;
}

}  // namespace

bool is_photographic(const core::Cutout& cutout) {
  constexpr int kSmallestLongSide_px = 88, kSmallestShortSide_px = 48;
  const auto [shorter, longer] = std::minmax(cutout.size.width_px, cutout.size.height_px);
  if (longer < kSmallestLongSide_px || shorter < kSmallestShortSide_px) return false;
  const Statistics found = statistics(cutout.rgba, cutout.size, 4, 6);
  return found.pixels >= 1500 && found.colours >= 500 && found.share_alike() <= 0.2;
}

bool is_photographic(const core::Image& image) {
  const Statistics found = statistics(image.rgb, image.size, 3, 5);
  return found.colours >= 250 && found.share_alike() <= 0.9;
}

}  // namespace data

#include "data/composite.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"

namespace data {
namespace {

std::size_t index_of(core::Size size, int x, int y) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width_px) + static_cast<std::size_t>(x);
}

// A resized cut-out: colours multiplied by alpha, and alpha, both 0 … 255.
struct Layer {
  core::Image colours;
  std::vector<float> alpha;
};

Layer resized(const core::Cutout& object, core::Size size) {
  core::Image colours = core::make_image(object.size), alpha = core::make_image(object.size);
  for (std::size_t i = 0; i < object.rgba.size() / 4; ++i) {
    const int a = object.rgba[4 * i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      colours.rgb[3 * i + c] = static_cast<std::uint8_t>((object.rgba[4 * i + c] * a + 127) / 255);
      alpha.rgb[3 * i + c] = static_cast<std::uint8_t>(a);
    }
  }
  Layer layer{core::resize(colours, size), {}};
  const core::Image resized_alpha = core::resize(alpha, size);
  for (std::size_t i = 0; i < resized_alpha.rgb.size(); i += 3)
    layer.alpha.push_back(static_cast<float>(resized_alpha.rgb[i]));
  return layer;
}

// Cut-outs carry a fringe of the background that they were cut from: the edge moves in by a fraction of a pixel and
// runs out softly.
std::vector<float> softened(const std::vector<float>& alpha, core::Size size) {
  constexpr std::array<float, 3> kBinomial = {0.25F, 0.5F, 0.25F};
  std::vector<float> soft(alpha.size());
  for (int y = 0; y < size.height_px; ++y) {
    for (int x = 0; x < size.width_px; ++x) {
      float blurred = 0.0F;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          const bool inside = x + dx >= 0 && x + dx < size.width_px && y + dy >= 0 && y + dy < size.height_px;
          if (!inside) continue;
          blurred += kBinomial[static_cast<std::size_t>(dx + 1)] * kBinomial[static_cast<std::size_t>(dy + 1)] *
                     alpha[index_of(size, x + dx, y + dy)];
        }
      }
      const std::size_t i = index_of(size, x, y);
      soft[i] = std::min(alpha[i], std::max(0.0F, (blurred - 40.0F) * (255.0F / 200.0F)));
    }
  }
  return soft;
}

// How the object's colours are scaled: a quarter of the way to the mean of what it covers, at most a sixth.
std::array<float, 3> tint(const core::Image& background, const Layer& layer, int x_px, int y_px) {
  std::array<double, 3> object{}, around{};
  double weight = 0.0;
  const core::Size size = layer.colours.size;
  for (int y = 0; y < size.height_px; ++y) {
    for (int x = 0; x < size.width_px; ++x) {
      const double alpha = layer.alpha[index_of(size, x, y)] / 255.0;
      weight += alpha;
      for (std::size_t c = 0; c < 3; ++c) {
        object[c] += layer.colours.pixel(x, y)[c];
        around[c] += alpha * background.pixel(x_px + x, y_px + y)[c];
      }
    }
  }
  std::array<float, 3> gain{};
  for (std::size_t c = 0; c < 3; ++c) {
    const double ratio = (around[c] + 16.0 * weight) / (object[c] + 16.0 * weight + 1.0);
    gain[c] = static_cast<float>(std::clamp(std::sqrt(std::sqrt(ratio)), 0.85, 1.15));
  }
  return gain;
}

}  // namespace

core::Cutout trimmed(const core::Cutout& cutout) {
  constexpr std::uint8_t kVisible = 8;
  int left = cutout.size.width_px, top = cutout.size.height_px, right = -1, bottom = -1;
  for (int y = 0; y < cutout.size.height_px; ++y) {
    for (int x = 0; x < cutout.size.width_px; ++x) {
      if (cutout.rgba[4 * index_of(cutout.size, x, y) + 3] < kVisible) continue;
      left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
    }
  }
  if (right < 0) return {};
  core::Cutout part{{right - left + 1, bottom - top + 1}, {}};
  for (int y = top; y <= bottom; ++y) {
    const auto row = cutout.rgba.begin() + static_cast<std::ptrdiff_t>(4 * index_of(cutout.size, left, y));
    part.rgba.insert(part.rgba.end(), row, row + 4 * part.size.width_px);
  }
  return part;
}

core::Cutout mirrored(core::Cutout cutout) {
  for (int y = 0; y < cutout.size.height_px; ++y) {
    for (int x = 0; x < cutout.size.width_px / 2; ++x) {
      const auto left = cutout.rgba.begin() + static_cast<std::ptrdiff_t>(4 * index_of(cutout.size, x, y));
      const auto right =
          cutout.rgba.begin() + static_cast<std::ptrdiff_t>(4 * index_of(cutout.size, cutout.size.width_px - 1 - x, y));
      std::swap_ranges(left, left + 4, right);
    }
  }
  return cutout;
}

Composite lay_over(const core::Image& background, const core::Cutout& object, int x_px, int y_px, core::Size size) {
  CHECK(x_px >= 0 && y_px >= 0 && x_px + size.width_px <= background.size.width_px &&
            y_px + size.height_px <= background.size.height_px,
        "the object lies inside the background");
  const Layer layer = resized(object, size);
  const std::vector<float> alpha = softened(layer.alpha, size);
  const auto gain = tint(background, layer, x_px, y_px);
  Composite composite{background, core::make_image(background.size)};
  for (int y = 0; y < size.height_px; ++y) {
    for (int x = 0; x < size.width_px; ++x) {
      const std::size_t i = index_of(size, x, y);
      if (alpha[i] <= 0.0F) continue;
      std::uint8_t* to = composite.picture.pixel(x_px + x, y_px + y);
      const float share = alpha[i] / 255.0F;
      for (std::size_t c = 0; c < 3; ++c) {
        const float own = gain[c] * 255.0F * static_cast<float>(layer.colours.pixel(x, y)[c]) / layer.alpha[i];
        const float mixed = share * std::min(own, 255.0F) + (1.0F - share) * static_cast<float>(to[c]);
        to[c] = static_cast<std::uint8_t>(mixed + 0.5F);
      }
      if (share >= 0.5F) std::fill_n(composite.mask.pixel(x_px + x, y_px + y), 3, std::uint8_t{255});
    }
  }
  return composite;
}

}  // namespace data

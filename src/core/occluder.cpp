#include "core/occluder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/rng.h"

namespace core {
namespace {

using Colour = std::array<std::uint8_t, 3>;

struct FillWords {
  Fill fill;
  std::string_view word;
  std::string_view label;
};
constexpr FillWords kFillWords[] = {{Fill::patch_mean, "patch-mean", "mean of covered"},
                                    {Fill::image_mean, "image-mean", "mean of picture"},
                                    {Fill::grey, "grey", "grey"},
                                    {Fill::black, "black", "black"},
                                    {Fill::noise, "noise", "noise"},
                                    {Fill::blur, "blur", "blur of covered"}};

const FillWords& words_of(Fill fill) {
  return *std::ranges::find(kFillWords, fill, &FillWords::fill);
}

// Per channel, rounded to the nearest byte (halves up).
Colour mean_colour(const Image& picture, const Occluder& area, int width_px) {
  std::array<std::uint64_t, 3> sum{};
  for (int y = area.y_px; y < area.y_px + area.side_px; ++y) {
    const std::uint8_t* p = picture.pixel(area.x_px, y);
    for (int x = 0; x < width_px; ++x, p += 3)
      for (std::size_t c = 0; c < 3; ++c) sum[c] += p[c];
  }
  const std::uint64_t count = static_cast<std::uint64_t>(area.side_px) * static_cast<std::uint64_t>(width_px);
  Colour mean{};
  for (std::size_t c = 0; c < 3; ++c) mean[c] = static_cast<std::uint8_t>((2 * sum[c] + count) / (2 * count));
  return mean;
}

void paint(Image& picture, const Occluder& area, const Colour& colour) {
  for (int y = area.y_px; y < area.y_px + area.side_px; ++y) {
    std::uint8_t* p = picture.pixel(area.x_px, y);
    for (int x = 0; x < area.side_px; ++x, p += 3) std::ranges::copy(colour, p);
  }
}

// The pattern belongs to the occluder, not to the place: drawn anew from the seed, row by row, eight bytes a draw.
void paint_noise(Image& picture, const Occluder& area, std::uint64_t seed) {
  base::Rng rng(seed, "occluder noise");
  std::uint64_t bits = 0;
  int bytes_left = 0;
  for (int y = area.y_px; y < area.y_px + area.side_px; ++y) {
    std::uint8_t* p = picture.pixel(area.x_px, y);
    for (int i = 0; i < 3 * area.side_px; ++i) {
      if (bytes_left == 0) {
        bits = rng.bits();
        bytes_left = 8;
      }
      p[i] = static_cast<std::uint8_t>(bits & 0xff);
      bits >>= 8;
      --bytes_left;
    }
  }
}

std::vector<float> gaussian(float sigma_px) {
  const int radius = std::max(1, static_cast<int>(std::ceil(3.0F * sigma_px)));
  std::vector<float> weights;
  float sum = 0.0F;
  for (int i = -radius; i <= radius; ++i) {
    weights.push_back(std::exp(-0.5F * static_cast<float>(i * i) / (sigma_px * sigma_px)));
    sum += weights.back();
  }
  for (float& w : weights) w /= sum;
  return weights;
}

// What lies around the square shines into it; the picture's border is repeated beyond its edge.
void paint_blur(Image& picture, const Image& original, const Occluder& area) {
  const std::vector<float> weights = gaussian(static_cast<float>(area.side_px) / 8.0F);
  const int radius = static_cast<int>(weights.size()) / 2;
  const std::size_t row_floats = 3 * static_cast<std::size_t>(area.side_px);
  const auto column = [&](int x) { return std::clamp(x, 0, original.size.width_px - 1); };
  const auto line = [&](int y) { return std::clamp(y, 0, original.size.height_px - 1); };

  const int first = line(area.y_px - radius), last = line(area.y_px + area.side_px - 1 + radius);
  std::vector<float> across(row_floats * static_cast<std::size_t>(last - first + 1));
  for (int y = first; y <= last; ++y) {
    float* out = across.data() + row_floats * static_cast<std::size_t>(y - first);
    for (int x = 0; x < area.side_px; ++x, out += 3) {
      for (int i = -radius; i <= radius; ++i) {
        const std::uint8_t* p = original.pixel(column(area.x_px + x + i), y);
        const float w = weights[static_cast<std::size_t>(i + radius)];
        for (std::size_t c = 0; c < 3; ++c) out[c] += w * static_cast<float>(p[c]);
      }
    }
  }
  std::vector<float> sum(row_floats);
  for (int y = area.y_px; y < area.y_px + area.side_px; ++y) {
    std::ranges::fill(sum, 0.5F);  // rounds to the nearest byte below
    for (int i = -radius; i <= radius; ++i) {
      const float* row = across.data() + row_floats * static_cast<std::size_t>(line(y + i) - first);
      const float w = weights[static_cast<std::size_t>(i + radius)];
      for (std::size_t k = 0; k < row_floats; ++k) sum[k] += w * row[k];
    }
    std::uint8_t* p = picture.pixel(area.x_px, y);
    for (std::size_t k = 0; k < row_floats; ++k) p[k] = static_cast<std::uint8_t>(std::min(sum[k], 255.0F));
  }
}

}  // namespace

std::string_view to_string(Fill fill) {
  return words_of(fill).word;
}
std::string_view label_of(Fill fill) {
  return words_of(fill).label;
}

base::Result<Fill> parse_fill(std::string_view text) {
  std::string valid;
  for (const FillWords& words : kFillWords) {
    if (words.word == text) return words.fill;
    valid += (valid.empty() ? "" : ", ") + std::string(words.word);
  }
  return base::Error{"The fill \"" + std::string(text) + "\" is not known", "there is none of that name",
                     "Choose one of " + valid + "."};
}

int side_from_fraction(double fraction, Size picture) {
  const int shorter_px = std::min(picture.width_px, picture.height_px);
  // The study's 30 % of 224 is 66 px where rounding gives 67; its 40 % and 50 % are what rounding gives.
  if (shorter_px == 224 && std::abs(fraction - 0.3) < 1e-9) return 66;
  return static_cast<int>(std::lround(fraction * shorter_px));
}

Occluder clamp_inside(Occluder occluder, Size picture) {
  occluder.side_px = std::clamp(occluder.side_px, 0, std::min(picture.width_px, picture.height_px));
  occluder.x_px = std::clamp(occluder.x_px, 0, picture.width_px - occluder.side_px);
  occluder.y_px = std::clamp(occluder.y_px, 0, picture.height_px - occluder.side_px);
  return occluder;
}

Image occlude(const Image& picture, const Occluder& occluder, Fill fill, std::uint64_t seed) {
  Image occluded = picture;
  const Occluder area = clamp_inside(occluder, picture.size);
  if (area.side_px == 0) return occluded;
  switch (fill) {
    case Fill::patch_mean:
      paint(occluded, area, mean_colour(picture, area, area.side_px));
      break;
    case Fill::image_mean:
      paint(occluded, area, mean_colour(picture, {0, 0, picture.size.height_px}, picture.size.width_px));
      break;
    case Fill::grey:
      paint(occluded, area, {128, 128, 128});
      break;
    case Fill::black:
      paint(occluded, area, {0, 0, 0});
      break;
    case Fill::noise:
      paint_noise(occluded, area, seed);
      break;
    case Fill::blur:
      paint_blur(occluded, picture, area);
      break;
  }
  return occluded;
}

int positions_along(int length_px, int side_px, int stride_px) {
  CHECK(stride_px > 0, "a grid of positions needs a positive stride");
  return side_px > length_px ? 0 : (length_px - side_px) / stride_px + 1;
}

Map interpolated(const OcclusionMap& map) {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  Map out = make_map(map.values.rows, map.values.cols, kNaN);
  if (map.complete_stride_px == 0) return out;
  const int step = map.complete_stride_px / map.stride_px;
  const int last_row = (out.rows - 1) / step * step, last_col = (out.cols - 1) / step * step;
  for (int row = 0; row < out.rows; ++row) {
    const int above = row / step * step, below = std::min(above + step, last_row);
    const float down = static_cast<float>(row - above) / static_cast<float>(step);
    for (int col = 0; col < out.cols; ++col) {
      if (const float exact = map.values.at(row, col); !std::isnan(exact)) {
        out.at(row, col) = exact;
        continue;
      }
      const int left = col / step * step, right = std::min(left + step, last_col);
      const float along = static_cast<float>(col - left) / static_cast<float>(step);
      const float top = std::lerp(map.values.at(above, left), map.values.at(above, right), along);
      const float bottom = std::lerp(map.values.at(below, left), map.values.at(below, right), along);
      out.at(row, col) = std::lerp(top, bottom, down);
    }
  }
  return out;
}

Map complete_grid(const OcclusionMap& map) {
  if (map.complete_stride_px == 0) return {};
  const int step = map.complete_stride_px / map.stride_px;
  Map out = make_map((map.values.rows - 1) / step + 1, (map.values.cols - 1) / step + 1, 0.0F);
  for (int row = 0; row < out.rows; ++row)
    for (int col = 0; col < out.cols; ++col) out.at(row, col) = map.values.at(row * step, col * step);
  return out;
}

double share_above(const OcclusionMap& map, float value) {
  int exact = 0, above = 0;
  for (const float cell : map.values.values) {
    if (std::isnan(cell)) continue;
    ++exact;
    above += cell > value ? 1 : 0;
  }
  return exact == 0 ? 0.0 : static_cast<double>(above) / exact;
}

}  // namespace core

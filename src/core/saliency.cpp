#include "core/saliency.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <vector>

#include "core/image_io.h"

namespace core {
namespace {

constexpr int kSide = 64;
constexpr int kSmoothRadius = 8;
constexpr double kSmoothSigma = 2.5;

using Complex = std::complex<double>;
template <class T>
using Grid = std::vector<T>;  // [kSide, kSide]

std::size_t at(int row, int col) {
  return static_cast<std::size_t>(row * kSide + col);
}
int wrapped(int index) {
  return (index + kSide) % kSide;
}

// The two-dimensional discrete Fourier transform by its definition, rows then columns: at this size that is fast
// enough. sign −1 forward, +1 back (not divided by the number of cells).
Grid<Complex> transformed(const Grid<Complex>& cells, int sign) {
  std::array<Complex, kSide> turn;
  for (int i = 0; i < kSide; ++i)
    turn[static_cast<std::size_t>(i)] = std::polar(1.0, sign * 2.0 * std::numbers::pi * i / kSide);
  const auto along = [&](const Grid<Complex>& from, bool rows) {
    Grid<Complex> to(from.size());
    for (int line = 0; line < kSide; ++line)
      for (int k = 0; k < kSide; ++k) {
        Complex sum = 0.0;
        for (int i = 0; i < kSide; ++i)
          sum += from[rows ? at(line, i) : at(i, line)] * turn[static_cast<std::size_t>(i * k % kSide)];
        to[rows ? at(line, k) : at(k, line)] = sum;
      }
    return to;
  };
  return along(along(cells, true), false);
}

Grid<Complex> small_grey(const Image& picture) {
  const Image small = resize(picture, {kSide, kSide});
  Grid<Complex> grey;
  for (std::size_t i = 0; i < small.rgb.size(); i += 3)
    grey.emplace_back((0.299 * small.rgb[i] + 0.587 * small.rgb[i + 1] + 0.114 * small.rgb[i + 2]) / 255.0);
  return grey;
}

// The log spectrum less its own 3 × 3 mean, with the phase kept.
Grid<Complex> residual(const Grid<Complex>& spectrum) {
  // Far below the mean amplitude a logarithm is rounding, and a frequency beside it would stand out for nothing.
  constexpr double kLeastShare = 0.01;
  const double total = std::accumulate(spectrum.begin(), spectrum.end(), 0.0,
                                       [](double sum, const Complex& value) { return sum + std::abs(value); });
  const double least = kLeastShare * total / static_cast<double>(spectrum.size());
  Grid<double> logs;
  for (const Complex& value : spectrum) logs.push_back(std::log(std::max(least, std::abs(value))));
  Grid<Complex> result(spectrum.size());
  for (int row = 0; row < kSide; ++row)
    for (int col = 0; col < kSide; ++col) {
      double sum = 0.0;
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) sum += logs[at(wrapped(row + dy), wrapped(col + dx))];
      result[at(row, col)] = std::polar(std::exp(logs[at(row, col)] - sum / 9.0), std::arg(spectrum[at(row, col)]));
    }
  return result;
}

// A separable Gaussian; beyond the border the nearest cell.
Grid<double> smoothed(Grid<double> cells) {
  std::array<double, 2 * kSmoothRadius + 1> weights{};
  for (int i = -kSmoothRadius; i <= kSmoothRadius; ++i)
    weights[static_cast<std::size_t>(i + kSmoothRadius)] = std::exp(-i * i / (2.0 * kSmoothSigma * kSmoothSigma));
  const double whole = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (const bool rows : {true, false}) {
    Grid<double> next(cells.size());
    for (int row = 0; row < kSide; ++row)
      for (int col = 0; col < kSide; ++col) {
        double sum = 0.0;
        for (int i = -kSmoothRadius; i <= kSmoothRadius; ++i) {
          const int y = rows ? row : std::clamp(row + i, 0, kSide - 1),
                    x = rows ? std::clamp(col + i, 0, kSide - 1) : col;
          sum += weights[static_cast<std::size_t>(i + kSmoothRadius)] * cells[at(y, x)];
        }
        next[at(row, col)] = sum / whole;
      }
    cells = std::move(next);
  }
  return cells;
}

// Cell centres to pixel centres, bilinear, the nearest beyond the outer centres.
double between(const Grid<double>& cells, double y, double x) {
  const double top = std::clamp(y, 0.0, kSide - 1.0), left = std::clamp(x, 0.0, kSide - 1.0);
  const int row = std::min(static_cast<int>(top), kSide - 2), col = std::min(static_cast<int>(left), kSide - 2);
  const double down = top - row, right = left - col;
  return (1.0 - down) * ((1.0 - right) * cells[at(row, col)] + right * cells[at(row, col + 1)]) +
         down * ((1.0 - right) * cells[at(row + 1, col)] + right * cells[at(row + 1, col + 1)]);
}

}  // namespace

Map spectral_residual(const Image& picture) {
  Map map = make_map(picture.size.height_px, picture.size.width_px, 1.0F);
  const Grid<Complex> grey = small_grey(picture);
  if (std::ranges::all_of(grey, [&](const Complex& value) { return value == grey.front(); })) return map;
  Grid<double> energy;
  for (const Complex& value : transformed(residual(transformed(grey, -1)), 1)) energy.push_back(std::norm(value));
  const Grid<double> cells = smoothed(std::move(energy));
  const double mean = std::accumulate(cells.begin(), cells.end(), 0.0) / static_cast<double>(cells.size());
  for (int y = 0; y < map.rows; ++y)
    for (int x = 0; x < map.cols; ++x)
      map.at(y, x) = static_cast<float>(
          between(cells, (y + 0.5) * kSide / map.rows - 0.5, (x + 0.5) * kSide / map.cols - 0.5) / mean);
  return map;
}

}  // namespace core

// The loops of cpu_kernels.h, once for every kind of CPU: cpu_kernels_*.cpp define UNITSCOPE_LANES, UNITSCOPE_TILE and
// UNITSCOPE_KERNELS and include this. It includes nothing that has inline functions, which the linker could otherwise
// take from a file that other CPUs cannot run.
#pragma once
#include "net/cpu_kernels.h"

namespace net::cpu {
namespace {

constexpr int kLanes = UNITSCOPE_LANES;
typedef float Vec __attribute__((vector_size(kLanes * sizeof(float))));

inline Vec load(const float* from) {
  Vec v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

inline void store(float* to, Vec v) {
  __builtin_memcpy(to, &v, sizeof v);
}

inline void store_some(float* to, Vec v, int count) {
  if (count >= kLanes) return store(to, v);
  __builtin_memcpy(to, &v, static_cast<std::size_t>(count) * sizeof(float));
}

inline Vec all(float value) {
  Vec v;
  for (int i = 0; i < kLanes; ++i) v[i] = value;
  return v;
}

inline Vec rectified(Vec v) {
  return v < Vec{} ? Vec{} : v;
}

// ---- convolutions: a tile is kPixels pixels by kVectors vectors of channels, kept in registers -------------------

template <int kVectors, int kPixels>
void convolve_tile(const ConvolutionTask& task, const float* w, const float* bias, std::size_t first_pixel,
                   int first_channel) {
  Vec sum[kPixels][kVectors];
  const float* in[kPixels];
#pragma GCC unroll 32
  for (int p = 0; p < kPixels; ++p) {
    in[p] = task.in[first_pixel + static_cast<std::size_t>(p)];
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) sum[p][v] = bias != nullptr ? load(bias + v * kLanes) : Vec{};
  }
  for (std::size_t run = 0; run < task.runs; ++run) {
    const std::ptrdiff_t offset = task.offsets[run];
    for (std::ptrdiff_t k = offset, end = offset + task.run_length; k < end; ++k) {
      Vec weights[kVectors];
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) weights[v] = load(w + v * kLanes);
      w += kVectors * kLanes;
#pragma GCC unroll 32
      for (int p = 0; p < kPixels; ++p) {
        const float x = in[p][k];
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) sum[p][v] += weights[v] * x;
      }
    }
  }
#pragma GCC unroll 32
  for (int p = 0; p < kPixels; ++p) {
    float* out = task.out[first_pixel + static_cast<std::size_t>(p)] + first_channel;
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) {
      const Vec result = task.relu ? rectified(sum[p][v]) : sum[p][v];
      store_some(out + v * kLanes, result, task.channels - first_channel - v * kLanes);
    }
  }
}

// The pixels from `first` on in tiles of kPixels; what remains is shared out to one smaller tile.
template <int kVectors, int kPixels>
void convolve_rest(const ConvolutionTask& task, const float* w, const float* bias, std::size_t first, std::size_t count,
                   int first_channel) {
  if (count == kPixels) return convolve_tile<kVectors, kPixels>(task, w, bias, first, first_channel);
  if constexpr (kPixels > 1) convolve_rest<kVectors, kPixels - 1>(task, w, bias, first, count, first_channel);
}

template <int kVectors>
void convolve_block(const ConvolutionTask& task, const float* w, const float* bias, int first_channel) {
  constexpr std::size_t kPixels = UNITSCOPE_TILE / kVectors;
  const std::size_t count = task.pixels, tiles = (count + kPixels - 1) / kPixels;
  std::size_t first = 0;
  for (std::size_t tile = 0; tile < tiles; ++tile) {  // of nearly equal size
    const std::size_t size = (count - first + tiles - tile - 1) / (tiles - tile);
    convolve_rest<kVectors, kPixels>(task, w, bias, first, size, first_channel);
    first += size;
  }
}

void convolve(const ConvolutionTask& task) {
  const std::size_t k = task.runs * static_cast<std::size_t>(task.run_length);
  const int vectors = (task.channels + kLanes - 1) / kLanes;
  const int blocks = (vectors + kBlockVectors - 1) / kBlockVectors;
  const float* w = task.weights;
  for (int block = 0, first = 0; block < blocks; ++block) {
    const int size = (vectors - first + blocks - block - 1) / (blocks - block);
    const float* bias = task.bias != nullptr ? task.bias + first * kLanes : nullptr;
    switch (size) {
      case 1:
        convolve_block<1>(task, w, bias, first * kLanes);
        break;
      case 2:
        convolve_block<2>(task, w, bias, first * kLanes);
        break;
      case 3:
        convolve_block<3>(task, w, bias, first * kLanes);
        break;
      default:
        convolve_block<4>(task, w, bias, first * kLanes);
    }
    w += k * static_cast<std::size_t>(size * kLanes);
    first += size;
  }
}

inline float sum_of(Vec v) {
  float sum = 0.0F;
  for (int i = 0; i < kLanes; ++i) sum += v[i];
  return sum;
}

constexpr int kSums = 4;  // independent sums, because an addition waits for the one before

float dot(const float* a, const float* b, std::size_t count) {
  Vec sums[kSums] = {};
  std::size_t i = 0;
  for (; i + kSums * kLanes <= count; i += kSums * kLanes)
#pragma GCC unroll 4
    for (std::size_t s = 0; s < kSums; ++s) sums[s] += load(a + i + s * kLanes) * load(b + i + s * kLanes);
  for (; i + kLanes <= count; i += kLanes) sums[0] += load(a + i) * load(b + i);
  float sum = sum_of((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

void convolve_to_one(const ConvolutionTask& task) {
  for (std::size_t p = 0; p < task.pixels; ++p) {
    const float* w = task.weights;
    Vec sums[kSums] = {};
    float rest = task.bias != nullptr ? *task.bias : 0.0F;
    for (std::size_t run = 0; run < task.runs; ++run) {
      const float* x = task.in[p] + task.offsets[run];
      int i = 0;
      for (; i + kSums * kLanes <= task.run_length; i += kSums * kLanes)
#pragma GCC unroll 4
        for (int s = 0; s < kSums; ++s) sums[s] += load(x + i + s * kLanes) * load(w + i + s * kLanes);
      for (; i + kLanes <= task.run_length; i += kLanes) sums[0] += load(x + i) * load(w + i);
      for (; i < task.run_length; ++i) rest += x[i] * w[i];
      w += task.run_length;
    }
    const float sum = rest + sum_of((sums[0] + sums[1]) + (sums[2] + sums[3]));
    *task.out[p] = task.relu && sum < 0.0F ? 0.0F : sum;
  }
}

void convolve_depthwise(const ConvolutionTask& task) {
  for (std::size_t p = 0; p < task.pixels; ++p) {
    int c = 0;
    for (; c + kLanes <= task.channels; c += kLanes) {
      Vec sum = task.bias != nullptr ? load(task.bias + c) : Vec{};
      const float* w = task.weights + c;
      for (std::size_t run = 0; run < task.runs; ++run) {
        sum += load(task.in[p] + task.offsets[run] + c) * load(w);
        w += task.channels;
      }
      store(task.out[p] + c, task.relu ? rectified(sum) : sum);
    }
    for (; c < task.channels; ++c) {
      float sum = task.bias != nullptr ? task.bias[c] : 0.0F;
      const float* w = task.weights + c;
      for (std::size_t run = 0; run < task.runs; ++run) {
        sum += task.in[p][task.offsets[run] + c] * *w;
        w += task.channels;
      }
      task.out[p][c] = task.relu && sum < 0.0F ? 0.0F : sum;
    }
  }
}

// ---- pools -------------------------------------------------------------------------------------------------------

// work(Vec, i) for whole vectors of 0 … count, the last of them moved back so that it ends there; work(float, i) where
// there are too few. The results go elsewhere than the inputs, so that computing some twice does no harm.
template <class Work>
inline void each_vector(std::size_t count, const Work& work) {
  if (count < kLanes) {
    for (std::size_t i = 0; i < count; ++i) work(float{}, i);
    return;
  }
  for (std::size_t i = 0; i + kLanes <= count; i += kLanes) work(Vec{}, i);
  if (count % kLanes != 0) work(Vec{}, count - kLanes);
}

inline void read(float& value, const float* from) {
  value = *from;
}
inline void read(Vec& value, const float* from) {
  value = load(from);
}
inline void write(float value, float* to) {
  *to = value;
}
inline void write(Vec value, float* to) {
  store(to, value);
}

void maximum(const float* const* arrays, std::size_t array_count, std::size_t count, float* out) {
  each_vector(count, [&](auto most, std::size_t i) {
    read(most, arrays[0] + i);
    for (std::size_t k = 1; k < array_count; ++k) {
      auto x = most;
      read(x, arrays[k] + i);
      most = x > most ? x : most;
    }
    write(most, out + i);
  });
}

void sum(const float* const* arrays, std::size_t array_count, std::size_t count, float* out) {
  each_vector(count, [&](auto total, std::size_t i) {
    for (std::size_t k = 0; k < array_count; ++k) {
      auto x = total;
      read(x, arrays[k] + i);
      total += x;
    }
    write(total, out + i);
  });
}

// ---- local response normalization --------------------------------------------------------------------------------

inline Vec square_root(Vec v) {
  for (int i = 0; i < kLanes; ++i) v[i] = __builtin_sqrtf(v[i]);
  return v;
}

inline Vec to_the(Vec v, float exponent) {
  if (exponent == 0.5F) return square_root(v);
  if (exponent == 0.75F) {
    const Vec root = square_root(v);
    return root * square_root(root);
  }
  if (exponent == 1.0F) return v;
  for (int i = 0; i < kLanes; ++i) v[i] = __builtin_powf(v[i], exponent);
  return v;
}

void normalize(const LrnTask& task, const float* x, float* y, float* scratch) {
  const int vectors = (task.channels + kLanes - 1) / kLanes;
  float* squares = scratch + task.before;
  for (int i = 0; i < task.before; ++i) scratch[i] = 0.0F;
  int c = 0;
  for (; c + kLanes <= task.channels; c += kLanes) store(squares + c, load(x + c) * load(x + c));
  for (; c < task.channels; ++c) squares[c] = x[c] * x[c];
  for (; c < vectors * kLanes + task.after; ++c) squares[c] = 0.0F;
  for (int v = 0; v < vectors; ++v) {
    const float* window = scratch + v * kLanes;
    Vec sum = load(window);
    for (int i = 1; i <= task.before + task.after; ++i) sum += load(window + i);
    const Vec divisor = to_the(sum * task.factor + task.bias, task.beta);
    const int count = task.channels - v * kLanes;
    Vec own{};
    if (count >= kLanes)
      own = load(x + v * kLanes);
    else
      for (int i = 0; i < count; ++i) own[i] = x[v * kLanes + i];
    store_some(y + v * kLanes, own / divisor, count);
  }
}

// ---- Winograd ----------------------------------------------------------------------------------------------------
// Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016. Only sums and differences here.

template <class Value>
inline void transform_in(const Value (&d)[4][4], Value (&v)[4][4]) {
  Value t[4][4];
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {
    t[0][j] = d[0][j] - d[2][j];
    t[1][j] = d[1][j] + d[2][j];
    t[2][j] = d[2][j] - d[1][j];
    t[3][j] = d[1][j] - d[3][j];
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    v[i][0] = t[i][0] - t[i][2];
    v[i][1] = t[i][1] + t[i][2];
    v[i][2] = t[i][2] - t[i][1];
    v[i][3] = t[i][1] - t[i][3];
  }
}

template <class Value>
inline void transform_out(const Value (&m)[4][4], Value (&y)[2][2]) {
  Value t[2][4];
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {
    t[0][j] = m[0][j] + m[1][j] + m[2][j];
    t[1][j] = m[1][j] - m[2][j] - m[3][j];
  }
#pragma GCC unroll 2
  for (int i = 0; i < 2; ++i) {
    y[i][0] = t[i][0] + t[i][1] + t[i][2];
    y[i][1] = t[i][1] - t[i][2] - t[i][3];
  }
}

template <class Value>
inline void winograd_in_at(const float* in, std::ptrdiff_t row_pitch, std::ptrdiff_t pixel_pitch, float* out,
                           std::ptrdiff_t out_pitch) {
  Value d[4][4], v[4][4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) read(d[i][j], in + i * row_pitch + j * pixel_pitch);
  transform_in(d, v);
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) write(v[i][j], out + (4 * i + j) * out_pitch);
}

void winograd_in(const float* in, std::ptrdiff_t row_pitch, std::ptrdiff_t pixel_pitch, int channels, float* out,
                 std::ptrdiff_t out_pitch) {
  each_vector(static_cast<std::size_t>(channels), [&](auto kind, std::size_t c) {
    winograd_in_at<decltype(kind)>(in + c, row_pitch, pixel_pitch, out + c, out_pitch);
  });
}

template <class Value>
inline void winograd_out_at(const float* in, std::ptrdiff_t in_pitch, const float* bias, bool relu,
                            float* const (&out)[4], std::size_t channel) {
  Value m[4][4], y[2][2];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) read(m[i][j], in + (4 * i + j) * in_pitch);
  transform_out(m, y);
  Value add{};
  if (bias != nullptr) read(add, bias);
  for (int cell = 0; cell < 4; ++cell) {
    if (out[cell] == nullptr) continue;
    const Value sum = y[cell / 2][cell % 2] + add;
    write(relu ? (sum < Value{} ? Value{} : sum) : sum, out[cell] + channel);
  }
}

void winograd_out(const float* in, std::ptrdiff_t in_pitch, const float* bias, int channels, bool relu,
                  float* const (&out)[4]) {
  each_vector(static_cast<std::size_t>(channels), [&](auto kind, std::size_t c) {
    winograd_out_at<decltype(kind)>(in + c, in_pitch, bias != nullptr ? bias + c : nullptr, relu, out, c);
  });
}

}  // namespace

extern const Kernels UNITSCOPE_KERNELS = {
    UNITSCOPE_NAME, kLanes, convolve,    convolve_to_one, convolve_depthwise, maximum, sum,
    normalize,      dot,    winograd_in, winograd_out};

}  // namespace net::cpu

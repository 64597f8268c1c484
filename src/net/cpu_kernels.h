// The inner loops of the network on the CPU, for each kind of CPU that we compile them for, on plain float32 pointers.
// A pixel is its channels side by side. Every function computes a pixel from its inputs alone and always in the same
// order, so that the result does not depend on which other pixels are computed with it: a changed region recomputed
// alone equals the whole map bit by bit (cpu_pass.h). Torch-free; no state, any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace net::cpu {

// Output channels of a convolution as the loops take them: in blocks of at most kBlockVectors vectors.
inline constexpr int kBlockVectors = 4;

// A pixel's input is `runs` stretches of run_length floats, each at in[pixel] + offsets[run]; a packed weight holds
// runs · run_length vectors of output channels in the same order (pack_weights), a bias whole vectors of them.
struct ConvolutionTask {
  const float* weights = nullptr;
  const float* bias = nullptr;  // null: 0
  const std::ptrdiff_t* offsets = nullptr;
  std::size_t runs = 0;
  int run_length = 0;
  int channels = 0;  // of the output
  bool relu = false;
  const float* const* in = nullptr;
  float* const* out = nullptr;
  std::size_t pixels = 0;
};

struct LrnTask {
  int channels = 0;
  int before = 0, after = 0;  // channels on either side that a sum reaches
  float factor = 0.0F, bias = 1.0F, beta = 0.75F;
};

struct Kernels {
  const char* name;
  int lanes;  // floats of a vector
  void (*convolve)(const ConvolutionTask& task);
  // One output channel: weights are the runs as they lie, bias one float or null.
  void (*convolve_to_one)(const ConvolutionTask& task);
  void (*convolve_depthwise)(const ConvolutionTask& task);  // weights [offsets, channels], run_length 1
  // Of each of `count` places the largest value, or the sum, of one array or more. What a maximum makes of NaN is not
  // defined.
  void (*maximum)(const float* const* arrays, std::size_t array_count, std::size_t count, float* out);
  void (*sum)(const float* const* arrays, std::size_t array_count, std::size_t count, float* out);
  // x / (bias + factor · sum of squares)^beta. `scratch` holds channels + before + after + 2 · lanes floats.
  void (*normalize)(const LrnTask& task, const float* x, float* y, float* scratch);
  float (*dot)(const float* a, const float* b, std::size_t count);
  // Winograd's F(2×2, 3×3): 4×4 cells of `in` to 16 transformed cells, and 16 products to 2×2 cells. Pitches in floats.
  void (*winograd_in)(const float* in, std::ptrdiff_t row_pitch, std::ptrdiff_t pixel_pitch, int channels, float* out,
                      std::ptrdiff_t out_pitch);
  void (*winograd_out)(const float* in, std::ptrdiff_t in_pitch, const float* bias, int channels, bool relu,
                       float* const (&out)[4]);  // null: that cell is not wanted
};

// The fastest that this CPU runs.
const Kernels& kernels();
// All that this CPU runs, the fastest first; for tests.
std::span<const Kernels* const> runnable_kernels();

// Weights [channels, k] (row-major, k in the order of the runs) to vectors of output channels; `packed` holds
// packed_size() floats.
std::size_t packed_size(const Kernels& kernels, int channels, std::size_t k);
void pack_weights(const Kernels& kernels, const float* weights, int channels, std::size_t k, float* packed);

extern const Kernels kPlainKernels;
#if defined(__x86_64__)
extern const Kernels kAvx2Kernels, kAvx512Kernels;
#endif

}  // namespace net::cpu

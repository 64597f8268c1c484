#include "net/cpu_kernels.h"

#include <algorithm>
#include <vector>

namespace net::cpu {

std::span<const Kernels* const> runnable_kernels() {
  static const std::vector<const Kernels*> runnable = [] {
    std::vector<const Kernels*> all;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw"))
      all.push_back(&kAvx512Kernels);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all.push_back(&kAvx2Kernels);
#endif
    all.push_back(&kPlainKernels);
    return all;
  }();
  return runnable;
}

const Kernels& kernels() {
  return *runnable_kernels().front();
}

std::size_t packed_size(const Kernels& kernels, int channels, std::size_t k) {
  const auto lanes = static_cast<std::size_t>(kernels.lanes);
  return (static_cast<std::size_t>(channels) + lanes - 1) / lanes * lanes * k;
}

void pack_weights(const Kernels& kernels, const float* weights, int channels, std::size_t k, float* packed) {
  const int vectors = (channels + kernels.lanes - 1) / kernels.lanes;
  const int blocks = (vectors + kBlockVectors - 1) / kBlockVectors;
  for (int block = 0, first = 0; block < blocks; ++block) {
    const int size = (vectors - first + blocks - block - 1) / (blocks - block);
    for (std::size_t i = 0; i < k; ++i)
      for (int lane = 0; lane < size * kernels.lanes; ++lane) {
        const int channel = first * kernels.lanes + lane;
        *packed++ = channel < channels ? weights[static_cast<std::size_t>(channel) * k + i] : 0.0F;
      }
    first += size;
  }
}

}  // namespace net::cpu

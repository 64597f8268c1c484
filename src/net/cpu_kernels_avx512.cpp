#if defined(__x86_64__)
#define UNITSCOPE_NAME "avx512"
#define UNITSCOPE_LANES 16
#define UNITSCOPE_TILE 24  // vectors of sums that fit the registers beside weights
#define UNITSCOPE_KERNELS kAvx512Kernels
#include "net/cpu_kernels_loops.h"
#endif

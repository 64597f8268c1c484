#if defined(__x86_64__)
#define UNITSCOPE_NAME "avx2"
#define UNITSCOPE_LANES 8
#define UNITSCOPE_TILE 12  // vectors of sums that fit the registers beside weights
#define UNITSCOPE_KERNELS kAvx2Kernels
#include "net/cpu_kernels_loops.h"
#endif

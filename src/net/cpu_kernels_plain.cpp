#define UNITSCOPE_NAME "plain"
#define UNITSCOPE_LANES 4
#define UNITSCOPE_TILE 12  // vectors of sums that fit the registers beside weights
#define UNITSCOPE_KERNELS kPlainKernels
#include "net/cpu_kernels_loops.h"

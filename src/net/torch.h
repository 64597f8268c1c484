// LibTorch, without the CHECK that it may bring along from glog: ours is in base/check.h. Precompiled, so it comes
// first in every file that names torch. Private to the folder.
#pragma once
#include <torch/torch.h>

#ifdef CHECK
#undef CHECK
#endif

// Shares work out to the threads that set_threads_here() gave the calling thread. The pieces are independent of each
// other, so that results do not depend on how many threads there are. Hides LibTorch's pool of threads from files that
// need nothing else of it.
#pragma once
#include <cstdint>
#include <functional>

namespace net {

// work(first, end) for pieces of 0 … count; a piece is worth a thread from `grain` on. Nested calls run on their
// thread.
void parallel_for(std::int64_t count, std::int64_t grain, const std::function<void(std::int64_t, std::int64_t)>& work);

}  // namespace net

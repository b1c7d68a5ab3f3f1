#include "sim/base/memory.h"

#if defined(__linux__)
#include <sys/mman.h>

#include <cstdint>
#endif

namespace trustfall {

void prefer_large_pages([[maybe_unused]] const void* from, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__)
  constexpr std::uintptr_t page = std::uintptr_t{2} << 20;
  const auto first = (reinterpret_cast<std::uintptr_t>(from) + page - 1) / page * page;
  const auto last = (reinterpret_cast<std::uintptr_t>(from) + bytes) / page * page;
  if (first >= last) return;
  void* const start = reinterpret_cast<void*>(first);
  // At once where the system can do that (Linux 6.1), otherwise when it comes to it. A refusal is no failure.
  constexpr int collapse = 25;
  if (madvise(start, last - first, MADV_HUGEPAGE) == 0) madvise(start, last - first, collapse);
#endif
}

}  // namespace trustfall

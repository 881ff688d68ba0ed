#pragma once
#include <cstddef>
#include <cstdint>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace krylov {

inline constexpr std::size_t kLargePage = std::size_t{1} << 21;
inline constexpr std::size_t kWorthLargePages = 2 * kLargePage;  // bytes

// Memory that was never touched comes a page at a time: 4 KB at up to 5 us each in a virtual machine, a quarter of the
// time of a batch of square roots; and what is read in no order misses its page's address with every entry. NumPy asks
// for large pages likewise. Where there are none nothing changes.
inline void ask_for_large_pages(void* data, std::size_t bytes) {
#if defined(__linux__)
  if (bytes < kWorthLargePages) return;
  const std::uintptr_t from = reinterpret_cast<std::uintptr_t>(data);
  const std::uintptr_t begin = (from + kLargePage - 1) / kLargePage * kLargePage;
  const std::uintptr_t end = (from + bytes) / kLargePage * kLargePage;
  if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
#else
  static_cast<void>(data);
  static_cast<void>(bytes);
#endif
}

}  // namespace krylov

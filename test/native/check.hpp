#pragma once
#include <atomic>
#include <cstdio>

// Counts what does not hold; a test program returns `failed()`.
inline std::atomic<int> failures{0};

inline void check(bool holds, const char* what) {
  if (holds) return;
  if (failures++ < 20) std::printf("FAILED: %s\n", what);
}

inline int failed() {
  std::printf(failures == 0 ? "passed\n" : "%d failed\n", failures.load());
  return failures == 0 ? 0 : 1;
}

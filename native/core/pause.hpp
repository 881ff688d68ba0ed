#pragma once
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace krylov {

// One turn of a spin loop: tells the processor that nothing else is being done.
inline void spin_pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace krylov

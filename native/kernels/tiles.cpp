#include "kernels/tiles.hpp"

namespace krylov {

namespace portable {
extern const Tiles table;
}
#if defined(__x86_64__)
namespace avx2 {
extern const Tiles table;
}
namespace avx512 {
extern const Tiles table;
}
#endif

// By feature bits, never by model number: virtual machines mask the latter.
const Tiles& tiles() {
#if defined(__x86_64__)
  static const Tiles& chosen =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
          ? avx512::table
      : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? avx2::table
                                                                        : portable::table;
  return chosen;
#else
  return portable::table;
#endif
}

}  // namespace krylov

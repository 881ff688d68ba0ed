// Philox 4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011), as published in
// Random123. A bijection of 128-bit counters under a 64-bit key: no state, so any entry of any stream is reached at
// once and in any order. Twin of src/core/philox.ts, operation for operation.
#pragma once

#include <array>
#include <cstdint>

namespace krylov {

using Philox = std::array<std::uint32_t, 4>;

// lowest word first, in counter, key and result
inline Philox philox(Philox c, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; round++) {
    const std::uint64_t p0 = 0xd2511f53ULL * c[0];
    const std::uint64_t p1 = 0xcd9e8d57ULL * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9e3779b9U;
    key[1] += 0xbb67ae85U;
  }
  return c;
}

}  // namespace krylov

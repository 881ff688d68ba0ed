// Samples as functions of (seed, stream, index): entry i depends on nothing else, so that any thread may draw any part.
// The seed is Philox's key, the stream the upper half of its counter; a block of four words makes entries 2j and
// 2j + 1. To be compiled with -ffp-contract=off. Twin of src/core/random.ts, operation for operation.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include "elementary.hpp"
#include "philox.hpp"

namespace krylov {

namespace sampling {

inline Philox block(std::uint64_t j, std::uint64_t seed, std::uint64_t stream) {
  const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
  const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
  return philox({low(j), high(j), low(stream), high(stream)}, {low(seed), high(seed)});
}

// 53 bits of two words as a double in (0, 1): k / 2^53, and 2^-54 in place of 0
inline double unit(std::uint32_t upper, std::uint32_t lower) {
  const double k = static_cast<double>(upper >> 5) * 67108864.0 + static_cast<double>(lower >> 6);
  return k == 0.0 ? 5.551115123125783e-17 : k * 1.1102230246251565e-16;
}

template <class Even, class Odd>
void fill(std::span<double> out, std::uint64_t seed, std::uint64_t stream, std::uint64_t first, Even even, Odd odd) {
  for (std::size_t i = 0; i < out.size();) {
    const std::uint64_t index = first + i;
    const Philox b = block(index / 2, seed, stream);
    if (index % 2 == 0) out[i++] = even(b);
    if (i < out.size()) out[i++] = odd(b);
  }
}

}  // namespace sampling

// out: output, entries first, first + 1, ... of a stream of uniform doubles in (0, 1)
inline void fillUniform(std::span<double> out, std::uint64_t seed, std::uint64_t stream = 0, std::uint64_t first = 0) {
  using sampling::unit;
  sampling::fill(
      out, seed, stream, first, [](const Philox& b) { return unit(b[0], b[1]); },
      [](const Philox& b) { return unit(b[2], b[3]); });
}

// out: output, entries first, first + 1, ... of a stream of standard normals (Box and Muller 1958)
inline void fillNormal(std::span<double> out, std::uint64_t seed, std::uint64_t stream = 0, std::uint64_t first = 0) {
  using sampling::unit;
  const auto radius = [](const Philox& b) { return std::sqrt(-2.0 * krylov::log(unit(b[0], b[1]))); };
  sampling::fill(
      out, seed, stream, first, [=](const Philox& b) { return radius(b) * cosTurns(unit(b[2], b[3])); },
      [=](const Philox& b) { return radius(b) * sinTurns(unit(b[2], b[3])); });
}

}  // namespace krylov

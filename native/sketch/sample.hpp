#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "sketch/operators.hpp"

// The entries of the operators, each a function of the state and its place. Twin of src/sketch/sample.ts, operation for
// operation. To be compiled with -ffp-contract=off.
namespace krylov {

// An entry of a column: its row times two, plus one where it is negative.
using PackedEntry = std::uint32_t;

class Drawing {
 public:
  explicit Drawing(const SketchState& state)
      : seed_(static_cast<std::uint64_t>(state.seed)), stream_(static_cast<std::uint64_t>(state.stream)) {}
  Philox block(std::uint64_t index) const { return sampling::block(index, seed_, stream_); }
  std::uint64_t seed() const { return seed_; }
  std::uint64_t stream() const { return stream_; }

 private:
  std::uint64_t seed_, stream_;
};

// 0 to n - 1
inline std::uint32_t below(std::uint32_t word, std::uint32_t n) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(word) * n >> 32);
}

inline PackedEntry packed(std::uint32_t row, std::uint32_t word) { return row << 1 | (word & 1U); }

// The entries of column j to `out`, in the order in which they are drawn; returns how many.
inline std::size_t draw_column(const SparseStack& S, std::uint64_t j, PackedEntry* out) {
  const Drawing drawing(S.state);
  const std::uint64_t rows = S.rows, zeta = S.zeta, blocks = (zeta + 3) / 4;
  const auto start = [&](std::uint64_t z) { return static_cast<std::uint32_t>(rows * z / zeta); };
  Philox words{};
  for (std::uint64_t z = 0; z < zeta; z++) {
    if (z % 4 == 0) words = drawing.block(j * blocks + z / 4);
    const std::uint32_t word = words[z % 4];
    out[z] = packed(start(z) + below(word, start(z + 1) - start(z)), word);
  }
  return zeta;
}

inline std::size_t draw_column(const Sjlt& S, std::uint64_t j, PackedEntry* out) {
  constexpr std::size_t kMost = 64;
  const Drawing drawing(S.state);
  const std::size_t zeta = std::min<std::size_t>(S.zeta, kMost), blocks = (zeta + 3) / 4;
  std::array<std::uint32_t, kMost> taken;
  Philox words{};
  for (std::size_t z = 0; z < zeta; z++) {
    if (z % 4 == 0) words = drawing.block(j * blocks + z / 4);
    const std::uint32_t word = words[z % 4];
    std::uint32_t row = below(word, static_cast<std::uint32_t>(S.rows - z));
    std::size_t k = 0;
    for (; k < z && taken[k] <= row; k++) row++;
    std::copy_backward(taken.begin() + k, taken.begin() + z, taken.begin() + z + 1);
    taken[k] = row;
    out[z] = packed(row, word);
  }
  return zeta;
}

inline std::size_t draw_column(const VerySparse& S, std::uint64_t j, PackedEntry* out) {
  const Drawing drawing(S.state);
  const std::uint64_t blocks = (static_cast<std::uint64_t>(S.rows) + 3) / 4;
  const double limit = S.density * 2147483648.0;
  std::size_t count = 0;
  Philox words{};
  for (Index i = 0; i < S.rows; i++) {
    if (i % 4 == 0) words = drawing.block(j * blocks + i / 4);
    const std::uint32_t word = words[i % 4];
    if (static_cast<double>(word >> 1) < limit) out[count++] = packed(static_cast<std::uint32_t>(i), word);
  }
  return count;
}

// Column j of a Gaussian, standard normals.
inline void draw_column(const Gaussian& S, std::uint64_t j, std::span<double> out) {
  const Drawing drawing(S.state);
  fillNormal(out, drawing.seed(), drawing.stream(), j * static_cast<std::uint64_t>(S.rows));
}

}  // namespace krylov

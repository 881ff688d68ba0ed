#pragma once
#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/control.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

constexpr std::size_t kTransposed = 8;             // rows and columns at a time: a cache line either way
constexpr std::size_t kTransposedPiece = 1 << 16;  // entries that a thread takes at a time

// B = A^T: A m x n and B n x m, both by rows; or A by rows into A by columns. Traffic: A and B once.
inline void transpose(Control& control, const double* a, std::size_t m, std::size_t n, double* b) {
  if (m == 0 || n == 0) return;
  const std::size_t strip = std::max(kTransposed, kTransposedPiece / n / kTransposed * kTransposed);
  control.crew.run((m + strip - 1) / strip, [&](std::size_t first, std::size_t last) {
    const std::size_t from = first * strip;
    tiles().turn(a + from * n, n, std::min(last * strip, m) - from, n, b + from, m);
  });
}

// R by rows, k x n, from the upper triangle of W by columns, ld rows.
inline void copy_upper(const double* w, std::size_t ld, std::size_t k, std::size_t n, double* r) {
  for (std::size_t i = 0; i < k; i += kTransposed)
    for (std::size_t j = 0; j < n; j += kTransposed)
      for (std::size_t p = i; p < std::min(i + kTransposed, k); p++)
        for (std::size_t q = j; q < std::min(j + kTransposed, n); q++) r[p * n + q] = q < p ? 0 : w[p + q * ld];
}

// A = A^T in place of a square matrix: whole blocks are read by rows, and written by rows, through registers.
inline void transpose(double* a, std::size_t n) {
  constexpr std::size_t b = kTransposed;
  for (std::size_t i = 0; i < n; i += b) {
    for (std::size_t r = i; r < std::min(i + b, n); r++)
      for (std::size_t c = r + 1; c < std::min(i + b, n); c++) std::swap(a[r * n + c], a[c * n + r]);
    for (std::size_t j = i + b; j < n; j += b) {
      if (j + b > n) {
        for (std::size_t r = i; r < i + b; r++)
          for (std::size_t c = j; c < n; c++) std::swap(a[r * n + c], a[c * n + r]);
        continue;
      }
      double upper[b * b];
      tiles().turn(a + i * n + j, n, b, b, upper, b);
      tiles().turn(a + j * n + i, n, b, b, a + i * n + j, n);
      for (std::size_t r = 0; r < b; r++) std::copy_n(upper + r * b, b, a + (j + r) * n + i);
    }
  }
}

}  // namespace krylov

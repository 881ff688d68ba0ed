#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/buffer.hpp"
#include "core/lookout.hpp"
#include "dense/blas.hpp"

namespace krylov {

constexpr std::size_t kLine = 8;  // doubles of a cache line

// Calls body(i, work) for every matrix of a batch, each on one thread, with `doubles` of workspace: matrices are copied
// there, so that LAPACK sees the same alignment whatever else is in the batch.
template <class Body>
void for_each_matrix(Control& control, std::size_t count, std::size_t doubles, Body&& body) {
  Lookout lookout(control);
  control.crew.run(count, [&](std::size_t first, std::size_t last) {
    Buffer<double> work(doubles + kLine);
    const std::size_t off = reinterpret_cast<std::uintptr_t>(work.data()) / sizeof(double) % kLine;
    for (; first < last && !lookout.look(); first++) body(first, work.data() + (kLine - off) % kLine);
  });
  lookout.rethrow();
}

constexpr std::size_t kTile = 16;  // rows and columns that are read both ways while they are in the cache

// body(at, across, r, c) for every r >= c, at being that entry by rows and across its mirror image.
template <class Body>
void for_each_pair(std::size_t n, Body&& body) {
  for (std::size_t i = 0; i < n; i += kTile)
    for (std::size_t j = 0; j <= i; j += kTile)
      for (std::size_t r = i; r < std::min(i + kTile, n); r++)
        for (std::size_t c = j; c < std::min(j + kTile, r + 1); c++) body(r * n + c, c * n + r, r, c);
}

// S = (A + A^T) / 2; finds the largest difference from it and the largest entry, NaN where one is not finite.
struct Symmetrised {
  double asymmetry = 0, largest = 0;
};
inline Symmetrised symmetrise(const double* a, std::size_t n, double* s) {
  Symmetrised found;
  double doubt = 0;
  for_each_pair(n, [&](std::size_t at, std::size_t across, std::size_t, std::size_t) {
    const double x = a[at], y = a[across];
    found.asymmetry = std::max(found.asymmetry, std::abs(x - y));
    found.largest = std::max({found.largest, std::abs(x), std::abs(y)});
    doubt += x * 0 + y * 0;
    s[at] = s[across] = 0.5 * x + 0.5 * y;
  });
  if (!(doubt == 0)) found.largest = std::numeric_limits<double>::quiet_NaN();
  return found;
}

// X's upper triangle becomes a copy of its lower one.
inline void mirror(double* x, std::size_t n) {
  for_each_pair(n, [&](std::size_t at, std::size_t across, std::size_t, std::size_t) { x[across] = x[at]; });
}

// The lower triangle of C = A B, both of the order of C, where the whole is known to be symmetric: by halves, down to
// blocks where that saves nothing any more. Up to 0.55 of the product's flops.
inline void lower_product(const Operand& A, const Operand& B, double* c, std::size_t ldc, std::size_t n,
                          std::size_t k) {
  constexpr std::size_t kWhole = 48;
  if (n <= kWhole) return multiply(1, A, B, 0, c, ldc, n, n, k);
  const std::size_t half = (n / 2 + kLine - 1) / kLine * kLine;
  const Operand below{A.row(half), A.stride, A.transposed}, right{B.column(half), B.stride, B.transposed};
  lower_product(A, B, c, ldc, half, k);
  multiply(1, below, B, 0, c + half * ldc, ldc, n - half, half, k);
  lower_product(below, right, c + half * ldc + half, ldc, n - half, k);
}

}  // namespace krylov

#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/buffer.hpp"
#include "core/control.hpp"
#include "core/lookout.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

constexpr std::size_t kLine = 8;  // doubles of a cache line

// The first double of a cache line.
inline double* aligned(double* work) {
  const std::size_t off = reinterpret_cast<std::uintptr_t>(work) / sizeof(double) % kLine;
  return work + (kLine - off) % kLine;
}

// Calls body(i, work) for every matrix of a batch, each on one thread, with `doubles` of workspace: matrices are copied
// there, so that LAPACK sees the same alignment whatever else is in the batch.
template <class Body>
void for_each_matrix(Control& control, std::size_t count, std::size_t doubles, Body&& body) {
  Lookout lookout(control);
  control.crew.run(count, [&](std::size_t first, std::size_t last) {
    Buffer<double> work(doubles + kLine);
    for (; first < last && !lookout.look(); first++) body(first, aligned(work.data()));
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
  double facts[2];
  tiles().symmetrise(a, n, s, facts);
  return {facts[0], facts[1]};
}

// X's lower triangle becomes a copy of its upper one.
inline void mirror(double* x, std::size_t n) {
  for (std::size_t i = 0; i < n; i += kTile) {
    const std::size_t m = std::min(kTile, n - i);
    tiles().turn(x + i, n, i, m, x + i * n, n);
    for (std::size_t r = i; r < i + m; r++)
      for (std::size_t c = i; c < r; c++) x[r * n + c] = x[c * n + r];
  }
}

// Products on one thread: with AVX-512 97 GF at n = 128, where an OpenBLAS that takes the processor for a Haswell has
// 50. Sums run over the rows of both factors.
class Products {
 public:
  // Doubles of workspace for matrices up to n x n.
  static std::size_t doubles(std::size_t n) {
    return rank_work(std::min(n, kBlock), std::min(n, kBlock)) + 2 * rounded(n);
  }

  Products(std::size_t n, double* work) : minus_(work), plus_(minus_ + rounded(n)), work_(plus_ + rounded(n)) {
    std::fill(minus_, plus_, -1.0);
    std::fill(plus_, work_, 1.0);
  }

  // C = A^T B, A k x m and B k x n, all by rows.
  struct Rows {
    const double* a;
    std::size_t ld, columns;
  };
  void cross(const Rows& A, const Rows& B, std::size_t k, double* c, std::size_t ldc) const {
    blocks(A, B, minus_, k, c, ldc, false, true);
  }
  // C += A^T B.
  void add(const Rows& A, const Rows& B, std::size_t k, double* c, std::size_t ldc) const {
    blocks(A, B, minus_, k, c, ldc, false, false);
  }
  // C -= A^T B.
  void subtract(const Rows& A, const Rows& B, std::size_t k, double* c, std::size_t ldc) const {
    blocks(A, B, plus_, k, c, ldc, false, false);
  }
  // The upper triangle of C = A^T B, all n x n, where the whole is known to be symmetric.
  void symmetric(const double* a, const double* b, std::size_t n, double* c) const {
    blocks({a, n, n}, {b, n, n}, minus_, n, c, n, true, true);
  }
  // That of C = -A^T diag(d) A.
  void negative_congruent(const double* a, const double* d, std::size_t n, double* c) const {
    blocks({a, n, n}, {a, n, n}, d, n, c, n, true, true);
  }

 private:
  static constexpr std::size_t kBlock = 240;  // rows and columns of C at a time; packed they stay in a second cache
  static std::size_t rounded(std::size_t n) { return (n + kLine - 1) / kLine * kLine; }

  void blocks(const Rows& A, const Rows& B, const double* d, std::size_t k, double* c, std::size_t ldc, bool upper,
              bool overwrite) const {
    for (std::size_t i = 0; i < A.columns; i += kBlock)
      for (std::size_t j = upper ? i : 0; j < B.columns; j += kBlock) {
        const std::size_t rows = std::min(kBlock, A.columns - i), columns = std::min(kBlock, B.columns - j);
        tiles().rank_update(c + i * ldc + j, ldc, columns, rows, B.a + j, B.ld, A.a + i, A.ld, d, k,
                            upper && i == j ? 0 : rows, overwrite, work_);
      }
  }

  double *minus_, *plus_, *work_;
};

}  // namespace krylov

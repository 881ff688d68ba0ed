#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "dense/blas.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

// Eigenvalues and vectors of a small symmetric matrix on this thread: dstedc, as in dsyevd, between a tridiagonal form
// that is found in one pass over the matrix for each column, where dsytrd makes two and takes 2.5 times as long at
// n = 128, and products alone that take the vectors back through the reflections: dormtr, with its triangular products
// and transposed copies, takes twice as long as they. Of larger matrices, beyond a second cache, dsytrd.
class Eigenbasis {
 public:
  explicit Eigenbasis(std::size_t n) : n_(n), ld_((n + kRowPad - 1) / kRowPad * kRowPad + kRowPad) {
    const int order = static_cast<int>(n);
    int info = 0, query = -1, integers = 0;
    double wanted = 0, other = 0;
    openblas().dsytrd("L", &order, nullptr, &order, nullptr, nullptr, nullptr, &wanted, &query, &info, 1);
    openblas().dstedc("I", &order, nullptr, nullptr, nullptr, &order, &other, &query, &integers, &query, &info, 1);
    size_ = static_cast<std::size_t>(std::max(wanted, other));
    integers_ = static_cast<std::size_t>(integers);
  }

  // From one row of A to the next.
  std::size_t stride() const { return ld_; }

  // Doubles of workspace that `compute` wants.
  std::size_t doubles() const {
    return (std::max(size_, 4 * ld_) + 7) / 8 * 8 + 2 * ld_ + 3 * n_ * kBlock + 2 * kBlock * kBlock;
  }

  // A, full, its rows `stride` long with zeros behind n and entries up to 2, is overwritten; rows of V are
  // eigenvectors. Returns what LAPACK says.
  int compute(double* A, double* w, double* V, double* work) const {
    double *const tau = work, *const e = tau + ld_, *const rest = e + ld_;
    std::vector<int> iwork(integers_);
    const int order = static_cast<int>(n_), size = static_cast<int>(size_), isize = static_cast<int>(integers_);
    const int stride = static_cast<int>(ld_);
    int info = 0;
    if (n_ < kPasses)
      tiles().tridiagonalise(A, ld_, n_, w, e, tau, rest);
    else
      openblas().dsytrd("L", &order, A, &stride, w, e, tau, rest, &size, &info, 1);
    openblas().dstedc("I", &order, w, e, V, &order, rest, &size, iwork.data(), &isize, &info, 1);
    if (info == 0) take_back(A, tau, V, rest);
    return info;
  }

 private:
  static constexpr std::size_t kBlock = 32, kPasses = 512;

  // V <- V (I - U T^T U^T) for the blocks of reflections U, the last first; column j of A holds u_j below the
  // subdiagonal, where it is one.
  void take_back(const double* A, const double* tau, double* V, double* work) const {
    if (n_ < 2) return;
    double *const U = work, *const W = U + n_ * kBlock, *const X = W + n_ * kBlock;
    double *const T = X + n_ * kBlock, *const S = T + kBlock * kBlock;
    const std::size_t all = n_ - 1;
    for (std::size_t block = (all + kBlock - 1) / kBlock; block-- > 0;) {
      const std::size_t j = block * kBlock, b = std::min(kBlock, all - j), m = all - j;
      for (std::size_t c = 0; c < b; c++) {
        const double* const column = A + (j + c) * ld_ + j + 1;
        for (std::size_t r = 0; r < m; r++) U[r * b + c] = r < c ? 0 : r == c ? 1 : column[r];
      }
      multiply(1, {U, b, true}, {U, b, false}, 0, S, b, b, b, m);
      triangle(S, tau + j, b, T);
      multiply(1, {V + j + 1, n_, false}, {U, b, false}, 0, W, b, n_, b, m);
      multiply(1, {W, b, false}, {T, b, true}, 0, X, b, n_, b, b);
      multiply(-1, {X, b, false}, {U, b, true}, 1, V + j + 1, n_, n_, m, b);
    }
  }

  // T, upper triangular, of H_1 .. H_b = I - U T U^T, from S = U^T U (Schreiber and Van Loan 1989).
  static void triangle(const double* S, const double* tau, std::size_t b, double* T) {
    std::fill(T, T + b * b, 0.0);
    for (std::size_t i = 0; i < b; i++) {
      for (std::size_t r = 0; r < i; r++) {
        double sum = 0;
        for (std::size_t k = r; k < i; k++) sum += T[r * b + k] * S[k * b + i];
        T[r * b + i] = -tau[i] * sum;
      }
      T[i * b + i] = tau[i];
    }
  }

  std::size_t n_, ld_, size_ = 0, integers_ = 0;
};

}  // namespace krylov

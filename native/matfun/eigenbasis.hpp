#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "dense/blas.hpp"
#include "dense/transpose.hpp"
#include "matfun/batch.hpp"

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
    const std::size_t back = Products::doubles(n_) + 3 * n_ * kBlock + 2 * kBlock * kBlock;
    return 2 * ld_ + (std::max({size_, 4 * ld_, back}) + kLine - 1) / kLine * kLine;
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

  // V <- V (I - U T^T U^T) for the blocks of reflections U, the last first; row j of A holds u_j from j + 1 on, where
  // it is one. In Z = V^T, so that all sums run over rows.
  void take_back(double* A, const double* tau, double* Z, double* work) const {
    if (n_ < 2) return;
    transpose(Z, n_);
    const Products products(n_, work);
    double *const U = work + Products::doubles(n_), *const W = U + n_ * kBlock, *const X = W + n_ * kBlock;
    double *const T = X + n_ * kBlock, *const S = T + kBlock * kBlock;
    const std::size_t all = n_ - 1;
    for (std::size_t block = (all + kBlock - 1) / kBlock; block-- > 0;) {
      const std::size_t j = block * kBlock, b = std::min(kBlock, all - j), m = all - j;
      double* const rows = A + j * ld_ + j + 1;  // U^T
      for (std::size_t c = 0; c < b; c++) {
        double* const row = rows + c * ld_;
        std::fill_n(row, c, 0.0);
        row[c] = 1;
        for (std::size_t r = 0; r < m; r++) U[r * b + c] = row[r];
      }
      products.cross({U, b, b}, {U, b, b}, m, S, b);
      triangle(S, tau + j, b, T);
      products.cross({U, b, b}, {Z + (j + 1) * n_, n_, n_}, m, W, n_);
      products.cross({T, b, b}, {W, n_, n_}, b, X, n_);
      products.subtract({rows, ld_, m}, {X, n_, n_}, b, Z + (j + 1) * n_, n_);
    }
    transpose(Z, n_);
  }

  // T^T, T upper triangular, of H_1 .. H_b = I - U T U^T, from S = U^T U (Schreiber and Van Loan 1989).
  static void triangle(const double* S, const double* tau, std::size_t b, double* T) {
    std::fill(T, T + b * b, 0.0);
    for (std::size_t i = 0; i < b; i++) {
      for (std::size_t r = 0; r < i; r++) {
        double sum = 0;
        for (std::size_t k = r; k < i; k++) sum += T[k * b + r] * S[k * b + i];
        T[i * b + r] = -tau[i] * sum;
      }
      T[i * b + i] = tau[i];
    }
  }

  std::size_t n_, ld_, size_ = 0, integers_ = 0;
};

}  // namespace krylov

#include <algorithm>
#include <cmath>

#include "dense/band_chase.hpp"
#include "dense/panels.hpp"
#include "dense/two_stage.hpp"

namespace krylov {
namespace {

constexpr std::size_t b = kTridiagonalBand / 2;

// A, m x n by columns, m >= n, n a multiple of b, becomes upper triangular with b diagonals above the main one.
class ToTriangularBand {
 public:
  ToTriangularBand(Control& control, double* a, std::size_t m, std::size_t n)
      : control_(control),
        a_(a),
        m_(m),
        n_(n),
        left_(control.arena.doubles(3 * m * b)),
        right_(control.arena.doubles(4 * n * b)),
        small_(control.arena.doubles(3 * b * b)) {}

  void reduce() {
    for (std::size_t k = 0; k < n_; k += b) {
      control_.poll();
      step(k);
    }
  }

 private:
  // Eliminates below the diagonal in columns [k, k + b), right of the band in these rows, and updates the rest:
  // A - V W^T - Z U^T.
  void step(std::size_t k) {
    const std::size_t rows = m_ - k, next = k + b, p = n_ - next, q = m_ - next;
    double *const V = left_.data(), *const low = V + rows * b, *const Z = low + q * b;
    double *const W = right_.data(), *const U = W + p * b, *const WV = U + p * b, *const across = WV + p * b;
    double *const T = small_.data(), *const G = T + b * b, *const T2 = G + b * b;
    panel_qr(a_ + k + k * m_, m_, rows, b, V, T);
    if (p == 0) return;
    for_each_piece(control_, next, n_, [&](std::size_t j, std::size_t end) {
      columns_product(1, {a_ + k + j * m_, m_, true}, {V, rows}, 0, WV + (j - next), p, end - j, b, rows);
    });
    columns_product(1, {WV, p}, {T, b}, 0, W, p, p, b, b);
    for (std::size_t j = 0; j < p; j++)
      for (std::size_t i = 0; i < b; i++) across[j + i * p] = a_[k + i + (next + j) * m_];
    columns_product(-1, {W, p}, {V, rows, true}, 1, across, p, p, b, b);
    panel_qr(across, p, p, b, U, T2);
    for (std::size_t i = 0; i < b; i++)
      for (std::size_t j = 0; j < b; j++) a_[k + i + (next + j) * m_] = across[j + i * p];
    for (std::size_t c = 0; c < b; c++) std::copy_n(V + b + c * rows, q, low + c * q);
    columns_product(1, {W, p, true}, {U, p}, 0, G, b, b, b, p);
    double* const product = V;  // which `low` has what is needed of
    for_each_piece(control_, next, m_, [&](std::size_t i, std::size_t end) {
      double* const rows_of = product + (i - next);
      columns_product(1, {a_ + i + next * m_, m_}, {U, p}, 0, rows_of, q, end - i, b, p);
      columns_product(-1, {low + (i - next), q}, {G, b}, 1, rows_of, q, end - i, b, b);
    });
    columns_product(1, {product, q}, {T2, b}, 0, Z, q, q, b, b);
    for_each_piece(control_, next, n_, [&](std::size_t j, std::size_t end) {
      columns_product(-1, {low, q}, {W + (j - next), p, true}, 1, a_ + next + j * m_, m_, q, end - j, 2 * b);
    });
  }

  Control& control_;
  double* a_;
  std::size_t m_, n_;
  Vector left_, right_, small_;  // V, its lower rows, Z; W, U, products; T, products
};

}  // namespace

int two_stage_singular_values(Control& control, double* a, std::size_t m, std::size_t n, double* s) {
  const int exponent = scale_to_squarable(a, m * n);
  const std::size_t columns = (n + b - 1) / b * b, rows = std::max(m, columns);
  Vector padded;
  if (columns != n) {
    padded = control.arena.doubles(rows * columns);
    std::fill(padded.begin(), padded.end(), 0.0);
    for (std::size_t j = 0; j < n; j++) std::copy_n(a + j * m, m, padded.data() + j * rows);
  }
  double* const matrix = columns == n ? a : padded.data();
  ToTriangularBand(control, matrix, rows, columns).reduce();
  // of [0 B^T; B 0], rows and columns of B in turn: 2 b - 1 diagonals on either side
  SymmetricBand band(control, 2 * n);
  for (std::size_t j = 0; j < n; j++)
    for (std::size_t i = j < b ? 0 : j - b; i <= j; i++)
      band.set(std::max(2 * j, 2 * i + 1), std::min(2 * j, 2 * i + 1), matrix[i + j * rows]);
  const Vector w = control.arena.doubles(2 * n);
  const int info = band.eigenvalues(w.data());
  for (std::size_t i = 0; i < n; i++) s[i] = std::ldexp(std::max(0.0, w[2 * n - 1 - i]), exponent);
  return info;
}

}  // namespace krylov

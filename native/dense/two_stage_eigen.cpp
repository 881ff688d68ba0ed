#include <algorithm>
#include <cmath>

#include "dense/band_chase.hpp"
#include "dense/panels.hpp"
#include "dense/two_stage.hpp"

namespace krylov {
namespace {

constexpr std::size_t b = kTridiagonalBand;

// A by columns, of order n, a multiple of b, becomes a band in its lower triangle. The pieces on the diagonal are kept
// in full, so that everything is a product.
class ToBand {
 public:
  ToBand(Control& control, double* a, std::size_t n)
      : control_(control),
        a_(a),
        n_(n),
        sides_(control.arena.doubles(4 * n * b)),
        t_(control.arena.doubles(3 * b * b)) {}

  void reduce() {
    for_each_piece(control_, 0, n_, [&](std::size_t i, std::size_t end) {
      for (std::size_t c = i; c < end; c++)
        for (std::size_t r = i; r < c; r++) a_[r + c * n_] = a_[c + r * n_];
    });
    for (std::size_t k = 0; k + b < n_; k += b) {
      control_.poll();
      step(k + b);
    }
  }

 private:
  // Eliminates below the band in the b columns in front of `from`, and updates what is left.
  void step(std::size_t from) {
    const std::size_t m = n_ - from;
    double *const V = sides_.data(), *const Z = V + m * b, *const again = Z + m * b, *const VT = again + m * b;
    double *const T = t_.data(), *const X = T + b * b, *const S = X + b * b;
    panel_qr(a_ + from + (from - b) * n_, n_, m, b, V, T);
    std::copy_n(V, m * b, again);
    columns_product(1, {V, m}, {T, b}, 0, VT, m, m, b, b);
    for_each_piece(control_, from, n_, [&](std::size_t i, std::size_t end) {
      const std::size_t row = i - from, height = end - i;
      columns_product(1, {a_ + i + from * n_, n_}, {VT, m}, 0, Z + row, m, height, b, end - from);
      columns_product(1, {a_ + end + i * n_, n_, true}, {VT + row + height, m}, 1, Z + row, m, height, b, n_ - end);
    });
    columns_product(1, {V, m, true}, {Z, m}, 0, X, b, b, b, m);
    columns_product(1, {T, b, true}, {X, b}, 0, S, b, b, b, b);
    columns_product(-0.5, {V, m}, {S, b}, 1, Z, m, m, b, b);
    for_each_piece(control_, from, n_, [&](std::size_t j, std::size_t end) {
      const std::size_t row = j - from;
      columns_product(-1, {V + row, m}, {Z + row, m, true}, 1, a_ + j + j * n_, n_, n_ - j, end - j, 2 * b);
    });
  }

  Control& control_;
  double* a_;
  std::size_t n_;
  Vector sides_, t_;  // V, Z, V, V T; T and products of its order
};

}  // namespace

int two_stage_eigenvalues(Control& control, double* a, std::size_t n, double* w) {
  const int exponent = scale_to_squarable(a, n * n);
  const std::size_t m = (n + b - 1) / b * b;
  Vector padded;
  if (m != n) {
    padded = control.arena.doubles(m * m);
    std::fill(padded.begin(), padded.end(), 0.0);
    for (std::size_t j = 0; j < n; j++) std::copy(a + j * n + j, a + (j + 1) * n, padded.data() + j * m + j);
  }
  double* const matrix = m == n ? a : padded.data();
  ToBand(control, matrix, m).reduce();
  SymmetricBand band(control, n);
  for (std::size_t j = 0; j < n; j++)
    for (std::size_t i = j; i < std::min(j + b + 1, n); i++) band.set(i, j, matrix[i + j * m]);
  const int info = band.eigenvalues(w);
  for (std::size_t j = 0; j < n && exponent != 0; j++) w[j] = std::ldexp(w[j], exponent);
  return info;
}

}  // namespace krylov

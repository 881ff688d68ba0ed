#include "dense/panels.hpp"

#include <cmath>

namespace krylov {

void panel_qr(double* panel, std::size_t ld, std::size_t m, std::size_t b, double* V, double* T) {
  const int rows = static_cast<int>(m), columns = static_cast<int>(b), stride = static_cast<int>(ld);
  int info = 0;
  openblas().dgeqrt3(&rows, &columns, panel, &stride, T, &columns, &info);
  for (std::size_t c = 0; c < b; c++) {
    double* const column = panel + c * ld;
    for (std::size_t r = 0; r < m; r++) V[c * m + r] = r < c ? 0 : r == c ? 1 : column[r];
    std::fill(column + c + 1, column + m, 0.0);
    std::fill(T + c * b + c + 1, T + (c + 1) * b, 0.0);
  }
}

static constexpr int kSquarable = 300;  // exponents of what can be squared

int scale_to_squarable(double* a, std::size_t n) {
  double largest = 0;
  for (std::size_t at = 0; at < n; at++) largest = std::max(largest, std::abs(a[at]));
  const int exponent = largest > 0 ? std::ilogb(largest) : 0;
  if (std::abs(exponent) <= kSquarable) return 0;
  for (std::size_t at = 0; at < n; at++) a[at] = std::ldexp(a[at], -exponent);
  return exponent;
}

}  // namespace krylov

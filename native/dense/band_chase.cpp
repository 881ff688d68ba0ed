#include "dense/band_chase.hpp"

#include <algorithm>

namespace krylov {

int SymmetricBand::eigenvalues(double* w) {
  if (n_ >= 3) chase();
  const Vector e = control_.arena.doubles(n_);
  for (std::size_t j = 0; j < n_; j++) {
    const double* const column = &band_[kTridiagonalBand + j + j * kBandStride];
    w[j] = column[0];
    e[j] = j + 1 < n_ ? column[1] : 0;
  }
  const int order = static_cast<int>(n_);
  int info = 0;
  openblas().dsterf(&order, w, e.data(), &info);
  return info;
}

// Steps of all sweeps on their way may be done at the same time, each sweep two steps behind the last.
void SymmetricBand::chase() {
  constexpr std::size_t b = kTridiagonalBand, kState = b + kRowPad;
  const std::size_t sweeps = n_ - 2, slots = n_ / (2 * b) + 2;
  const Vector states = control_.arena.doubles(slots * kState);
  const auto steps_of = [&](std::size_t s) { return (n_ - s - 2) / b + 1; };
  std::size_t oldest = 0;
  for (std::size_t time = 0; oldest < sweeps; time++) {
    if (time % 64 == 0) control_.poll();
    const std::size_t begun = std::min(time / 2 + 1, sweeps);
    control_.crew.run(begun - oldest, [&, oldest](std::size_t at, std::size_t last) {
      for (; at < last; at++) {
        const std::size_t s = oldest + at, k = time - 2 * s;
        if (k < steps_of(s)) tiles().band_step(band_.data(), s, k, &states[s % slots * kState]);
      }
    });
    while (oldest < begun && time - 2 * oldest + 1 >= steps_of(oldest)) oldest++;
  }
}

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

int scale_to_squarable(double* a, std::size_t n) {
  double largest = 0;
  for (std::size_t at = 0; at < n; at++) largest = std::max(largest, std::abs(a[at]));
  const int exponent = largest > 0 ? std::ilogb(largest) : 0;
  if (std::abs(exponent) <= kSquarable) return 0;
  for (std::size_t at = 0; at < n; at++) a[at] = std::ldexp(a[at], -exponent);
  return exponent;
}

}  // namespace krylov

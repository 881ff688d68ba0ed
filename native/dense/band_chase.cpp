#include "dense/band_chase.hpp"

#include <algorithm>

#include "dense/blas.hpp"

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

}  // namespace krylov

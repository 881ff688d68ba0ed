#pragma once
#include "core/control.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

// A symmetric band of kTridiagonalBand diagonals on either side.
class SymmetricBand {
 public:
  SymmetricBand(Control& control, std::size_t n)
      : control_(control), n_(n), band_(control.arena.doubles((n + 3 * kTridiagonalBand) * kBandStride)) {
    std::fill(band_.begin(), band_.end(), 0.0);
  }

  // Entries (i, j) and (j, i), i >= j.
  void set(std::size_t i, std::size_t j, double value) {
    band_[kTridiagonalBand + i + j * kBandStride] = value;
    if (i - j < kTridiagonalBand) band_[kTridiagonalBand + j + i * kBandStride] = value;
  }

  // Ascending: a chase (Bischof, Lang and Sun 2000), then dsterf, which says what is returned. The same bits for any
  // number of threads. 6 n^2 kTridiagonalBand flops; the band is overwritten.
  int eigenvalues(double* w);

 private:
  void chase();

  Control& control_;
  std::size_t n_;
  Vector band_;
};

}  // namespace krylov

#pragma once
#include "core/control.hpp"
#include "core/plain.hpp"

namespace krylov {

// Signs of the eigenvalues, read off the pivots (Sylvester).
struct Inertia {
  double negative = 0;
  double zero = 0;  // pivots of zero, or not finite: the factor cannot be solved with
  static constexpr auto fields = std::tuple{field("negative", &Inertia::negative), field("zero", &Inertia::zero)};
};

// P A P^T = L D L^T, D of blocks of order 1 and 2, in place. Row j of the array holds column j of L, on and right of
// the diagonal, which is what LAPACK's dsytrf leaves for 'L' in a column-major array; only that triangle is read.
// pivots: n, as there: k + 1 where row k was exchanged with it, or twice -(k + 1) for a block of order 2. n^3 / 3
// flops.
Inertia bunch_kaufman_factor(Control& control, Vector a, std::size_t n, Indices pivots);

// X = A^-1 X in place, X n x s, row-major. `pivots` are checked.
void bunch_kaufman_solve(Control& control, ConstVector a, std::size_t n, ConstIndices pivots, Vector x,
                         std::size_t s = 1);

}  // namespace krylov

#pragma once
#include <cstdint>
#include <vector>

#include "core/control.hpp"
#include "kernels/level_tiles.hpp"

namespace krylov {

// On a grid the finest level costs half the bytes and a fraction of the instructions by diagonals: 20 instead of 40
// bytes a row of five, and none where the numbers repeat. Made once per solve, for less than two of its passes over A.
// `offsets` keeps those of the diagonals. None: A has too many.
template <class Real>
RawBands<Real> by_diagonals(Control&, const RawLevel<Real>& A, const Real* inverse_diagonal, std::size_t rows,
                            std::vector<std::int64_t>& offsets);

}  // namespace krylov

#pragma once
#include "core/control.hpp"
#include "kernels/level_tiles.hpp"

namespace krylov {

// Names the rows of a level's matrix in the order of their lengths, strip by strip: a byte a row. Made once per solve,
// for less than one pass over the matrix.
template <class Real>
void order_by_length(Control&, RawLevel<Real>& A, std::size_t rows);

}  // namespace krylov

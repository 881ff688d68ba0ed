#pragma once
#include "core/control.hpp"
#include "core/csr.hpp"
#include "dense/tridiagonal.hpp"

namespace krylov {

// Extreme eigenvalues of D^-1/2 A D^-1/2 by `steps` of Lanczos from `start`.
Extremes lanczos(Control& control, const Csr& A, ConstVector inverse_diagonal, ConstVector start, Index steps);

}  // namespace krylov

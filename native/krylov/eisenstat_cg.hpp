#pragma once
#include <optional>

#include "krylov/stopping.hpp"
#include "precondition/apply.hpp"

namespace krylov {

// The relaxation with which M is the symmetric SOR of this very A, if it is: kept by its diagonals in double precision.
std::optional<double> relaxation_of(Control& control, const Csr& A, const Preconditioner& M);

Outcome eisenstat_cg(Control& control, const Csr& A, ConstVector b, Vector x, const DiagonalFactor& factor,
                     DiagonalSolve& solve, double omega, const Stopping& stopping);

}  // namespace krylov

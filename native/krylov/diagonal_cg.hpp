#pragma once
#include "core/control.hpp"
#include "core/matrix.hpp"
#include "krylov/stopping.hpp"

namespace krylov {

// Conjugate gradients with a diagonal preconditioner D (empty: none). See the definition.
Outcome diagonal_cg(Control& control, const Matrix& A, ConstVector b, Vector x, ConstVector d,
                    const Stopping& stopping);

}  // namespace krylov

#pragma once
#include <array>

#include "core/matrix.hpp"
#include "krylov/stopping.hpp"
#include "precondition/apply.hpp"

namespace krylov {

// Where the preconditioner stands; `split`: half of a factorization on either side; `flexible` is on the right, every
// M^-1 v_j kept, since M may change.
enum class Side { right, left, split, flexible };
constexpr auto names_of(Side) { return std::array{"right", "left", "split", "flexible"}; }

// Solves A x = b, A square, by the generalised minimum residual method, restarted: Saad and Schultz 1986; Saad 1993
// where flexible. With M on the right the residual that is minimised is the true one; on the left it is M^-1 r, where
// M = M1 M2 is split M1^-1 r, and the true one is taken to fall in proportion until it is computed. Workspace:
// (restart + 4) n, split n more, flexible (2 restart + 4) n.
Outcome gmres(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
              const Stopping& stopping, Index restart, Side side);

}  // namespace krylov

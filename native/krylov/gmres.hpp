#pragma once
#include <array>

#include "core/matrix.hpp"
#include "krylov/stopping.hpp"
#include "precondition/apply.hpp"

namespace krylov {

// Where the preconditioner stands; `flexible` is on the right, every M^-1 v_j kept, since M may change.
enum class Side { right, left, flexible };
constexpr auto names_of(Side) { return std::array{"right", "left", "flexible"}; }

// Solves A x = b, A square, by the generalised minimum residual method, restarted: Saad and Schultz 1986; Saad 1993
// where flexible. With M on the right the residual that is minimised is the true one; on the left it is M^-1 r, and the
// true one is taken to fall in proportion until it is computed. Workspace: (restart + 4) n, flexible (2 restart + 4) n.
Outcome gmres(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
              const Stopping& stopping, Index restart, Side side);

}  // namespace krylov

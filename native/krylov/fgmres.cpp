#include "core/method.hpp"
#include "krylov/gmres.hpp"

namespace krylov {
namespace {

// GMRES with the preconditioner on the right, each M^-1 v_j kept: Saad 1993. Workspace: (2 restart + 4) n.
Outcome fgmres(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
               const Stopping& stopping, Index restart) {
  return gmres(control, A, b, x, preconditioner, stopping, restart, Side::flexible);
}

const Exposed fgmres_{expose<fgmres>("fgmres")};

}  // namespace
}  // namespace krylov

#include "core/method.hpp"
#include "direct/ldlt.hpp"
#include "direct/refine.hpp"

namespace krylov {

namespace {

double ldlt_solve(Control& control, const Csr& A, const LdltFactor& factor, ConstVector b, Vector x, Index columns,
                  double rtol, Index most, Vector residual_norms, Vector backward_errors) {
  factor.check_order(A.rows());
  LdltSolve solve(control, factor);
  return refine(control, {A, b, x, columns, rtol, most, residual_norms, backward_errors},
                [&](ConstVector r, Vector z, std::size_t s) { solve(r, z, s, false); });
}

const Exposed ldlt_solve_{expose<ldlt_solve>("ldltSolve")};

}  // namespace
}  // namespace krylov

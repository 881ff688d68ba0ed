#include "core/method.hpp"
#include "direct/lu.hpp"
#include "direct/refine.hpp"
#include "kernels/sweeps.hpp"

namespace krylov {

namespace {

// X = A^-1 B by an LU factor, column by column, and refined. Workspace: 3 n s + 2 n.
double lu_solve(Control& control, const Csr& A, const LuFactor& factor, ConstVector b, Vector x, Index columns,
                double rtol, Index most, Vector residual_norms, Vector backward_errors) {
  const std::size_t n = A.rows();
  factor.check_order(n);
  Sweeps k(control, n);
  const Vector y = control.arena.doubles(n), column = control.arena.doubles(n);
  return refine(control, {A, b, x, columns, rtol, most, residual_norms, backward_errors},
                [&](ConstVector r, Vector z, std::size_t s) {
                  for (std::size_t c = 0; c < s; c++) {
                    for (std::size_t i = 0; i < n; i++) column[i] = r[i * s + c];
                    k.level_forward(factor.lower, factor.rows, {}, column, y, 0, n);
                    k.level_backward(factor.upper, factor.inverse_diagonal, factor.columns, {}, y, column, 0, n);
                    for (std::size_t i = 0; i < n; i++) z[i * s + c] = column[i];
                  }
                });
}

const Exposed lu_solve_{expose<lu_solve>("luSolve")};

}  // namespace

void LuFactor::check_order(std::size_t n) const {
  bool fits = inverse_diagonal.size() == n && rows.size() == n && columns.size() == n;
  for (const Csr* part : {&lower, &upper}) {
    fits = fits && part->rows() == n && part->pattern.rows == part->pattern.columns;
    if (fits) part->pattern.check_indices();
  }
  if (!fits) throw Misuse("ERR_SHAPE", "the factor must be for as many unknowns as A has");
}

}  // namespace krylov

#include <algorithm>

#include "core/method.hpp"
#include "dense/blas.hpp"
#include "dense/transpose.hpp"

namespace krylov {
namespace {

// P A = L U in F, all n x n by rows: L below the diagonal, its diagonal of ones left out; row j was exchanged with row
// pivots[j], one after the other. Returns the first row whose pivot is zero, or -1. dgetrf: 2 n^3 / 3 flops.
Index factor(Control& control, ConstVector A, Index n, Vector F, Indices pivots) {
  need_shape(n >= 0 && A.size() == static_cast<std::size_t>(n) * n && F.size() == A.size(), "A and F must be n x n");
  need_shape(pivots.size() == static_cast<std::size_t>(n), "pivots must be n long");
  if (n == 0) return -1;
  int info = 0;
  transpose(control, A.data(), n, n, F.data());
  openblas().dgetrf(&n, &n, F.data(), &n, pivots.data(), &info);
  transpose(F.data(), n);
  for (Index& pivot : pivots) pivot--;
  return info - 1;
}

// X = A^-1 X in place, X n x s by rows. 2 n^2 s flops.
void solve(Control& control, ConstVector F, Index n_, ConstIndices pivots, Vector X, Index s_) {
  need_shape(n_ >= 0 && s_ >= 0, "n and s must not be negative");
  const std::size_t n = n_, s = s_;
  need_shape(F.size() == n * n && pivots.size() == n && X.size() == n * s, "F must be n x n, pivots n long, X n x s");
  for (std::size_t j = 0; j < n; j++) {
    const std::size_t other = std::min<std::size_t>(static_cast<std::uint32_t>(pivots[j]), n - 1);
    if (other != j) std::swap_ranges(X.begin() + j * s, X.begin() + (j + 1) * s, X.begin() + other * s);
  }
  solve_triangular(control, {F.data(), n, true, false, true}, X.data(), s);
  solve_triangular(control, {F.data(), n, false, false, false}, X.data(), s);
}

const Exposed methods[] = {Exposed{expose<factor>("denseLu")}, Exposed{expose<solve>("denseLuSolve")}};

}  // namespace
}  // namespace krylov

#include "precondition/lanczos.hpp"

#include <cmath>
#include <vector>

#include "core/method.hpp"
#include "kernels/sweeps.hpp"

namespace krylov {

// Extreme eigenvalues of D^-1/2 A D^-1/2 by `steps` of Lanczos (Golub and Van Loan, section 10.1) in the D-inner
// product: v holds D^-1/2 times the Lanczos vector, so that only D^-1 is needed. The largest is reached from below
// within a few per cent; the smallest only as the process converges. Workspace: 4n.
Extremes lanczos(Control& control, const Csr& A, ConstVector inverse_diagonal, ConstVector start, Index steps) {
  const std::size_t n = A.rows();
  if (A.pattern.rows != A.pattern.columns || inverse_diagonal.size() != n || start.size() != n)
    throw Misuse("ERR_SHAPE", "A, its diagonal and the start must have the same order");
  A.pattern.check_indices();
  Sweeps k(control, n);
  const Vector v = control.arena.doubles(n), w = control.arena.doubles(n);
  const Vector u = control.arena.doubles(n), previous = control.arena.doubles(n);
  std::vector<double> alphas, betas;
  k.copy(start, u);
  k.scale(inverse_diagonal, u, v);
  double beta = std::sqrt(k.dot(u, v));
  for (Index j = 0; j < steps && j < A.pattern.rows && beta > 0; j++) {
    k.axpby(1 / beta, v, 0, v);
    k.axpby(1 / beta, u, 0, u);
    const double alpha = k.multiply_dot(A, v, w);
    alphas.push_back(alpha);
    k.axpy(-alpha, u, w);
    if (j > 0) k.axpy(-beta, previous, w);
    k.copy(u, previous);
    k.copy(w, u);
    k.scale(inverse_diagonal, u, v);
    const double square = k.dot(u, v);
    beta = square > 0 ? std::sqrt(square) : 0;
    if (!(beta > 1e-14 * std::abs(alpha))) break;
    betas.push_back(beta);
    control.poll();
  }
  return tridiagonal_extremes(alphas, betas);
}

namespace {

const Exposed lanczos_{expose<lanczos>("lanczos")};

}  // namespace
}  // namespace krylov

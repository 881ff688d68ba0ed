#include <cmath>

#include "core/method.hpp"
#include "krylov/least_squares.hpp"

namespace krylov {

namespace {

// Minimises ||b - A x||^2 + damp^2 ||x||^2 by LSQR: Paige and Saunders 1982, conjugate gradients on the normal
// equations without forming them. From x = 0 it finds the solution of least norm. Workspace: 3 m + 4 n.
LeastOutcome lsqr(Control& control, const Matrix& A, const Matrix& At, ConstVector b, Vector x, double damp,
                  const Stopping& stopping) {
  Bidiagonal basis(control, A, At);
  LeastWatch watch(control, basis, A, At, b, x, damp, stopping);
  Sweeps& k = basis.columns;
  const Vector w = control.arena.doubles(x.size());
  basis.start(b);
  k.copy(basis.v, w);
  double rho_bar = basis.alpha, phi_bar = basis.beta;
  double square = 0, damped = 0, inverse = 0;  // ||A||^2, what damping leaves of the residual, ||A^+||^2
  LeastNorms norms{phi_bar, basis.alpha * basis.beta, basis.alpha, 0};
  for (Index i = 0;; i++) {
    if (auto ended = watch.ended(i, norms)) return *ended;
    square += basis.alpha * basis.alpha;
    basis.step();
    const double alpha = basis.alpha, beta = basis.beta;
    if (!(std::abs(alpha + beta) < kInfinity)) return watch.stop(LeastReason::not_finite, i, norms);
    square += beta * beta + damp * damp;

    const double rho1 = std::hypot(rho_bar, damp);
    const double part = damp == 0 ? 0 : damp / rho1 * phi_bar;
    damped += part * part;
    phi_bar *= rho_bar / rho1;
    const double rho = std::hypot(rho1, beta), c = rho1 / rho, s = beta / rho;
    const double phi = c * phi_bar;
    phi_bar *= s;
    k.axpy(phi / rho, w, x);
    inverse += k.dot(w, w) / (rho * rho);
    k.axpby(1, basis.v, -s * alpha / rho, w);
    rho_bar = -c * alpha;
    const double matrix = std::sqrt(square);
    norms = {std::sqrt(phi_bar * phi_bar + damped), alpha * std::abs(s * phi), matrix, matrix * std::sqrt(inverse)};
  }
}

const Exposed lsqr_{expose<lsqr>("lsqr")};

}  // namespace
}  // namespace krylov

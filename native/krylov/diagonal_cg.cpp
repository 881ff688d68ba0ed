#include "krylov/diagonal_cg.hpp"

#include <cmath>

#include "krylov/lanczos_matrix.hpp"
#include "krylov/watch.hpp"

namespace krylov {

// Relative error of a predicted r.z up to which predictions are trusted. On well-conditioned systems it stays at 1e-13;
// where it grows, conjugacy is being lost, and directions made from predictions cost iterations (up to 20% were seen).
constexpr double kTrusted = 1e-12;

// Conjugate gradients with a diagonal preconditioner D (empty: none) in two passes over memory instead of three. Since
// p is conjugate to its predecessor, z.q = p.q, so that the next r.z is alpha^2 q.Dq - r.z (Saad 1985; Meurant 1987):
// beta is known before the residual is, and x, r and p are updated in one pass. The r.z that this pass sums gives the
// next alpha and judges the prediction; after the first bad one x and r, z, and p are updated in passes of their own.
// Workspace: 4n. Traffic: matrix + 72 n bytes, 88 n with D.
Outcome diagonal_cg(Control& control, const Matrix& A, ConstVector b, Vector x, ConstVector d,
                    const Stopping& stopping) {
  const std::size_t n = b.size();
  Sweeps k(control, n);
  Arena& arena = control.arena;
  const Vector r = arena.doubles(n), p = arena.doubles(n), q = arena.doubles(n);
  Watch watch(k, A, b, x, {}, r, stopping);
  LanczosMatrix lanczos;
  double rho = 0, beta = 0, steepest = 0;
  bool trusted = true;

  watch.start();
  for (Index i = 0;; i++) {
    if (auto ended = watch.ended(i)) return lanczos.in(*std::move(ended));
    const bool restarted = watch.restart();
    if (restarted) {
      beta = 0;
      if (d.empty()) k.axpby(1, r, 0, p);
      rho = d.empty() ? watch.norm * watch.norm : k.scale(d, r, p);
    }
    watch.preconditioner_count += d.empty() ? 0 : 1;
    if (!(rho > 0 && rho < kInfinity)) {
      if (d.empty())
        k.axpby(1, r, 0, q);
      else
        k.scale(d, r, q);
      return lanczos.in(watch.stop(named(rho, k.dot(r, r), k.dot(q, q), Reason::indefinite_preconditioner), i));
    }

    const auto [curvature, qDq] = k.multiply_dots(A, d, p, q);
    watch.operator_count++;
    steepest = std::max(steepest, curvature / rho);
    if (!(curvature > kEpsilon * steepest * rho && curvature < kInfinity))
      return lanczos.in(watch.stop(named(curvature, k.dot(p, p), k.dot(q, q), Reason::indefinite_operator), i));
    const double alpha = rho / curvature;
    lanczos.step(alpha, beta, restarted);
    const double old = rho;
    double square;
    if (trusted) {
      beta = std::max(0.0, alpha * (qDq / curvature) - 1);
      const auto [rr, rDr] = k.advance_direction(alpha, beta, d, p, q, x, r);
      square = rr;
      rho = rDr;
      trusted = std::abs(beta * old - rho) <= kTrusted * rho;
    } else {
      square = k.advance(alpha, p, q, x, r);
      rho = d.empty() ? square : k.scale(d, r, q);
      beta = rho / old;
      k.axpby(1, d.empty() ? r : q, beta, p);
    }

    if (auto broken = watch.after(i + 1, std::sqrt(square))) return lanczos.in(*std::move(broken));
  }
}

}  // namespace krylov

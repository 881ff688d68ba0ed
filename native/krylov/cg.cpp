#include <cmath>

#include "core/method.hpp"
#include "krylov/nullspace.hpp"
#include "krylov/trace.hpp"
#include "precondition/apply.hpp"

namespace krylov {

namespace {

// A form v.w that should be positive and is not: beyond rounding the matrix is indefinite, else it broke down.
Reason named(double form, double squares, Reason indefinite) {
  if (!(std::abs(form) < kInfinity) || !(squares < kInfinity)) return Reason::not_finite;
  return form < 0 && form * form > kEpsilon * kEpsilon * squares ? indefinite : Reason::breakdown;
}

// Solves A x = b, A symmetric positive (semi)definite, by preconditioned conjugate gradients: Hestenes and Stiefel
// 1952; Golub and Van Loan, Algorithm 11.5.1. On apparent convergence the true residual is computed; where it is not
// met it replaces the recursive one and the iteration restarts from it (van der Vorst and Ye 2000).
// b: n. x: n, first guess in, solution out. M, N: see their types.
Outcome cg(Control& control, const Csr& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
           ConstVector N, const Stopping& o) {
  const std::size_t n = b.size();
  if (A.rows() != n || A.pattern.columns != A.pattern.rows || x.size() != n)
    throw Misuse("ERR_SHAPE", "A, b and x must have the same order");
  A.pattern.check_indices();
  Sweeps k(control, n);
  Applied M(control, preconditioner, n);
  const bool plain = M.is_identity() && N.empty();
  const Vector r = control.arena.doubles(n), p = control.arena.doubles(n), q = control.arena.doubles(n);
  const Vector z = plain ? r : control.arena.doubles(n);
  const Vector checkpoint = control.arena.doubles(n);
  Trace trace(o.history);

  const double size = k.norm(b);
  const double target = std::max(o.rtol * size, o.atol);
  bool verified = true;
  auto true_residual = [&](bool product) {
    if (!product) {
      k.copy(b, r);
      project(k, N, r);
      return size;
    }
    trace.outcome.operator_count++;
    verified = true;
    const double square = k.residual(A, x, b, r);
    project(k, N, r);
    return std::sqrt(square);
  };
  double norm = true_residual(o.warm);
  // Ends with the true residual; an answer that meets the target is one, however the iteration ended.
  auto stop = [&](Reason reason, Index iterations) {
    const double truth = verified ? norm : true_residual(true);
    if (truth < kInfinity) return trace.end(truth <= target ? Reason::converged : reason, iterations, truth);
    k.copy(checkpoint, x);
    return trace.end(Reason::not_finite, iterations, true_residual(true));
  };

  const double limit = kDiverged * std::max(norm, size);
  double last_truth = kInfinity, rho = 0, steepest = 0, best = norm;
  bool fresh = true;
  Index best_at = 0;
  k.copy(x, checkpoint);
  trace.start(norm);

  for (Index i = 0;; i++) {
    if (norm <= target) {
      if (!verified) norm = true_residual(true);
      if (norm <= target) return trace.end(Reason::converged, i, norm);
      if (!(norm < last_truth / 2)) return trace.end(Reason::stagnated, i, norm);
      last_truth = norm;
      fresh = true;
    }
    if (i - best_at > patience(n)) return stop(Reason::stagnated, i);
    if (i == o.max_iterations) return stop(Reason::max_iterations, i);

    if (!plain) {
      M(k, r, z);
      trace.outcome.preconditioner_count++;
      project(k, N, z);
    }
    const double rz = plain ? norm * norm : k.dot(r, z);
    if (!(rz > 0 && rz < kInfinity))
      return stop(named(rz, k.dot(r, r) * k.dot(z, z), Reason::indefinite_preconditioner), i);
    const double beta = fresh ? 0 : rz / rho;
    rho = rz;
    k.axpby(1, z, beta, p);

    const double curvature = k.multiply_dot(A, p, q);
    trace.outcome.operator_count++;
    steepest = std::max(steepest, curvature / rho);
    if (!(curvature > kEpsilon * steepest * rho && curvature < kInfinity))
      return stop(named(curvature, k.dot(p, p) * k.dot(q, q), Reason::indefinite_operator), i);
    const double alpha = rho / curvature;
    norm = std::sqrt(k.advance(alpha, p, q, x, r));
    verified = false;
    trace.step(norm, alpha, beta, fresh);
    fresh = false;

    if (!(norm <= limit)) {
      k.copy(checkpoint, x);
      return stop(norm < kInfinity ? Reason::diverged : Reason::not_finite, i + 1);
    }
    if (norm < best) {
      best = norm;
      best_at = i + 1;
    }
    if ((i + 1) % kCheckpoint == 0) k.copy(x, checkpoint);
    if (control.iterate(i + 1, norm)) return stop(Reason::time_limit, i + 1);
  }
}

const Exposed cg_{expose<cg>("cg")};

}  // namespace
}  // namespace krylov

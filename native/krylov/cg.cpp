#include <cmath>

#include "core/method.hpp"
#include "krylov/diagonal_cg.hpp"
#include "krylov/eisenstat_cg.hpp"
#include "krylov/lanczos_matrix.hpp"
#include "krylov/nullspace.hpp"
#include "krylov/watch.hpp"
#include "precondition/apply.hpp"

namespace krylov {

namespace {

// Solves A x = b, A symmetric positive (semi)definite, by preconditioned conjugate gradients: Hestenes and Stiefel
// 1952; Golub and Van Loan, Algorithm 11.5.1. A step in a direction of numerically no curvature is a breakdown: its
// Rayleigh quotient is compared with the largest one met.
// b: n. x: n, first guess in, solution out. N: null space basis, its vectors one after the other.
Outcome cg(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
           ConstVector N, const Stopping& stopping) {
  const std::size_t n = b.size();
  Sweeps k(control, n);
  Applied M(control, preconditioner, n);
  if (N.empty() && M.is_diagonal()) return diagonal_cg(control, A, b, x, M.diagonal(), stopping);
  if (N.empty() && M.diagonals() != nullptr)
    if (const std::optional<double> omega = relaxation_of(control, A, preconditioner))
      return eisenstat_cg(control, A, b, x, std::get<DiagonalFactor>(preconditioner), *M.diagonals(), *omega, stopping);
  Arena& arena = control.arena;
  const Vector r = arena.doubles(n), p = arena.doubles(n), q = arena.doubles(n);
  const Vector z = arena.doubles(n);
  Watch watch(k, A, b, x, N, r, stopping);
  LanczosMatrix lanczos;
  double rho = 0, steepest = 0;

  watch.start();
  for (Index i = 0;; i++) {
    if (auto ended = watch.ended(i)) return lanczos.in(*std::move(ended));
    const bool restarted = watch.restart();

    double rz = M(k, r, z);
    watch.preconditioner_count++;
    if (!N.empty()) {
      project(k, N, z);
      rz = k.dot(r, z);
    }
    if (!(rz > 0 && rz < kInfinity))
      return lanczos.in(watch.stop(named(rz, k.dot(r, r), k.dot(z, z), Reason::indefinite_preconditioner), i));
    const double beta = restarted ? 0 : rz / rho;
    rho = rz;
    k.axpby(1, z, beta, p);

    const double curvature = k.multiply_dot(A, p, q);
    watch.operator_count++;
    steepest = std::max(steepest, curvature / rho);
    if (!(curvature > kEpsilon * steepest * rho && curvature < kInfinity))
      return lanczos.in(watch.stop(named(curvature, k.dot(p, p), k.dot(q, q), Reason::indefinite_operator), i));
    const double alpha = rho / curvature;
    const double norm = std::sqrt(k.advance(alpha, p, q, x, r));
    lanczos.step(alpha, beta, restarted);

    if (auto broken = watch.after(i + 1, norm)) return lanczos.in(*std::move(broken));
  }
}

const Exposed cg_{expose<cg>("cg")};

}  // namespace
}  // namespace krylov

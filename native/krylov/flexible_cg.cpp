#include <algorithm>
#include <cmath>

#include "core/method.hpp"
#include "krylov/nullspace.hpp"
#include "krylov/watch.hpp"
#include "precondition/apply.hpp"

namespace krylov {

namespace {

constexpr double kLost = 1e-8;   // below this share of what it was, an orthogonalised direction is rounding error
constexpr double kAskew = 1e-6;  // below this cosine with r, z leads nowhere; r itself is taken

// Conjugate gradients for a preconditioner that changes from one application to the next: each direction is made
// A-orthogonal to the last `memory` ones explicitly (Notay 2000, FCG(m)); the energy norm of the error falls whatever
// the preconditioner returns. Workspace: (2 memory + 4) n.
Outcome flexible_cg(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
                    ConstVector N, const Stopping& stopping, Index memory) {
  if (memory < 1) throw Misuse("ERR_OPTION", "memory must be positive");
  const std::size_t n = b.size();
  Sweeps k(control, n);
  Applied M(control, preconditioner, n);
  Arena& arena = control.arena;
  const Vector r = arena.doubles(n), z = arena.doubles(n);
  std::vector<Vector> P, Q;
  for (Index m = 0; m <= memory; m++) {
    P.push_back(arena.doubles(n));
    Q.push_back(arena.doubles(n));
  }
  std::vector<double> curvatures(memory + 1);
  Watch watch(k, A, b, x, N, r, stopping);
  Index kept = 0;

  watch.start();
  for (Index i = 0;; i++) {
    if (auto ended = watch.ended(i)) return *std::move(ended);
    if (watch.restart()) kept = 0;

    M(k, r, z);
    watch.preconditioner_count++;
    project(k, N, z);
    const Index slot = i % (memory + 1);
    const Vector p = P[slot], q = Q[slot];
    double square = k.dot(z, z);
    if (!(square < kInfinity)) return watch.stop(Reason::not_finite, i);
    const double rr = k.dot(r, r);
    if (!(k.dot(z, r) > kAskew * std::sqrt(square) * std::sqrt(rr))) {
      k.copy(r, z);
      square = rr;
    }
    k.axpby(1, z, 0, p);
    for (Index m = 1; m <= kept; m++) {
      const Index old = (i - m) % (memory + 1);
      k.axpy(-k.dot(z, Q[old]) / curvatures[old], P[old], p);
    }
    if (!(k.dot(p, p) > kLost * kLost * square)) {
      k.axpby(1, r, 0, p);
      kept = 0;
    }

    const double curvature = k.multiply_dot(A, p, q);
    watch.operator_count++;
    if (!(curvature > 0 && curvature < kInfinity))
      return watch.stop(named(curvature, k.dot(p, p), k.dot(q, q), Reason::indefinite_operator), i);
    curvatures[slot] = curvature;
    kept = std::min(kept + 1, memory);
    const double norm = std::sqrt(k.advance(k.dot(p, r) / curvature, p, q, x, r));

    if (auto broken = watch.after(i + 1, norm)) return *std::move(broken);
  }
}

const Exposed flexible_cg_{expose<flexible_cg>("flexibleCg")};

}  // namespace
}  // namespace krylov

#include <cmath>
#include <utility>

#include "core/method.hpp"
#include "krylov/nullspace.hpp"
#include "krylov/watch.hpp"
#include "precondition/apply.hpp"

namespace krylov {

namespace {

// || A r || / (|| A || || r ||) at which r is a least-squares residual to rounding: another step would make x anything.
constexpr double kLeast = 10 * kEpsilon;
// The same, from where on x is kept: steps beyond may only add to it what A maps to nothing.
constexpr double kBlurred = 1e-7;

// Solves A x = b, A symmetric and perhaps indefinite, M positive definite, by the minimum residual method: Paige and
// Saunders 1975; Elman, Silvester and Wathen, Algorithm 4.1. The residual itself is kept by its two-term recurrence
// r_j = s^2 r_(j-1) + (c eta / gamma) v_(j+1), so that its 2-norm is known whatever M is. Where b has
// no solution || A r || falls to rounding, as Choi, Paige and Saunders 2011 measure it, and the x of that moment is the
// answer. Workspace: 8n.
Outcome minres(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
               ConstVector N, const Stopping& stopping) {
  const std::size_t n = b.size();
  Sweeps k(control, n);
  Applied M(control, preconditioner, n);
  Arena& arena = control.arena;
  const Vector r = arena.doubles(n);
  Vector v = arena.doubles(n), v_old = arena.doubles(n), z = arena.doubles(n), q = arena.doubles(n);
  Vector w = arena.doubles(n), w_old = arena.doubles(n);
  Watch watch(k, A, b, x, N, r, stopping);
  double gamma = 0, gamma_old = 1, eta = 0, c = 1, c_old = 1, s = 0, s_old = 0;
  double above = 0, size = 0;  // of the Lanczos matrix: the last entry next to its diagonal, its norm

  // z = M^-1 v; returns v . z
  const auto apply = [&](Vector from, Vector to) {
    const double dot = M(k, from, to);
    watch.preconditioner_count++;
    if (N.empty()) return dot;
    project(k, N, to);
    return k.dot(from, to);
  };
  const auto refuse = [&](double square, ConstVector Mv, Index i) {
    return watch.stop(named(square, k.dot(v, v), k.dot(Mv, Mv), Reason::indefinite_preconditioner), i);
  };

  watch.start();
  for (Index i = 0;; i++) {
    if (auto ended = watch.ended(i)) return *std::move(ended);
    if (watch.restart()) {
      k.copy(r, v);
      for (const Vector cleared : {v_old, w, w_old}) k.fill(cleared, 0);
      const double square = apply(v, z);
      if (!(square > 0 && square < kInfinity)) return refuse(square, z, i);
      gamma = std::sqrt(square);
      gamma_old = 1;
      eta = gamma;
      c = c_old = 1;
      s = s_old = 0;
      above = 0;
    }

    k.axpby(1 / gamma, z, 0, z);
    const double delta = k.multiply_dot(A, z, q);
    watch.operator_count++;
    if (!(std::abs(delta) < kInfinity)) return watch.stop(Reason::not_finite, i);
    k.axpby(-delta / gamma, v, -gamma / gamma_old, v_old);
    k.axpy(1, q, v_old);
    std::swap(v, v_old);
    const double square = apply(v, q);
    const double scale = std::abs(delta) + gamma;
    if (!(square > -kEpsilon * scale * scale && square < kInfinity)) return refuse(square, q, i);
    const double gamma_new = std::sqrt(std::max(square, 0.0));

    const double alpha0 = c * delta - c_old * s * gamma;
    const double alpha1 = std::hypot(alpha0, gamma_new);
    const double alpha2 = s * delta + c_old * c * gamma;
    const double alpha3 = s_old * gamma;
    if (!(alpha1 > kEpsilon * scale)) return watch.stop(Reason::breakdown, i);
    size = std::max(size, std::hypot(above, delta, gamma_new));
    above = gamma_new;
    const double normal = std::hypot(alpha0, c * gamma_new) / size;  // || A r || / (|| A || || r ||)
    if (normal <= kLeast) return watch.stop(Reason::stagnated, i);
    if (normal < kBlurred) watch.keep();
    c_old = std::exchange(c, alpha0 / alpha1);
    s_old = std::exchange(s, gamma_new / alpha1);
    k.axpby(-alpha2 / alpha1, w, -alpha3 / alpha1, w_old);
    k.axpy(1 / alpha1, z, w_old);
    std::swap(w, w_old);
    k.axpy(c * eta, w, x);
    eta *= -s;
    k.axpby(gamma_new > 0 ? c * eta / gamma_new : 0, v, s * s, r);
    std::swap(z, q);
    gamma_old = std::exchange(gamma, gamma_new);

    if (auto broken = watch.after(i + 1, k.norm(r))) return *std::move(broken);
  }
}

const Exposed minres_{expose<minres>("minres")};

}  // namespace
}  // namespace krylov

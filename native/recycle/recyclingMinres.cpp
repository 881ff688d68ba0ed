#include <cmath>
#include <utility>

#include "core/matrix.hpp"
#include "core/method.hpp"
#include "recycle/lanczos_window.hpp"
#include "recycle/projection.hpp"

namespace krylov {
namespace {

constexpr double kSingular = 100 * kEpsilon;  // of the largest entry of Lanczos's matrix: a pivot that is rounding

// An outcome with the subspace that is left: A M^-1 U = C, C orthonormal, vectors one after the other.
struct RecycledOutcome : Outcome {
  ConstVector U, C;
  double drift = 0;  // mean sine of the angles between the images of the space that was given, then and now
  static constexpr auto fields =
      std::tuple_cat(Outcome::fields, std::tuple{field("U", &RecycledOutcome::U), field("C", &RecycledOutcome::C),
                                                 field("drift", &RecycledOutcome::drift)});
};

// RMINRES (Wang, de Sturler and Paulino 2007): MINRES, in the letters of `minres`, on (I - C Z^T) A, Z = M^-1 C, which
// is symmetric where the residual is, as M^-1 measures it, orthogonal to C = A M^-1 U. So recurrences stay short; a
// solution is x + M^-1 (U t) + w's, and t takes what b_j = Z^T A z_j tells of C in the Lanczos vectors' images. A given
// space is only taken for a guess: its images are computed anew. The space that is returned comes of `basis` Lanczos
// vectors at a time. Where the projected matrix breaks down, which A need not, the solve goes on without the space.
// Workspace: (5 recycle + basis + 11) n.
RecycledOutcome recycling_minres(Control& control, const Matrix& A, ConstVector b, Vector x,
                                 const Preconditioner& preconditioner, const Stopping& stopping, Index basis,
                                 Index recycle, ConstVector given, ConstVector images) {
  if (recycle < 0 || basis < 1) throw Misuse("ERR_OPTION", "recycle must not be negative, basis positive");
  const std::size_t n = b.size(), most = recycle;
  if (n > 0 && (given.size() % n != 0 || images.size() % n != 0))
    throw Misuse("ERR_SHAPE", "a space must hold whole vectors");
  BasisSweeps k(control, n);
  k.set_apart();
  Arena& arena = control.arena;
  const Vector r = arena.doubles(n);
  Vector v = arena.doubles(n), v_old = arena.doubles(n), z = arena.doubles(n), q = arena.doubles(n);
  Vector w = arena.doubles(n), w_old = arena.doubles(n);
  Watch watch(k, A, b, x, {}, r, stopping);
  RightPreconditioned AM(k, A, preconditioner, n, watch);
  Applied M(control, preconditioner, n);
  Recycled space(control, k, n, most + basis + 1, most);
  Projection projection(control, k, n, most, space, AM.plain);
  LanczosWindow window(control, k, n, basis, most, space);
  double gamma = 0, gamma_old = 1, eta = 0, largest = 0, c = 1, c_old = 1, s = 0, s_old = 0;
  // coefficients of C: of a vector's image, of w's, and those of U that x has not got yet
  std::vector<double> h, f, f_old, t;
  double drift = std::numeric_limits<double>::quiet_NaN();
  bool ready = false;

  watch.present = [&] {
    if (std::all_of(t.begin(), t.end(), [](double ti) { return ti == 0; })) return;
    double none[1];
    k.fill(q, 0);
    for (double& ti : t) ti = -ti;
    k.basis_subtract(space.U, t, q, none);
    std::fill(t.begin(), t.end(), 0.0);
    AM.correct(q, x);
  };
  const auto end = [&](Outcome&& outcome) {
    RecycledOutcome out;
    window.bequeath();
    static_cast<Outcome&>(out) = std::move(outcome);
    out.operator_count = watch.operator_count;
    out.preconditioner_count = watch.preconditioner_count;
    const Vector U = control.allocate<double>(space.count * n), C = control.allocate<double>(space.count * n);
    for (std::size_t j = 0; j < space.count; j++) {
      k.copy(space.u(j), U.subspan(j * n, n));
      k.copy(space.c(j), C.subspan(j * n, n));
      control.poll();
    }
    out.U = U;
    out.C = C;
    out.drift = drift;
    return out;
  };
  const auto open = [&] {
    ready = true;
    for (std::size_t at = 0; at < given.size(); at += n) space.append(given.subspan(at, n), AM);
    drift = space.drift(images);
    projection.open(AM);
    window.inherit();
    for (auto* coefficients : {&h, &f, &f_old, &t}) coefficients->assign(space.count, 0);
  };
  const auto abandon = [&] {
    window.close();
    space.count = 0;
    for (auto* coefficients : {&h, &f, &f_old, &t}) coefficients->clear();
  };
  // z = M^-1 v; returns v . z
  const auto apply = [&](Vector from, Vector to) {
    watch.preconditioner_count++;
    return M(k, from, to);
  };
  const auto refuse = [&](double square, ConstVector Mv, Index i) {
    return end(watch.stop(named(square, k.dot(v, v), k.dot(Mv, Mv), Reason::indefinite_preconditioner), i));
  };

  watch.start();
  for (Index i = 0;; i++) {
    if (auto ended = watch.ended(i)) return end(*std::move(ended));
    if (watch.restart()) {
      const bool first = !ready;
      if (first) open();
      projection.take_out(r, h);
      for (std::size_t j = 0; j < t.size(); j++) t[j] += h[j];
      if (first && !h.empty()) {
        watch.renew();
        i--;
        continue;
      }
      k.copy(r, v);
      for (const Vector cleared : {v_old, w, w_old}) k.fill(cleared, 0);
      for (auto* cleared : {&f, &f_old}) std::fill(cleared->begin(), cleared->end(), 0.0);
      const double square = apply(v, z);
      if (!(square > 0 && square < kInfinity)) return refuse(square, z, i);
      gamma = std::sqrt(square);
      gamma_old = 1;
      eta = gamma;
      c = c_old = 1;
      s = s_old = 0;
      window.begin(v, gamma);
    }

    k.axpby(1 / gamma, z, 0, z);
    const double delta = k.multiply_dot(A, z, q);
    watch.operator_count++;
    if (!(std::abs(delta) < kInfinity)) return end(watch.stop(Reason::not_finite, i));
    projection.take_out(q, h);
    k.axpby(-delta / gamma, v, -gamma / gamma_old, v_old);
    k.axpy(1, q, v_old);
    std::swap(v, v_old);
    const double square = apply(v, q);
    const double scale = std::abs(delta) + gamma;
    if (!(square > -kEpsilon * scale * scale && square < kInfinity)) return refuse(square, q, i);
    const double gamma_new = std::sqrt(std::max(square, 0.0));
    window.push(h, gamma, delta, gamma_new, v);

    const double alpha0 = c * delta - c_old * s * gamma;
    const double alpha1 = std::hypot(alpha0, gamma_new);
    const double alpha2 = s * delta + c_old * c * gamma;
    const double alpha3 = s_old * gamma;
    largest = std::max(largest, scale);
    if (!(alpha1 > kSingular * largest)) {
      if (h.empty()) return end(watch.stop(Reason::breakdown, i));
      watch.renew();
      abandon();
      i--;
      continue;
    }
    c_old = std::exchange(c, alpha0 / alpha1);
    s_old = std::exchange(s, gamma_new / alpha1);
    k.axpby(-alpha2 / alpha1, w, -alpha3 / alpha1, w_old);
    k.axpy(1 / alpha1, z, w_old);
    std::swap(w, w_old);
    for (std::size_t j = 0; j < h.size(); j++) f_old[j] = (h[j] - alpha2 * f[j] - alpha3 * f_old[j]) / alpha1;
    std::swap(f, f_old);
    k.axpy(c * eta, w, x);
    for (std::size_t j = 0; j < t.size(); j++) t[j] -= c * eta * f[j];
    eta *= -s;
    k.axpby(gamma_new > 0 ? c * eta / gamma_new : 0, v, s * s, r);
    std::swap(z, q);
    gamma_old = std::exchange(gamma, gamma_new);

    if (auto broken = watch.after(i + 1, k.norm(r))) return end(*std::move(broken));
  }
}

const Exposed recycling_minres_{expose<recycling_minres>("recyclingMinres")};

}  // namespace
}  // namespace krylov

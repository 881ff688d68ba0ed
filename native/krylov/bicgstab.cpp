#include <cmath>

#include "core/method.hpp"
#include "kernels/basis_sweeps.hpp"
#include "krylov/right_preconditioned.hpp"
#include "krylov/small_solve.hpp"

namespace krylov {

namespace {

constexpr double kOrthogonal = 1e-14;  // cosine of the residual with the shadow below which their product is rounding
constexpr double kGain = 0.99;         // share of the residual at the last start that has to be gone for another start

// Solves A x = b, A square, by BiCGstab(l) with M on the right: Sleijpen and Fokkema 1993; van der Vorst 1992 for l =
// 1. An iteration is l steps of bi-conjugate gradients and the minimal residual over the l + 1 powers that they leave,
// 2 l products. Where a denominator vanishes it starts anew from the true residual, with that as its shadow. Workspace:
// (2 l + 6) n.
Outcome bicgstab(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
                 const Stopping& stopping, Index l) {
  if (l < 1 || l > 64) throw Misuse("ERR_OPTION", "l must be from 1 to 64");
  const std::size_t n = b.size();
  BasisSweeps k(control, n);
  Arena& arena = control.arena;
  const Vector R = arena.doubles((l + 1) * n), U = arena.doubles((l + 1) * n);
  const auto vector = [n](Vector block, std::size_t j) { return block.subspan(j * n, n); };
  const Vector shadow = arena.doubles(n), s = arena.doubles(n);
  const Vector r = vector(R, 0), powers = R.subspan(n), directions = U.subspan(n);
  std::vector<double> gram(l * l), gamma(l), back(l);
  double square[1] = {0};
  Watch watch(k, A, b, x, {}, r, stopping);
  RightPreconditioned AM(k, A, preconditioner, n, watch);
  double rho = 1, alpha = 0, omega = 1, begun = 0;  // begun: norm at the last start, and of the shadow
  k.fill(s, 0);

  // s is what x lacks, before M^-1
  watch.present = [&] {
    if (AM.plain || k.dot(s, s) > 0) AM.correct(s, x);
    k.fill(s, 0);
  };
  // One iteration; false where a denominator vanished.
  const auto step = [&] {
    rho *= -omega;
    for (Index j = 0; j < l; j++) {
      const double next = k.dot(vector(R, j), shadow);
      const double size = std::sqrt(k.dot(vector(R, j), vector(R, j))) * begun;
      if (!(std::abs(next) > kOrthogonal * size && rho != 0)) return false;
      const double beta = alpha * next / rho;
      rho = next;
      for (Index m = 0; m <= j; m++) k.axpby(1, vector(R, m), -beta, vector(U, m));
      AM.image(vector(U, j), vector(U, j + 1));
      alpha = rho / k.dot(vector(U, j + 1), shadow);
      if (!(std::abs(alpha) < kInfinity)) return false;
      for (Index m = 0; m <= j; m++) k.axpy(-alpha, vector(U, m + 1), vector(R, m));
      k.axpy(alpha, vector(U, 0), s);
      AM.image(vector(R, j), vector(R, j + 1));
    }
    k.basis_products(powers, powers, gram);
    k.basis_dots(powers, r, gamma);
    if (!small_solve(gram, gamma)) return false;
    omega = gamma[l - 1];
    for (Index j = 0; j < l; j++) back[j] = -gamma[j];
    k.basis_subtract(R.first(l * n), back, s, square);
    k.basis_subtract(directions, gamma, vector(U, 0), square);
    k.basis_subtract(powers, gamma, r, square);
    return true;
  };

  watch.start();
  for (Index i = 0;; i++) {
    if (auto ended = watch.ended(i)) return *std::move(ended);
    if (watch.restart()) {
      k.copy(r, shadow);
      k.fill(vector(U, 0), 0);
      rho = 1;
      alpha = 0;
      omega = 1;
      begun = watch.norm;
    }

    if (!step()) {
      watch.renew();  // what has been gained is kept, and nothing is tried twice
      if (!(watch.norm < kGain * begun)) return watch.stop(Reason::breakdown, i + 1);
      square[0] = watch.norm * watch.norm;
    }
    if (auto broken = watch.after(i + 1, std::sqrt(square[0]))) return *std::move(broken);
  }
}

const Exposed bicgstab_{expose<bicgstab>("bicgstab")};

}  // namespace
}  // namespace krylov

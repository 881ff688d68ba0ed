#include <cmath>

#include "core/method.hpp"
#include "core/random.hpp"
#include "kernels/basis_sweeps.hpp"
#include "krylov/arnoldi.hpp"
#include "krylov/right_preconditioned.hpp"

namespace krylov {

namespace {

constexpr double kOrthogonal = 1e-14;  // cosine of an image with its shadow below which their product is rounding
constexpr double kKappa = 0.7;         // least cosine of r and A r for which omega minimises the residual
constexpr double kGain = 0.99;         // share of the residual at the last start that has to be gone for another start
constexpr std::size_t kDrawn = 1 << 16;  // normals between polls
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Solves A x = b, A square, by IDR(s) with M on the right, in the form with bi-orthogonal residuals: Sonneveld and van
// Gijzen 2008; van Gijzen and Sonneveld 2011 (Algorithm 913), whose letters these are. Residuals are forced into spaces
// that shrink by s dimensions with every s + 1 products, orthogonal to s random vectors P. A step is one product; of
// s + 1, the last minimises the residual. Where a denominator vanishes it starts anew from the true residual.
// Workspace: (3 s + 5) n.
Outcome idrs(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
             const Stopping& stopping, Index s_, double seed) {
  if (s_ < 1 || s_ > 64) throw Misuse("ERR_OPTION", "s must be from 1 to 64");
  if (!(seed >= 0 && seed <= 9007199254740991.0)) throw Misuse("ERR_OPTION", "seed must be from 0 to 2^53 - 1");
  const std::size_t n = b.size(), s = s_;
  BasisSweeps k(control, n);
  Arena& arena = control.arena;
  const Vector P = arena.doubles(s * n), G = arena.doubles(s * n), U = arena.doubles(s * n);
  const auto vector = [n](Vector block, std::size_t j) { return block.subspan(j * n, n); };
  const Vector r = arena.doubles(n), v = arena.doubles(n), y = arena.doubles(n);  // y: what x lacks, before M^-1
  std::vector<double> mu(s * s), f(s), c(s), column(s), h(s);
  double none[1];
  Watch watch(k, A, b, x, {}, r, stopping);
  RightPreconditioned AM(k, A, preconditioner, n, watch);
  double omega = 1, begun = 0;  // begun: norm at the last start
  k.fill(y, 0);

  watch.present = [&] {
    if (AM.plain || k.dot(y, y) > 0) AM.correct(y, x);
    k.fill(y, 0);
  };
  // P: random, orthonormal.
  const auto draw = [&] {
    for (std::size_t at = 0; at < P.size(); at += kDrawn) {
      fillNormal(P.subspan(at, std::min(kDrawn, P.size() - at)), static_cast<std::uint64_t>(seed), 0, at);
      control.poll();
    }
    for (std::size_t j = 0; j < s; j++) orthonormalise(k, P, n, j, h);
  };
  // Makes r orthogonal to p_j; returns r . r, NaN where mu_jj vanished.
  const auto direction = [&](std::size_t j) {
    if (j == 0) k.basis_dots(P, r, f);
    const std::size_t m = s - j;
    for (std::size_t i = j; i < s; i++) {
      c[i] = f[i];
      for (std::size_t l = j; l < i; l++) c[i] -= mu[i * s + l] * c[l];
      c[i] /= mu[i * s + i];
    }
    const ConstVector later = ConstVector(c).subspan(j);
    const Vector held = vector(U, j), g = vector(G, j);
    k.copy(r, v);
    k.basis_subtract(G.subspan(j * n), later, v, none);
    k.basis_combine(U.subspan(j * n), later, omega, v, n);
    k.copy(v, held);
    AM.image(held, g);

    const Vector made = Vector(c).first(j);
    k.basis_dots(P.first(j * n), g, made);
    for (std::size_t i = 0; i < j; i++) {
      for (std::size_t l = 0; l < i; l++) made[i] -= mu[i * s + l] * made[l];
      made[i] /= mu[i * s + i];
    }
    k.basis_subtract(G.first(j * n), made, g, none);
    k.basis_subtract(U.first(j * n), made, held, none);
    k.basis_dots(P.subspan(j * n), g, Vector(column).first(m));
    for (std::size_t i = 0; i < m; i++) mu[(j + i) * s + j] = column[i];
    if (!(std::abs(column[0]) > kOrthogonal * std::sqrt(k.dot(g, g)))) return kNone;
    const double beta = f[j] / column[0];
    for (std::size_t i = j; i < s; i++) f[i] -= beta * mu[i * s + j];
    return k.advance(beta, held, g, y, r);
  };
  // r -= omega A r; returns r . r, NaN where omega vanished.
  const auto minimise = [&] {
    AM.image(r, v);
    const double rr = k.dot(r, r), tt = k.dot(v, v), tr = k.dot(v, r);
    const double cosine = std::abs(tr) / std::sqrt(rr * tt);
    omega = tr / tt;
    if (cosine < kKappa) omega *= kKappa / cosine;
    if (!(std::abs(omega) > 0 && std::abs(omega) < kInfinity)) return kNone;
    k.axpy(omega, r, y);
    k.axpy(-omega, v, r);
    return k.dot(r, r);
  };

  watch.start();
  for (Index i = 0, j = 0;; i++, j = (j + 1) % (s_ + 1)) {
    if (auto ended = watch.ended(i)) return *std::move(ended);
    if (i == 0) draw();
    if (watch.restart()) {
      j = 0;
      for (std::size_t m = 0; m < s; m++) {
        k.fill(vector(G, m), 0);
        k.fill(vector(U, m), 0);
      }
      std::fill(mu.begin(), mu.end(), 0.0);
      for (std::size_t m = 0; m < s; m++) mu[m * s + m] = 1;
      omega = 1;
      begun = watch.norm;
    }

    double square = j < s_ ? direction(j) : minimise();
    if (!(square < kInfinity)) {
      watch.renew();  // what has been gained is kept, and nothing is tried twice
      if (!(watch.norm < kGain * begun)) return watch.stop(Reason::breakdown, i + 1);
      square = watch.norm * watch.norm;
    }
    if (auto broken = watch.after(i + 1, std::sqrt(square))) return *std::move(broken);
  }
}

const Exposed idrs_{expose<idrs>("idrs")};

}  // namespace
}  // namespace krylov

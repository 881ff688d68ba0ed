#include <algorithm>
#include <cmath>

#include "core/matrix.hpp"
#include "core/method.hpp"
#include "krylov/arnoldi.hpp"
#include "krylov/hessenberg.hpp"
#include "recycle/recycled.hpp"

namespace krylov {
namespace {

constexpr std::size_t kFirst = 4;  // vectors that show whether a space is of another problem
// Where a renewal put less than this share of C in place of another, the space stays as it is for so many cycles, an
// even number: residuals of restarted cycles alternate (Baker, Jessup and Manteuffel 2005), and every second one shows
// the same half of what is missing. Products are as many, and two thirds of the vectors' work at the end of cycles go.
constexpr double kSettled = 0.05;
constexpr int kRest = 2;
constexpr double kSlow = 0.9;  // of the residual left by a cycle: not with this space

// An outcome with the subspace that is left: A M^-1 U = C, C orthonormal, vectors one after the other.
struct RecyclingOutcome : Outcome {
  ConstVector U, C;
  double drift = 0;  // mean sine of the angles between the images of the space that was given, then and now
  double early = 0;  // of its first vectors; beyond `strange` the others were left alone, and the space was not used
  // Vectors that were read or written besides products and M, and those of the last renewal, which serves what comes
  // next.
  double moved = 0, renewal = 0;
  static constexpr auto fields = std::tuple_cat(
      Outcome::fields,
      std::tuple{field("U", &RecyclingOutcome::U), field("C", &RecyclingOutcome::C),
                 field("drift", &RecyclingOutcome::drift), field("early", &RecyclingOutcome::early),
                 field("moved", &RecyclingOutcome::moved), field("renewal", &RecyclingOutcome::renewal)});
};

// GCRO-DR (Parks, de Sturler, Mackey, Johnson and Maiti 2006), preconditioned on the right, so that U lies in the
// preconditioned space: x += M^-1 (U t + V y). A cycle is restart - k steps of Arnoldi's process with I - C C^T, where
// A M^-1 [U V] = [C V+] G; it ends with U spanning the `recycle` harmonic Ritz vectors of smallest absolute value. A
// given space is only taken for a guess: its images are computed anew. A drift of its first vectors beyond `strange`
// shows that it is of another problem: it is dropped. Where nothing is to `keep`, the last cycle ends without that, and
// U and C are empty.
// Workspace: (restart + recycle + 4) n.
RecyclingOutcome gcrodr(Control& control, const Matrix& A, ConstVector b, Vector x,
                        const Preconditioner& preconditioner, const Stopping& stopping, Index restart_, Index recycle_,
                        ConstVector given, ConstVector images, bool keep, double strange) {
  const std::size_t n = b.size(), restart = restart_, recycle = recycle_;
  if (recycle_ < 0 || restart_ <= recycle_) throw Misuse("ERR_OPTION", "recycle must be less than restart");
  if (n > 0 && (given.size() % n != 0 || images.size() % n != 0))
    throw Misuse("ERR_SHAPE", "a space must hold whole vectors");
  BasisSweeps k(control, n);
  k.set_apart();
  const Vector r = control.arena.doubles(n);
  Recycled space(control, k, n, restart, recycle);
  std::vector<double> h(restart + 1), t(restart), held(restart), step;  // t: coefficients of U, then of V
  double none[1];
  Watch watch(k, A, b, x, {}, r, stopping);
  RightPreconditioned AM(k, A, preconditioner, n, watch);
  HessenbergLeastSquares least(restart);
  double drift = std::numeric_limits<double>::quiet_NaN(), early = drift;
  bool spent = false, exhausted = false;
  double before = 0;
  int rest = 0;  // cycles until the space is renewed

  watch.present = [&] {
    const std::size_t c = space.count, all = c + least.count;
    space.moved += all + 4;
    least.solve(Vector(t).subspan(c));
    space.coefficients(t, least.count);
    step.resize(all);
    bool changed = false;
    for (std::size_t i = 0; i < all; i++) {
      step[i] = held[i] - t[i];
      held[i] = t[i];
      changed |= step[i] != 0;
    }
    if (!changed) return;
    k.fill(r, 0);
    k.basis_subtract(space.U, ConstVector(step).first(c), r, none);
    k.basis_subtract(space.W.subspan(c * k.apart()), ConstVector(step).subspan(c), r, none);
    AM.correct(r, x);
  };
  const auto end = [&](Outcome&& outcome) {
    RecyclingOutcome out;
    out.moved = space.moved;
    if (keep) space.renew(least.count);
    const std::size_t left = keep ? space.count : 0;
    out.renewal = space.moved - out.moved;
    static_cast<Outcome&>(out) = least.in(std::move(outcome));
    const Vector U = control.allocate<double>(left * n), C = control.allocate<double>(left * n);
    for (std::size_t j = 0; j < left; j++) {
      k.copy(space.u(j), U.subspan(j * n, n));
      k.copy(space.c(j), C.subspan(j * n, n));
      control.poll();
    }
    out.U = U;
    out.C = C;
    out.drift = drift;
    out.early = early;
    return out;
  };

  watch.start();
  for (Index i = 0, j = 0;; i++, j++) {
    if (j == restart_ - static_cast<Index>(space.count)) {
      watch.renew();
      // all directions were searched, in vain
      if (exhausted && !(watch.norm < before / 2)) return end(watch.stop(Reason::stagnated, i));
    }
    if (auto ended = watch.ended(i)) return end(*std::move(ended));
    if (watch.restart()) {
      if (!(watch.norm < kSlow * before)) rest = 0;
      before = watch.norm;
      if (i == 0 && space.count == 0) {
        for (std::size_t at = 0; at < given.size() && !(early > strange); at += n) {
          space.append(given.subspan(at, n), AM);
          if (at + n == std::min(kFirst * n, given.size())) early = space.drift(images);
        }
        drift = space.drift(images);
        if (early > strange) space.count = 0;
      }
      if (rest > 0) {
        rest--;
      } else if (least.count > 0) {
        space.renew(least.count);
        rest = space.changed < kSettled ? kRest : 0;
      }
      j = 0;
      std::fill(held.begin(), held.end(), 0.0);
      k.copy(r, space.next(0));
      const double beta = orthonormalise(k, space.W, n, space.count, h);
      if (!(beta < kInfinity)) return end(watch.stop(Reason::not_finite, i));
      space.begin(h);
      least.begin(beta);
      if (beta == 0) {
        // r lies in the space, or so it seems: once
        if (spent) return end(watch.stop(Reason::breakdown, i));
        spent = true;
        watch.renew();
        i--;
        continue;
      }
      spent = false;
    }

    AM.image(space.next(j), space.next(j + 1));
    const double left = orthonormalise(k, space.W, n, space.count + j + 1, h);
    if (!(left < kInfinity)) return end(watch.stop(Reason::not_finite, i));
    if (!least.push(ConstVector(h).subspan(space.count))) return end(watch.stop(Reason::breakdown, i + 1));
    space.push(h, j);

    if (auto broken = watch.after(i + 1, least.residual)) return end(*std::move(broken));
    exhausted = left == 0 || space.count + j + 1 == n;
    if (exhausted) j = restart_ - static_cast<Index>(space.count) - 1;
  }
}

const Exposed gcrodr_{expose<gcrodr>("gcrodr")};

}  // namespace
}  // namespace krylov

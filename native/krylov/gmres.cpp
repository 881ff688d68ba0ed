#include "krylov/gmres.hpp"

#include <cmath>

#include "core/method.hpp"
#include "krylov/arnoldi.hpp"
#include "krylov/hessenberg.hpp"
#include "krylov/right_preconditioned.hpp"

namespace krylov {

Outcome gmres(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
              const Stopping& stopping, Index restart, Side side) {
  if (restart < 1) throw Misuse("ERR_OPTION", "restart must be positive");
  const std::size_t n = b.size(), most = restart;
  Sweeps k(control, n);
  k.set_apart();
  const std::size_t apart = k.apart();
  Arena& arena = control.arena;
  const Vector V = arena.doubles((most + 1) * apart);
  const auto vector = [n, apart](Vector block, std::size_t j) { return block.subspan(j * apart, n); };
  const Vector r = arena.doubles(n);
  std::vector<double> h(most + 1), y(most), held(most), step;  // held: the part of y that x has already
  double none[1];
  Watch watch(k, A, b, x, {}, r, stopping);
  RightPreconditioned AM(k, A, preconditioner, n, watch);
  const bool flexible = side == Side::flexible && !AM.plain, split = side == Side::split && !AM.plain;
  const Vector Z = flexible ? arena.doubles(most * apart) : V;  // what x is made of
  HessenbergLeastSquares least(most);
  double unit = 1;  // of the true residual in the one that is minimised

  watch.present = [&] {
    const std::size_t count = least.count;
    least.solve(y);
    step.resize(count);
    bool changed = false;
    for (std::size_t j = 0; j < count; j++) {
      step[j] = held[j] - y[j];
      held[j] = y[j];
      changed |= step[j] != 0;
    }
    if (!changed) return;
    if (AM.plain || flexible || side == Side::left) {
      k.basis_subtract(Z.first(count * apart), step, x, none);
      return;
    }
    k.fill(r, 0);
    k.basis_subtract(V.first(count * apart), step, r, none);
    split ? AM.leave(r, x) : AM.correct(r, x);
  };

  watch.start();
  for (Index i = 0, j = 0;; i++, j++) {
    if (j == restart) watch.renew();
    if (auto ended = watch.ended(i)) return least.in(*std::move(ended));
    if (watch.restart()) {
      j = 0;
      std::fill(held.begin(), held.end(), 0.0);
      if (split)
        AM.enter(r, V.first(n));
      else if (side == Side::left && !AM.plain)
        AM.apply(r, V.first(n));
      else
        k.copy(r, V.first(n));
      const double beta = orthonormalise(k, V, n, 0, h);
      if (!(beta > 0 && beta < kInfinity))
        return least.in(watch.stop(beta == 0 ? Reason::breakdown : Reason::not_finite, i));
      unit = watch.norm / beta;
      least.begin(beta);
    }

    if (split)
      AM.between(vector(V, j), vector(V, j + 1));
    else if (side == Side::left)
      AM.from_left(vector(V, j), vector(V, j + 1));
    else if (flexible)
      AM.image(vector(V, j), vector(V, j + 1), vector(Z, j));
    else
      AM.image(vector(V, j), vector(V, j + 1));
    const double left = orthonormalise(k, V, n, j + 1, h);
    if (!(left < kInfinity)) return least.in(watch.stop(Reason::not_finite, i));
    if (!least.push(h)) return least.in(watch.stop(Reason::breakdown, i + 1));

    if (auto broken = watch.after(i + 1, unit * least.residual)) return least.in(*std::move(broken));
    if (left == 0) j = restart - 1;  // the space is exhausted
  }
}

namespace {

const Exposed gmres_{expose<gmres>("gmres")};

}  // namespace
}  // namespace krylov

#include "recycle/projection.hpp"

#include <cmath>
#include <limits>

namespace krylov {

namespace {

constexpr double kDependent = 1e-14;  // share of c . M^-1 c that is left when c counts as a combination of the others

}  // namespace

Projection::Projection(Control& control, BasisSweeps& k, std::size_t n, std::size_t recycle, Recycled& space,
                       bool plain)
    : control_(control),
      k_(k),
      n_(n),
      apart_(k.apart()),
      space_(space),
      plain_(plain),
      Z_(plain ? space.W : control.arena.doubles(recycle * k.apart())) {}

void Projection::open(RightPreconditioned& AM) {
  if (plain_) return;
  const Vector W = space_.W, U = space_.U;
  std::size_t count = 0;
  for (std::size_t from = 0; from < space_.count; from++) {
    control_.poll();
    const std::size_t at = count * apart_;
    const Vector c = space_.c(count), z = Z_.subspan(at, n_), u = space_.u(count);
    std::vector<double> h(count);
    if (from > count) {
      k_.copy(space_.c(from), c);
      k_.copy(space_.u(from), u);
    }
    AM.apply(c, z);
    const double whole = k_.dot(c, z);
    for (int pass = 0; pass < 2; pass++) {
      k_.basis_dots(Z_.first(at), c, h);
      k_.basis_subtract(W.first(at), h, c, none_);
      k_.basis_subtract(Z_.first(at), h, z, none_);
      k_.basis_subtract(U.first(at), h, u, none_);
    }
    const double left = k_.dot(c, z);
    if (!(left > kDependent * whole && whole > 0 && left < std::numeric_limits<double>::infinity())) continue;
    for (const Vector vector : {c, z, u}) k_.axpby(1 / std::sqrt(left), vector, 0, vector);
    count++;
  }
  space_.count = count;
}

void Projection::take_out(Vector q, Vector b) {
  if (b.empty()) return;
  k_.basis_dots(Z_, q, b);
  k_.basis_subtract(space_.W, b, q, none_);
}

}  // namespace krylov

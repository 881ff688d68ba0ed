#include "krylov/least_squares.hpp"

#include <cmath>

namespace krylov {

Bidiagonal::Bidiagonal(Control& control, const Matrix& A, const Matrix& At)
    : u(control.arena.doubles(A.rows())),
      v(control.arena.doubles(At.rows())),
      rows(control, A.rows()),
      columns(control, At.rows()),
      A_(A),
      At_(At),
      mine_(control.arena.doubles(A.rows())),
      other_(control.arena.doubles(At.rows())) {}

void Bidiagonal::start(ConstVector b) {
  rows.copy(b, u);
  columns.fill(v, 0);
  beta = normalise(rows, u);
  if (beta > 0) columns.multiply(At_, u, v);
  products++;
  alpha = normalise(columns, v);
}

void Bidiagonal::step() {
  rows.multiply(A_, v, mine_);
  rows.axpby(1, mine_, -alpha, u);
  beta = normalise(rows, u);
  if (beta > 0) {
    columns.multiply(At_, u, other_);
    columns.axpby(1, other_, -beta, v);
    alpha = normalise(columns, v);
  } else {
    alpha = 0;
  }
  products += 2;
}

double Bidiagonal::normalise(Sweeps& k, Vector w) {
  const double size = k.norm(w);
  if (size > 0 && size < kInfinity) k.axpby(1 / size, w, 0, w);
  return size;
}

LeastWatch::LeastWatch(Control& control, Bidiagonal& basis, const Matrix& A, const Matrix& At, ConstVector b, Vector x,
                       double damp, const Stopping& stopping)
    : control_(control),
      basis_(basis),
      A_(A),
      At_(At),
      b_(b),
      x_(x),
      r_(control.arena.doubles(A.rows())),
      g_(control.arena.doubles(At.rows())),
      damp_(damp),
      stopping_(stopping) {
  if (b.size() != A.rows() || x.size() != At.rows() || A.pattern.columns != At.pattern.rows ||
      At.pattern.columns != A.pattern.rows)
    throw Misuse("ERR_SHAPE", "A, its transpose, b and x must fit");
  A.pattern.check_indices();
  At.pattern.check_indices();
  size_ = basis.rows.norm(b);
}

std::optional<LeastOutcome> LeastWatch::ended(Index i, const LeastNorms& norms) {
  const double rtol = stopping_.rtol, target = std::max(rtol * size_, stopping_.atol);
  const bool claimed =
      norms.residual <= share_ * target || norms.normal <= share_ * rtol * norms.matrix * norms.residual;
  const bool exhausted = norms.normal <= kEpsilon * norms.matrix * norms.residual;
  if (claimed || exhausted) {
    truth();
    const bool met = residual_ <= target || normal_ <= rtol * norms.matrix * damped_;
    if (met || exhausted || share_ < 1e-6) return end(met ? LeastReason::converged : LeastReason::stagnated, i, norms);
    share_ /= 4;
  }
  if (i == stopping_.max_iterations) return stop(LeastReason::max_iterations, i, norms);
  if (i > 0 && control_.iterate(i, norms.residual)) return stop(LeastReason::time_limit, i, norms);
  return std::nullopt;
}

LeastOutcome LeastWatch::stop(LeastReason reason, Index i, const LeastNorms& norms) {
  truth();
  return end(reason, i, norms);
}

void LeastWatch::truth() {
  const double square = basis_.rows.residual(A_, x_, b_, r_);
  basis_.columns.multiply(At_, r_, g_);
  if (damp_ > 0) basis_.columns.axpy(-damp_ * damp_, x_, g_);
  residual_ = std::sqrt(square);
  normal_ = basis_.columns.norm(g_);
  damped_ = std::sqrt(square + damp_ * damp_ * basis_.columns.dot(x_, x_));
}

LeastOutcome LeastWatch::end(LeastReason reason, Index i, const LeastNorms& norms) const {
  return {residual_ < kInfinity ? reason : LeastReason::not_finite,
          i,
          residual_,
          normal_,
          norms.matrix,
          norms.condition,
          basis_.products};
}

}  // namespace krylov

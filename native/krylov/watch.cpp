#include "krylov/watch.hpp"

#include <cmath>

#include "krylov/nullspace.hpp"

namespace krylov {

Watch::Watch(Sweeps& k, const Matrix& A, ConstVector b, Vector x, ConstVector N, Vector r, const Stopping& stopping)
    : k_(k),
      A_(A),
      b_(b),
      x_(x),
      N_(N),
      r_(r),
      checkpoint_(k.control().arena.doubles(b.size())),
      stopping_(stopping),
      size_(k.norm(b)),
      target_(std::max(stopping.rtol * size_, stopping.atol)),
      lowest_(std::max(target_, kEpsilon * size_)) {
  check_system(A, b, x);
}

void Watch::start() {
  if (stopping_.warm) {
    true_residual();
  } else {
    k_.copy(b_, r_);
    norm = size_;
    project_residual();
  }
  limit_ = kDiverged * std::max(norm, size_);
  best_ = norm;
  before_ = norm;
  k_.copy(x_, checkpoint_);
  if (stopping_.history) history_.push_back(norm);
}

std::optional<Outcome> Watch::ended(Index i) {
  if (norm <= lowest_ || !reachable_) {
    if (!verified_) true_residual();
    if (norm <= target_) return end(Reason::converged, i);
    if (!(norm < last_truth_ / 2 && reachable_)) return end(Reason::stagnated, i);
    last_truth_ = norm;
    best_ = norm;
    best_at_ = i;
    fresh_ = true;
  }
  if (i - best_at_ > patience(x_.size())) return stop(Reason::stagnated, i);
  if (i == stopping_.max_iterations) return stop(Reason::max_iterations, i);
  return std::nullopt;
}

std::optional<Outcome> Watch::after(Index i, double new_norm) {
  norm = new_norm;
  verified_ = false;
  if (stopping_.history) history_.push_back(norm);
  if (!(norm <= limit_)) {
    if (present) present();
    k_.copy(checkpoint_, x_);
    return stop(norm < kInfinity ? Reason::diverged : Reason::not_finite, i);
  }
  if (norm < kStalled * best_) {
    best_ = norm;
    best_at_ = i;
  }
  if (i % kCheckpoint == 0 && kept_ == kInfinity) {
    if (present) present();
    k_.copy(x_, checkpoint_);
  }
  if (stopping_.slow > 0 && i % kSlow == 0) {
    if (norm > stopping_.slow * before_ && norm > lowest_) return stop(Reason::stagnated, i);
    before_ = norm;
  }
  if (k_.control().iterate(i, norm)) return stop(Reason::time_limit, i);
  return std::nullopt;
}

Outcome Watch::stop(Reason reason, Index iterations) {
  if (!verified_) true_residual();
  const bool finite = norm < kInfinity;
  if (!finite || norm > kStalled * kept_) {
    k_.copy(checkpoint_, x_);
    true_residual();
  }
  if (!finite) return end(Reason::not_finite, iterations);
  return end(norm <= target_ ? Reason::converged : reason, iterations);
}

void Watch::true_residual() {
  if (present) present();
  operator_count++;
  verified_ = true;
  norm = std::sqrt(k_.residual(A_, x_, b_, r_));
  project_residual();
}

void Watch::project_residual() {
  if (N_.empty()) return;
  project(k_, N_, r_);
  const double rest = k_.norm(r_);
  reachable_ = !(rest <= lowest_ && std::sqrt(norm * norm - rest * rest) > lowest_);
}

Outcome Watch::end(Reason reason, Index iterations) {
  return {reason, iterations, norm, operator_count, preconditioner_count, std::move(history_), {}, {}};
}

Reason named(double form, double vv, double ww, Reason indefinite) {
  const double rounding = kEpsilon * std::sqrt(vv) * std::sqrt(ww);
  if (!(std::abs(form) < kInfinity && rounding < kInfinity)) return Reason::not_finite;
  return form < -rounding ? indefinite : Reason::breakdown;
}

}  // namespace krylov

#include <cmath>
#include <utility>

#include "core/method.hpp"
#include "kernels/basis_sweeps.hpp"
#include "krylov/nullspace.hpp"
#include "krylov/qlp.hpp"
#include "krylov/watch.hpp"
#include "precondition/apply.hpp"

namespace krylov {

namespace {

// An outcome with || A M^-1 (b - A x) ||, recomputed: zero at a least-squares solution.
struct QlpOutcome : Outcome {
  double normal_norm = 0;
  static constexpr auto fields =
      std::tuple_cat(Outcome::fields, std::tuple{field("normalNorm", &QlpOutcome::normal_norm)});
};

// || A r || / (|| A || || r ||) at which r is split: its part outside the null space is lost beyond the root of eps.
constexpr double kBlurred = 1e-7;
constexpr double kBetter = 1e-5;  // how much smaller than rtol it is made in the end, since x may be that much worse
constexpr double kSingular =
    1e-10;                        // share of the norm below which a diagonal entry of L is one of the null space there
constexpr double kLeast = 1e-14;  // what cannot be had

// MINRES-QLP: see src/krylov/minresQlp.steps.ts. Workspace: 9n.
class MinresQlp {
 public:
  MinresQlp(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& M, ConstVector N,
            const Stopping& stopping)
      : n_(b.size()),
        plain_(std::holds_alternative<Identity>(M) && N.empty()),
        k_(control, n_),
        A_(A),
        M_(control, M, n_),
        x_(x),
        N_(N),
        stopping_(stopping),
        r_(control.arena.doubles(n_)),
        q_(control.arena.doubles(n_)),
        v_(control.arena.doubles(n_)),
        v_old_(control.arena.doubles(n_)),
        W_(control.arena.doubles(4 * n_)),
        W3_(W_.first(3 * n_)),
        z_(W_.subspan(3 * n_)),
        watch_(k_, A, b, x, N, r_, stopping),
        aim_(std::max(kBetter * stopping.rtol, kLeast)) {}

  QlpOutcome run() {
    watch_.present = [this] {
      if (std::exchange(stale_, false)) present(x_);
    };
    k_.copy(x_, W_.first(n_));
    watch_.start();
    for (Index i = 0;; i++) {
      if (!splitting_)
        if (auto ended = watch_.ended(i)) return finish(*std::move(ended));
      if (watch_.restart()) {
        k_.copy(r_, v_);
        rest_ = unit_ = 0;
        const double square = begin(x_);
        if (!(square > 0 && square < kInfinity)) return refuse(square, i);
      }

      k_.axpby(1 / gamma_, q_, 0, z_);
      const double alpha = k_.multiply_dot(A_, z_, q_);
      watch_.operator_count++;
      if (!(std::abs(alpha) < kInfinity)) return finish(watch_.stop(Reason::not_finite, i));
      k_.axpby(-alpha / gamma_, v_, -gamma_ / gamma_old_, v_old_);
      k_.axpy(1, q_, v_old_);
      std::swap(v_, v_old_);
      const double square = apply(v_);
      const double scale = std::abs(alpha) + gamma_;
      if (!(square > -kEpsilon * scale * scale && square < kInfinity)) return refuse(square, i);
      gamma_old_ = std::exchange(gamma_, std::sqrt(std::max(square, 0.0)));
      qlp_.push(alpha, gamma_);
      if (splitting_) k_.axpby(1 / gamma_old_, v_old_, 0, z_);
      k_.basis_combine(W_, qlp_.step, 0, W3_, n_);
      stale_ = !splitting_;

      if (auto broken = watch_.after(i + 1, splitting_ ? watch_.norm : residual_norm()))
        return finish(*std::move(broken));
      if (splitting_) {
        if (qlp_.phi <= aim_ * qlp_.size * total_ || qlp_.singular || i + 1 >= stopping_.max_iterations) solve();
      } else if (qlp_.singular || qlp_.normal <= share() * qlp_.size * std::hypot(qlp_.phi, rest_)) {
        const double before = normal_norm_;
        qlp_.drop(kSingular);
        stale_ = true;
        watch_.renew();
        if (shorten()) watch_.renew();
        normal_norm_ = normal();
        if (is_least(aim_) || !(normal_norm_ < before / 2)) return finish(watch_.stop(Reason::stagnated, i + 1));
        if (i + 1 < stopping_.max_iterations) split();
      }
    }
  }

 private:
  // || b - A x ||_2, as far as it is known.
  double residual_norm() {
    if (plain_) return std::hypot(qlp_.phi, rest_);
    if (unit_ > 0) return std::hypot(unit_ * qlp_.phi, stays_);
    k_.axpby(gamma_ > 0 ? -qlp_.c() * qlp_.phi / gamma_ : 0, v_, qlp_.s() * qlp_.s(), r_);
    return k_.norm(r_);
  }
  // What ends this part of the iteration.
  double share() const { return rest_ > 0 ? aim_ : std::max(aim_, kBlurred); }
  // A c = A r: z holds the right-hand side.
  void split() {
    watch_.restart();
    splitting_ = true;
    total_ = std::sqrt(k_.dot(r_, q_));
    k_.copy(z_, v_);
    begin({});
  }
  // A dx = c
  void solve() {
    present(v_);
    k_.axpy(-1, v_, r_);
    rest_ = std::sqrt(std::max(0.0, apply(r_)));
    stays_ = k_.norm(r_);
    splitting_ = false;
    unit_ = k_.norm(v_) / std::sqrt(begin(x_));
  }
  // Starts from v, and from x; returns v . M^-1 v.
  double begin(ConstVector x) {
    k_.fill(v_old_, 0);
    for (std::size_t j = 0; j < 4; j++) k_.fill(W_.subspan(j * n_, n_), 0);
    if (!x.empty()) k_.copy(x, W_.first(n_));
    const double square = apply(v_);
    gamma_ = std::sqrt(square);
    gamma_old_ = 1;
    stale_ = false;
    qlp_.begin(gamma_);
    return square;
  }
  // x = W u
  void present(Vector x) {
    const double u[3] = {1, qlp_.ul, qlp_.u};
    k_.basis_combine(W3_, u, 0, x, n_);
  }
  // q = M^-1 v; returns v . q
  double apply(Vector v) {
    const double dot = M_(k_, v, q_);
    watch_.preconditioner_count++;
    if (N_.empty()) return dot;
    project(k_, N_, q_);
    return k_.dot(v, q_);
  }
  // z = A M^-1 r; returns its norm.
  double normal() {
    apply(r_);
    watch_.operator_count++;
    k_.multiply(A_, q_, z_);
    return k_.norm(z_);
  }
  // Takes out what x has along r, where that belongs to the null space: whether it did.
  bool shorten() {
    if (!N_.empty()) return false;
    const double size = normal();
    const double along = k_.dot(x_, r_) / k_.dot(r_, q_);
    if (!(std::abs(along) * size <= (rest_ == 0 ? 10 : 0.1) * watch_.norm)) return false;
    k_.axpy(-along, q_, x_);
    k_.copy(x_, W_.first(n_));
    qlp_.ul = qlp_.u = 0;
    return true;
  }
  bool is_least(double share) const { return normal_norm_ <= share * qlp_.size * watch_.norm; }
  QlpOutcome refuse(double square, Index i) {
    return finish(watch_.stop(named(square, k_.dot(v_, v_), k_.dot(q_, q_), Reason::indefinite_preconditioner), i));
  }
  // With what is known of A.
  QlpOutcome finish(Outcome ended) {
    QlpOutcome outcome{std::move(ended)};
    outcome.normal_norm = normal_norm_ =
        outcome.reason == Reason::not_finite ? std::numeric_limits<double>::quiet_NaN() : normal();
    if (outcome.reason == Reason::stagnated && is_least(stopping_.rtol)) outcome.reason = Reason::least_squares;
    outcome.operator_count = watch_.operator_count;
    outcome.preconditioner_count = watch_.preconditioner_count;
    if (qlp_.size > 0) {
      outcome.diagonal = {qlp_.smallest, qlp_.size};
      outcome.off_diagonal = {0};
    }
    return outcome;
  }

  const std::size_t n_;
  const bool plain_;
  BasisSweeps k_;
  const Matrix& A_;
  Applied M_;
  Vector x_;
  ConstVector N_;
  const Stopping& stopping_;
  Vector r_, q_, v_, v_old_, W_, W3_, z_;
  Watch watch_;
  Qlp qlp_;
  const double aim_;
  double gamma_ = 0, gamma_old_ = 1;
  bool stale_ = false;           // whether x is to be made from W
  bool splitting_ = false;       // whether A c = A r is being solved
  double rest_ = 0;              // || r - c ||, the part of the residual that stays, in the norm of M^-1
  double stays_ = 0, unit_ = 0;  // in the 2-norm, that and the rest's unit; 0 where r itself is kept
  double total_ = 0;             // || r ||, when it was split
  double normal_norm_ = kInfinity;
};

QlpOutcome minres_qlp(Control& control, const Matrix& A, ConstVector b, Vector x, const Preconditioner& preconditioner,
                      ConstVector N, const Stopping& stopping) {
  return MinresQlp(control, A, b, x, preconditioner, N, stopping).run();
}

const Exposed minres_qlp_{expose<minres_qlp>("minresQlp")};

}  // namespace
}  // namespace krylov

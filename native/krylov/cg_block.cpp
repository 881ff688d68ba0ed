#include <cmath>
#include <functional>

#include "core/method.hpp"
#include "krylov/nullspace.hpp"
#include "krylov/watch.hpp"
#include "precondition/apply.hpp"

namespace krylov {

namespace {

// How each column ended.
struct BlockOutcome {
  std::vector<double> reasons;  // index into the list of reasons, per column
  std::vector<double> iterations;
  std::vector<double> residual_norms;  // of the true residuals
  Index operator_count = 0;            // products with A, each for all columns
  Index preconditioner_count = 0;      // applications of M, each to one column
  std::vector<double> history;         // residual norms of all columns, a row per iteration
  static constexpr auto fields = std::tuple{field("reasons", &BlockOutcome::reasons),
                                            field("iterations", &BlockOutcome::iterations),
                                            field("residualNorms", &BlockOutcome::residual_norms),
                                            field("operator", &BlockOutcome::operator_count),
                                            field("preconditioner", &BlockOutcome::preconditioner_count),
                                            field("history", &BlockOutcome::history)};
};

constexpr double kRunning = -1;

// The columns of a solve: what they share, and how far each has come.
class Columns {
 public:
  using Test = std::function<bool(std::size_t)>;

  Columns(Control& control, const Csr& A, ConstVector B, Vector X, std::size_t s, const Preconditioner& M,
          ConstVector N, ConstVector atols, const Stopping& stopping)
      : control_(control),
        A_(A),
        B_(B),
        X_(X),
        s_(s),
        n_(A.rows()),
        k_(control, n_),
        M_(control, M, n_),
        N_(N),
        atols_(atols),
        o_(stopping) {
    if (A.pattern.columns != A.pattern.rows || B.size() != n_ * s || X.size() != n_ * s || atols.size() != s)
      throw Misuse("ERR_SHAPE", "A, B and X must have the same order");
    A.pattern.check_indices();
  }

  BlockOutcome solve();

 private:
  bool running(std::size_t c) const { return out_.reasons[c] == kRunning; }
  bool some(const Test& test) const {
    for (std::size_t c = 0; c < s_; c++)
      if (test(c)) return true;
    return false;
  }
  void end(std::size_t c, Reason reason, Index i) {
    out_.reasons[c] = static_cast<double>(reason);
    out_.iterations[c] = i;
    for (std::size_t at = c; at < P_.size(); at += s_) Z_[at] = P_[at] = 0;
  }
  void end_one(std::size_t c, Reason reason, Index i) {
    true_residuals([c](std::size_t other) { return other == c; });
    conclude(c, reason, i);
  }
  void conclude(std::size_t c, Reason reason, Index i) {
    if (norms()[c] < kInfinity) return end(c, norms()[c] <= target_[c] ? Reason::converged : reason, i);
    restore(c);
    true_residuals([c](std::size_t other) { return other == c; });
    end(c, Reason::not_finite, i);
  }
  void restore(std::size_t c) {
    for (std::size_t at = c; at < X_.size(); at += s_) X_[at] = checkpoint_[at];
  }
  double square_of(ConstVector V, std::size_t c) const {
    double square = 0;
    for (std::size_t at = c; at < V.size(); at += s_) square += V[at] * V[at];
    return square;
  }
  void end_all(Reason reason, Index i) {
    const Test now_running = [this](std::size_t c) { return running(c); };
    if (some(now_running)) true_residuals(now_running);
    for (std::size_t c = 0; c < s_; c++)
      if (running(c)) conclude(c, reason, i);
  }
  void product(ConstVector from, Vector to) {
    out_.operator_count++;
    k_.multiply(A_, from, to, s_);
  }
  // R and its norms become b - A x for the columns that `test` names.
  void true_residuals(const Test& test) {
    product(X_, T_);
    for (std::size_t c = 0; c < s_; c++) {
      if (!test(c)) continue;
      for (std::size_t i = 0, at = c; i < n_; i++, at += s_) column_[i] = B_[at] - T_[at];
      norms()[c] = k_.norm(column_);
      project(k_, N_, column_);
      const double rest = k_.norm(column_);
      reachable_[c] = !(rest <= lowest_[c] && std::sqrt(norms()[c] * norms()[c] - rest * rest) > lowest_[c]);
      for (std::size_t i = 0, at = c; i < n_; i++, at += s_) R_[at] = column_[i];
      verified_[c] = true;
    }
  }
  void precondition(std::size_t c) {
    for (std::size_t i = 0, at = c; i < n_; i++, at += s_) column_[i] = R_[at];
    M_(k_, column_, answer_);
    out_.preconditioner_count++;
    project(k_, N_, answer_);
    for (std::size_t i = 0, at = c; i < n_; i++, at += s_) Z_[at] = answer_[i];
  }
  void keep_history() {
    if (o_.history) out_.history.insert(out_.history.end(), norms().begin(), norms().end());
  }
  void judge_arrivals(Index i);
  std::vector<double>& norms() { return out_.residual_norms; }

  Control& control_;
  const Csr& A_;
  ConstVector B_;
  Vector X_;
  std::size_t s_, n_;
  Sweeps k_;
  Applied M_;
  ConstVector N_, atols_;
  const Stopping& o_;
  Vector R_, Z_, P_, Q_, T_, checkpoint_, column_, answer_;
  std::vector<double> target_, lowest_, last_truth_, best_;
  std::vector<Index> best_at_;
  std::vector<bool> fresh_, verified_, reachable_;
  BlockOutcome out_;
};

// Columns whose residual met the target: the true one decides.
void Columns::judge_arrivals(Index i) {
  std::vector<bool> arrived(s_);
  for (std::size_t c = 0; c < s_; c++) arrived[c] = running(c) && (norms()[c] <= lowest_[c] || !reachable_[c]);
  const Test doubtful = [&](std::size_t c) { return arrived[c] && !verified_[c]; };
  if (some(doubtful)) true_residuals(doubtful);
  for (std::size_t c = 0; c < s_; c++) {
    if (!running(c)) continue;
    if (arrived[c]) {
      if (norms()[c] <= target_[c])
        end(c, Reason::converged, i);
      else if (!(norms()[c] < last_truth_[c] / 2 && reachable_[c]))
        end(c, Reason::stagnated, i);
      last_truth_[c] = norms()[c];
      best_[c] = norms()[c];
      best_at_[c] = i;
      fresh_[c] = true;
    } else if (i - best_at_[c] > patience(n_)) {
      end_one(c, Reason::stagnated, i);
    }
  }
}

// Conjugate gradients for s right-hand sides at once: each column has its own coefficients, A is read once per
// iteration for all of them, and a column that has ended is frozen. Workspace: (6 s + 2) n.
BlockOutcome Columns::solve() {
  Arena& arena = control_.arena;
  for (Vector* block : {&R_, &Z_, &P_, &Q_, &T_, &checkpoint_}) *block = arena.doubles(n_ * s_);
  column_ = arena.doubles(n_);
  answer_ = arena.doubles(n_);
  const Vector values = arena.doubles(s_), squares = arena.doubles(s_), beta = arena.doubles(s_);
  const Vector alpha = arena.doubles(s_), rho = arena.doubles(s_);
  std::vector<double> steepest(s_);
  std::fill(P_.begin(), P_.end(), 0.0);
  out_.reasons.assign(s_, kRunning);
  out_.iterations.assign(s_, 0);
  last_truth_.assign(s_, kInfinity);
  fresh_.assign(s_, true);
  verified_.assign(s_, true);
  reachable_.assign(s_, true);
  best_at_.assign(s_, 0);

  k_.column_dots(B_, B_, squares);
  for (const double square : squares) norms().push_back(std::sqrt(square));
  for (std::size_t c = 0; c < s_; c++) {
    target_.push_back(std::max(o_.rtol * norms()[c], atols_[c]));
    lowest_.push_back(std::max(target_[c], kEpsilon * norms()[c]));
  }
  std::vector<double> limit = norms();
  std::copy(B_.begin(), B_.end(), R_.begin());
  if (o_.warm || !N_.empty()) true_residuals([](std::size_t) { return true; });
  for (std::size_t c = 0; c < s_; c++) limit[c] = kDiverged * std::max(limit[c], norms()[c]);
  best_ = norms();
  keep_history();
  std::copy(X_.begin(), X_.end(), checkpoint_.begin());

  for (Index i = 0;; i++) {
    judge_arrivals(i);
    if (!some([this](std::size_t c) { return running(c); })) return std::move(out_);
    if (i == o_.max_iterations) {
      end_all(Reason::max_iterations, i);
      continue;
    }

    for (std::size_t c = 0; c < s_; c++)
      if (running(c)) precondition(c);
    k_.column_dots(R_, Z_, values);
    k_.column_dots(Z_, Z_, squares);
    for (std::size_t c = 0; c < s_; c++) {
      beta[c] = 0;
      if (!running(c)) continue;
      if (!(values[c] > 0 && values[c] < kInfinity)) {
        end_one(c, named(values[c], norms()[c] * norms()[c], squares[c], Reason::indefinite_preconditioner), i);
        continue;
      }
      beta[c] = fresh_[c] ? 0 : values[c] / rho[c];
      rho[c] = values[c];
      fresh_[c] = false;
    }
    k_.column_xpby(Z_, beta, P_);

    product(P_, Q_);
    k_.column_dots(P_, Q_, values);
    k_.column_dots(Q_, Q_, squares);
    for (std::size_t c = 0; c < s_; c++) {
      alpha[c] = 0;
      if (!running(c)) continue;
      steepest[c] = std::max(steepest[c], values[c] / rho[c]);
      if (values[c] > kEpsilon * steepest[c] * rho[c] && values[c] < kInfinity)
        alpha[c] = rho[c] / values[c];
      else
        end_one(c, named(values[c], square_of(P_, c), squares[c], Reason::indefinite_operator), i);
    }
    k_.column_advance(alpha, P_, Q_, X_, R_, squares);
    double worst = 0;
    for (std::size_t c = 0; c < s_; c++) {
      if (!running(c)) continue;
      norms()[c] = std::sqrt(squares[c]);
      verified_[c] = false;
      worst = std::max(worst, norms()[c]);
      if (norms()[c] < kStalled * best_[c]) {
        best_[c] = norms()[c];
        best_at_[c] = i + 1;
      }
      if (norms()[c] <= limit[c]) continue;
      restore(c);
      end_one(c, norms()[c] < kInfinity ? Reason::diverged : Reason::not_finite, i + 1);
    }
    if ((i + 1) % kCheckpoint == 0) std::copy(X_.begin(), X_.end(), checkpoint_.begin());
    keep_history();
    if (control_.iterate(i + 1, worst)) end_all(Reason::time_limit, i + 1);
  }
}

// B, X: n x s, row-major; X holds the first guess and gets the solution. atols: the columns' absolute tolerances.
BlockOutcome cg_block(Control& control, const Csr& A, ConstVector B, Vector X, Index s, const Preconditioner& M,
                      ConstVector N, ConstVector atols, const Stopping& stopping) {
  if (s < 1) throw Misuse("ERR_SHAPE", "B must have at least one column");
  return Columns(control, A, B, X, s, M, N, atols, stopping).solve();
}

const Exposed cg_block_{expose<cg_block>("cgBlock")};

}  // namespace
}  // namespace krylov

#pragma once
#include <functional>
#include <optional>

#include "core/matrix.hpp"
#include "kernels/sweeps.hpp"
#include "krylov/stopping.hpp"

namespace krylov {

// Where every solver of A x = b ends, and how it is named. The solver keeps `norm`, the norm of its own residual r; on
// apparent convergence the true one is computed, and where the target is not met it replaces r, from which the solver
// restarts (van der Vorst and Ye 2000). Workspace: 1n.
class Watch {
 public:
  // Throws Misuse where A, b and x do not have the same order or A's indices are out of range.
  Watch(Sweeps& k, const Matrix& A, ConstVector b, Vector x, ConstVector N, Vector r, const Stopping& stopping);

  double norm = 0;  // of the solver's residual r
  double target() const { return target_; }
  Index operator_count = 0, preconditioner_count = 0;
  // Brings x up to date, where the solver keeps it in another numbering, or in pieces.
  std::function<void()> present;

  // r = b - A x for the first guess.
  void start();
  // Before iteration i: whether the solution is there, or nothing more will come. Where the target is below the
  // rounding of b, the solver's own residual goes on falling after the true one has stopped: from there on it proves
  // nothing.
  std::optional<Outcome> ended(Index i);
  // Whether the solver has to (re)start from r: at the beginning, and after the true residual replaced it.
  bool restart() { return std::exchange(fresh_, false); }
  // r = b - A x: the solver restarts from it.
  void renew() {
    true_residual();
    fresh_ = true;
  }
  // After iteration i (from 1), which left `norm`: what cannot go on ends here.
  std::optional<Outcome> after(Index i, double norm);
  // Keeps x, the first time it is told to: where what follows makes the residual no smaller, it may only spoil x.
  void keep() {
    if (kept_ < kInfinity) return;
    k_.copy(x_, checkpoint_);
    kept_ = norm;
  }
  // Ends with the true residual; an answer that meets the target is one, however the iteration ended.
  Outcome stop(Reason reason, Index iterations);

 private:
  void true_residual();
  // Takes the null space out of r; where that was nearly all of it, what is left can never meet the target.
  void project_residual();
  Outcome end(Reason reason, Index iterations);

  Sweeps& k_;
  const Matrix A_;
  ConstVector b_;
  Vector x_;
  ConstVector N_;
  Vector r_, checkpoint_;
  const Stopping& stopping_;
  std::vector<double> history_;
  double size_, target_, lowest_, limit_ = 0, best_ = 0, before_ = 0, last_truth_ = kInfinity;
  double kept_ = kInfinity;  // norm of the residual of an x that was kept
  Index best_at_ = 0;
  bool verified_ = true, fresh_ = true, reachable_ = true;
};

// A form v.w that should be positive and is not, given v.v and w.w: beyond rounding the matrix is indefinite, else it
// broke down.
Reason named(double form, double vv, double ww, Reason indefinite);

}  // namespace krylov

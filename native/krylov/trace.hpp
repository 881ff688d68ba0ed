#pragma once
#include <cmath>
#include <utility>

#include "krylov/stopping.hpp"

namespace krylov {

// What a conjugate-gradient iteration leaves behind: counts, residual norms, and its Lanczos matrix.
class Trace {
 public:
  explicit Trace(bool history) : keep_(history) {}

  Outcome outcome;

  void start(double norm) {
    if (keep_) outcome.history.push_back(norm);
  }

  // T_ii = 1 / alpha_i + beta_i / alpha_(i-1) and T_(i,i-1) = sqrt(beta_i) / alpha_(i-1) (Golub and Van Loan,
  // 11.3.5), up to the first restart.
  void step(double norm, double alpha, double beta, bool fresh) {
    if (keep_) outcome.history.push_back(norm);
    if (fresh && !outcome.diagonal.empty()) whole_ = false;
    if (!whole_) return;
    if (!outcome.diagonal.empty()) outcome.off_diagonal.push_back(std::sqrt(beta) / alpha_);
    outcome.diagonal.push_back(1 / alpha + beta / alpha_);
    alpha_ = alpha;
  }

  Outcome end(Reason reason, Index iterations, double residual_norm) {
    outcome.reason = reason;
    outcome.iterations = iterations;
    outcome.residual_norm = residual_norm;
    return std::move(outcome);
  }

 private:
  bool keep_;
  bool whole_ = true;
  double alpha_ = 1;
};

}  // namespace krylov

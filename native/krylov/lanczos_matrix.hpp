#pragma once
#include <cmath>
#include <utility>

#include "krylov/stopping.hpp"

namespace krylov {

// The Lanczos matrix of M^-1 A that conjugate gradients' coefficients make: T_ii = 1 / alpha_i + beta_i / alpha_(i-1),
// T_(i,i-1) = sqrt(beta_i) / alpha_(i-1) (Golub and Van Loan, 11.3.5), up to the first restart.
class LanczosMatrix {
 public:
  void step(double alpha, double beta, bool restarted) {
    const bool first = diagonal_.empty();
    if (restarted && !first) whole_ = false;
    if (!whole_) return;
    if (!first) off_diagonal_.push_back(std::sqrt(beta) / alpha_);
    diagonal_.push_back(1 / alpha + beta / alpha_);
    alpha_ = alpha;
  }

  // The outcome with this matrix in it.
  Outcome in(Outcome outcome) {
    outcome.diagonal = std::move(diagonal_);
    outcome.off_diagonal = std::move(off_diagonal_);
    return outcome;
  }

 private:
  std::vector<double> diagonal_, off_diagonal_;
  double alpha_ = 1;
  bool whole_ = true;
};

}  // namespace krylov

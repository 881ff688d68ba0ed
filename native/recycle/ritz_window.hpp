#pragma once
#include "kernels/basis_sweeps.hpp"

namespace krylov {

// The lowest Ritz pairs of a Lanczos process: M^-1 A Y = Y D + v c^T, v the vector that comes next.
struct RitzPairs {
  std::vector<double> D, c;
  Vector Y, v;
};

// eigCG's window on the Lanczos vectors that conjugate gradients pass through (Stathopoulos and Orginos 2010): when it
// is full, it is restarted with the `keep` lowest Ritz vectors of its matrix and as many of the matrix without its last
// row, so that eigenvectors go on converging as if nothing had been dropped. No product with A. Workspace: most n.
class RitzWindow {
 public:
  RitzWindow(Control& control, BasisSweeps& k, std::size_t n, std::size_t most, std::size_t keep);

  // The process ends or begins anew: what comes is not related to what is here.
  void close() { open_ = false; }
  // The next Lanczos vector, z / sqrt(rho), and how A couples it with the last.
  void push(ConstVector z, double rho, double coupling);
  // v . A v of the last vector.
  void curvature(double value) {
    if (open_) couple(count_ - 1, count_ - 1, value);
  }
  // The lowest Ritz pairs, none where not all are positive. Y lies where the window was.
  RitzPairs pairs();

 private:
  void restart(double coupling);
  Vector vectors(std::size_t from, std::size_t to) { return V_.subspan(from * n_, (to - from) * n_); }
  void couple(std::size_t i, std::size_t j, double value) { T_[i * most_ + j] = T_[j * most_ + i] = value; }
  std::vector<double> block(std::size_t m) const;

  Control& control_;
  BasisSweeps& k_;
  std::size_t n_, most_, keep_, count_ = 0;
  Vector V_;
  std::vector<double> T_;  // V^T A V, rows of most_; an arrow after a restart
  bool open_;
};

}  // namespace krylov

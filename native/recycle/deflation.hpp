#pragma once
#include <functional>

#include "recycle/ritz_window.hpp"

namespace krylov {

// Vectors, and an estimate of the eigenvalue of M^-1 A that belongs to each.
struct LowestSpace {
  Vector U;
  std::vector<double> values;
};

// W with W^T A W = I and its image A W, which conjugate gradients are kept away from. Workspace: 4 most n.
class Deflation {
 public:
  Deflation(Control& control, BasisSweeps& k, std::size_t n, std::size_t most);

  std::size_t count = 0;

  // Takes w into W, its image into A W; `image` computes A w. Not where it depends on the others, or has no energy.
  void append(ConstVector w, const std::function<void(ConstVector, Vector)>& image);
  // x += W W^T r, r -= A W W^T r: then r is orthogonal to W.
  void correct(Vector x, Vector r);
  // p -= W (A W)^T z
  void deflate(ConstVector z, Vector p);
  // The `most` lowest harmonic Ritz vectors of M^-1 A in the span of W and Y: (A Z)^T M^-1 (A Z) s = theta Z^T A Z s
  // with Z = [W, P Y], P = I - W (A W)^T (Saad et al. 2000). What Lanczos's relation M^-1 A P Y = Y D + v c^T tells of
  // Y needs no product; `apply` is asked for M^-1 A W. A step of Richardson's iteration, `omega` the reciprocal of the
  // largest eigenvalue, then takes out of each vector what no later Y would show: components of large eigenvalues.
  LowestSpace lowest(std::size_t most, const RitzPairs& pairs, double omega,
                     const std::function<void(ConstVector, Vector)>& apply);

 private:
  Vector W() const { return W_.first(count * n_); }
  Vector AW() const { return AW_.first(count * n_); }

  Control& control_;
  BasisSweeps& k_;
  std::size_t n_;
  Vector W_, AW_;
  std::vector<double> h_;
  double none_[1];
};

}  // namespace krylov

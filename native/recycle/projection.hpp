#pragma once
#include "recycle/recycled.hpp"

namespace krylov {

// I - C Z^T with Z = M^-1 C and Z^T C = I: the projection that takes C out of a residual as M^-1 measures it.
// Workspace: recycle n, none where M is the identity.
class Projection {
 public:
  Projection(Control& control, BasisSweeps& k, std::size_t n, std::size_t recycle, Recycled& space, bool plain);

  // C, orthonormal so far, is made so as M^-1 measures it; U goes with it. What M^-1 does not find positive is dropped.
  void open(RightPreconditioned& AM);
  // q -= C b, b = Z^T q
  void take_out(Vector q, Vector b);

 private:
  Control& control_;
  BasisSweeps& k_;
  std::size_t n_, apart_;
  Recycled& space_;
  bool plain_;
  Vector Z_;
  double none_[1];
};

}  // namespace krylov

#pragma once
#include "kernels/sweeps.hpp"
#include "precondition/kinds.hpp"

namespace krylov {

// A preconditioner with the workspace its applications need.
class Applied {
 public:
  // Throws Misuse where the record is not for n unknowns or its indices are out of range.
  Applied(Control& control, const Preconditioner& M, std::size_t n);

  bool is_identity() const { return std::holds_alternative<Identity>(M_); }

  // z = M^-1 r; returns r . z, which most preconditioners have on the way.
  double operator()(Sweeps& k, ConstVector r, Vector z);

 private:
  double apply(Sweeps& k, const Identity&, ConstVector r, Vector z) {
    k.copy(r, z);
    return k.dot(r, r);
  }
  double apply(Sweeps& k, const Jacobi& M, ConstVector r, Vector z) { return k.scale(M.inverse_diagonal, r, z); }
  double apply(Sweeps& k, const Factor& M, ConstVector r, Vector z) {
    return k.solve_factor(M.upper, M.inverse_diagonal, r, z);
  }
  double apply(Sweeps& k, const Chebyshev& M, ConstVector r, Vector z);

  const Preconditioner& M_;
  Vector d_, t_;  // Chebyshev only: direction and residual
};

}  // namespace krylov

#pragma once
#include <memory>
#include <optional>

#include "kernels/sweeps.hpp"
#include "precondition/chebyshev.hpp"
#include "precondition/kinds.hpp"
#include "precondition/multigrid.hpp"

namespace krylov {

// A preconditioner with the workspace its applications need.
class Applied {
 public:
  // Throws Misuse where the record is not for n unknowns or its indices are out of range.
  Applied(Control& control, const Preconditioner& M, std::size_t n);

  bool is_diagonal() const { return std::holds_alternative<Identity>(M_) || std::holds_alternative<Jacobi>(M_); }
  // Its entries, none for the identity.
  ConstVector diagonal() const {
    const auto* jacobi = std::get_if<Jacobi>(&M_);
    return jacobi ? jacobi->inverse_diagonal : ConstVector{};
  }

  // The factor, where it is kept by its diagonals.
  DiagonalSolve* diagonals() { return diagonals_ ? &*diagonals_ : nullptr; }

  // z = M^-1 r; returns r . z, which most preconditioners have on the way.
  double operator()(Sweeps& k, ConstVector r, Vector z);
  // M = M1 M2 of a factorization, U^T (D U) or L (D U): y = M1^-1 r, and z = M2^-1 y, in the numbering of the factor
  // between them. y and z are not r and y. Throws Misuse where M is not one.
  void forward(Sweeps& k, ConstVector r, Vector y);
  void backward(Sweeps& k, ConstVector y, Vector z);

 private:
  double apply(Sweeps& k, const Identity&, ConstVector r, Vector z) {
    k.copy(r, z);
    return k.dot(r, r);
  }
  double apply(Sweeps& k, const Jacobi& M, ConstVector r, Vector z) { return k.scale(M.inverse_diagonal, r, z); }
  double apply(Sweeps& k, const Factor& M, ConstVector r, Vector z) {
    return k.solve_factor(M.upper, M.inverse_diagonal, M.blocks, r, z);
  }
  double apply(Sweeps& k, const LevelFactor& M, ConstVector r, Vector z) {
    k.level_forward(M.lower, M.order, M.starts, r, t_, 0, M.starts.size() - 1);
    return k.level_backward(M.upper, M.inverse_diagonal, M.order, M.starts, t_, z, 0, M.starts.size() - 1);
  }
  double apply(Sweeps& k, const DiagonalFactor& M, ConstVector r, Vector z) {
    diagonals_->forward(k.control(), r, z, 0, diagonals_->steps());
    return diagonals_->backward(k.control(), M.inverse_diagonal, z, 0, diagonals_->steps());
  }
  double apply(Sweeps& k, const Chebyshev&, ConstVector r, Vector z) { return (*chebyshev_)(k, r, z); }
  double apply(Sweeps& k, const LdltFactor&, ConstVector r, Vector z) {
    (*direct_)(r, z, 1, true);
    return k.dot(r, z);
  }
  double apply(Sweeps& k, const Amg&, ConstVector r, Vector z) {
    multigrid_->apply(r, z);
    return k.dot(r, z);
  }

  double apply(Sweeps& k, const LuFactor& M, ConstVector r, Vector z);
  double apply(Sweeps& k, const TwoLevel& M, ConstVector r, Vector z);

  const Preconditioner& M_;
  std::optional<LdltSolve> direct_;  // two-level: of the coarse matrix
  std::unique_ptr<Multigrid> multigrid_;
  std::unique_ptr<Preconditioner> base_record_;  // two-level: the inner one
  std::unique_ptr<Applied> base_;
  std::optional<DiagonalSolve> diagonals_;
  std::optional<ChebyshevSweep> chebyshev_;
  // Levels: the vector in the new numbering; two-level: coarse right-hand side and
  // solution
  Vector d_, t_;
};

}  // namespace krylov

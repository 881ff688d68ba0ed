#pragma once
#include <functional>

#include "core/control.hpp"
#include "core/csr.hpp"

namespace krylov {

// Z = F^-1 R for a block of s right-hand sides, row-major.
using ApplyFactor = std::function<void(ConstVector r, Vector z, std::size_t s)>;

// What one call of a refined solve is given and fills; sizes are checked. Throws Misuse.
struct RefinedSolve {
  const Csr& A;
  ConstVector b;
  Vector x;
  Index columns;
  double rtol;
  Index most;
  Vector residual_norms, backward_errors;
};

// X = A^-1 B by a factor and iterative refinement. Returns the steps.
double refine(Control& control, const RefinedSolve& given, const ApplyFactor& apply);

}  // namespace krylov

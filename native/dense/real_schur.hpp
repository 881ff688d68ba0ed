#pragma once
#include <optional>
#include <vector>

#include "core/control.hpp"

namespace krylov {

// A = Z T Z^T: T upper triangular but for 2 x 2 blocks with complex eigenvalues on its diagonal, Z orthogonal; n x n,
// row-major.
struct RealSchur {
  std::vector<double> T, Z;
};

// The real Schur form of a square matrix, small enough for a second cache or two. Householder reduction to Hessenberg
// form, then Francis's implicit double shifts (Golub and Van Loan 2013, algorithms 7.4.2 and 7.5.1). None where entries
// are not finite, or 30 n sweeps do not suffice. Work: 25 n^3, of which 20 n^2 between polls.
std::optional<RealSchur> real_schur(Control& control, std::vector<double> A, std::size_t n);

}  // namespace krylov

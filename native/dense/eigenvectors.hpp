#pragma once
#include <complex>
#include <optional>
#include <vector>

#include "core/control.hpp"

namespace krylov {

// Eigenvalues of a real matrix, pairs side by side, the first of a pair with the positive imaginary part, and their
// vectors: of a pair, columns j and j + 1 are Re and Im. n x n, row-major.
struct Eigenvectors {
  std::vector<std::complex<double>> values;
  std::vector<double> vectors;
};

// Eigenvalues and right eigenvectors of a small square matrix, n x n, row-major: back substitution in its real Schur
// form. None where that has none.
std::optional<Eigenvectors> eigenvectors(Control& control, std::vector<double> A, std::size_t n);

}  // namespace krylov

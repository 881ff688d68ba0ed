#pragma once
#include <algorithm>
#include <numeric>

#include "dense/real_schur.hpp"

namespace krylov {

// Eigenvalues of a symmetric matrix, ascending, and orthonormal eigenvectors, one after the other.
struct SymmetricEigen {
  std::vector<double> values, vectors;
};

// Of a small symmetric matrix, n x n: its Schur form is diagonal. None where there is none.
inline std::optional<SymmetricEigen> symmetric_eigen(Control& control, std::vector<double> A, std::size_t n) {
  const std::optional<RealSchur> schur = real_schur(control, std::move(A), n);
  if (!schur) return {};
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return schur->T[i * n + i] < schur->T[j * n + j]; });
  SymmetricEigen out;
  for (const std::size_t j : order) {
    out.values.push_back(schur->T[j * n + j]);
    for (std::size_t i = 0; i < n; i++) out.vectors.push_back(schur->Z[i * n + j]);
  }
  return out;
}

}  // namespace krylov

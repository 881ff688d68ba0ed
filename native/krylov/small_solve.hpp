#pragma once
#include <cmath>
#include <vector>

#include "krylov/stopping.hpp"

namespace krylov {

// Solves G y = g in place, G a small symmetric positive definite matrix of order g.size(), which is overwritten:
// Cholesky, its diagonal scaled to 1. False where it is not positive definite to rounding.
inline bool small_solve(Vector G, Vector g) {
  const std::size_t n = g.size();
  std::vector<double> scale(n);
  for (std::size_t i = 0; i < n; i++) {
    scale[i] = 1 / std::sqrt(G[i * n + i]);
    if (!(scale[i] > 0 && scale[i] < kInfinity)) return false;
  }
  for (std::size_t j = 0; j < n; j++)
    for (std::size_t i = j; i < n; i++) {
      double sum = G[i * n + j] * scale[i] * scale[j];
      for (std::size_t m = 0; m < j; m++) sum -= G[i * n + m] * G[j * n + m];
      if (i == j && !(sum > kEpsilon)) return false;
      G[i * n + j] = i == j ? std::sqrt(sum) : sum / G[j * n + j];
    }
  for (std::size_t i = 0; i < n; i++) {
    double sum = g[i] * scale[i];
    for (std::size_t m = 0; m < i; m++) sum -= G[i * n + m] * g[m];
    g[i] = sum / G[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    double sum = g[i];
    for (std::size_t m = i + 1; m < n; m++) sum -= G[m * n + i] * g[m];
    g[i] = sum / G[i * n + i];
  }
  for (std::size_t i = 0; i < n; i++) g[i] *= scale[i];
  return true;
}

}  // namespace krylov

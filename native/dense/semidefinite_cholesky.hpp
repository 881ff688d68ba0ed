#pragma once
#include <cmath>

#include "core/control.hpp"

namespace krylov {

// L L^T = A for a positive semidefinite A of order n by rows, in place of its lower triangle (Golub and Van Loan,
// Algorithm 4.2.2). A pivot that falls to `tolerance` of its diagonal entry counts as zero and is replaced by that
// entry: on consistent systems the solution stays one, and L L^T is positive definite. False where a pivot is negative
// beyond that.
template <class Poll>
bool semidefinite_cholesky(std::size_t n, double* values, double tolerance, Poll&& poll) {
  const auto dot = [](const double* x, const double* y, std::size_t m) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    std::size_t k = 0;
    for (; k + 3 < m; k += 4) {
      s0 += x[k] * y[k];
      s1 += x[k + 1] * y[k + 1];
      s2 += x[k + 2] * y[k + 2];
      s3 += x[k + 3] * y[k + 3];
    }
    for (; k < m; k++) s0 += x[k] * y[k];
    return (s0 + s1) + (s2 + s3);
  };
  for (std::size_t i = 0; i < n; i++) {
    if (i % 64 == 0) poll();
    double* const row = values + i * n;
    const double given = row[i];
    for (std::size_t j = 0; j < i; j++) row[j] = (row[j] - dot(row, values + j * n, j)) / values[j * n + j];
    const double pivot = given - dot(row, row, i);
    if (!(pivot >= -tolerance * given && given > 0)) return false;
    row[i] = std::sqrt(pivot > tolerance * given ? pivot : given);
    for (std::size_t j = i + 1; j < n; j++) row[j] = 0;
  }
  return true;
}

inline bool semidefinite_cholesky(Control& control, std::size_t n, double* values, double tolerance) {
  return semidefinite_cholesky(n, values, tolerance, [&] { control.poll(); });
}

// Solves L L^T x = b in place.
inline void cholesky_solve(std::size_t n, const double* L, double* x) {
  for (std::size_t i = 0; i < n; i++) {
    const double* const row = L + i * n;
    double s0 = x[i], s1 = 0;
    std::size_t k = 0;
    for (; k + 1 < i; k += 2) {
      s0 -= row[k] * x[k];
      s1 -= row[k + 1] * x[k + 1];
    }
    if (k < i) s0 -= row[k] * x[k];
    x[i] = (s0 + s1) / row[i];
  }
  for (std::size_t i = n; i-- > 0;) {
    const double* const row = L + i * n;
    const double xi = x[i] /= row[i];
    for (std::size_t k = 0; k < i; k++) x[k] -= row[k] * xi;
  }
}

}  // namespace krylov

#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/control.hpp"
#include "core/csr.hpp"

namespace krylov {

// The power of two nearest to 1 / sqrt(size); 1 for a row of zeros.
inline double root_inverse(double size) {
  return size > 0 && size < std::numeric_limits<double>::infinity()
             ? std::ldexp(1, static_cast<int>(std::floor(-std::log2(size) / 2 + 0.5)))
             : 1;
}

// Powers of two that bring S A S near 1: from the diagonal where that bounds every entry, as it does where A is
// positive definite, or from the largest entry of each row. No bit of A changes. The pattern is the call's own.
inline void equilibrate(Control& control, const Csr& A, Vector scale) {
  const Index n = A.pattern.rows;
  const Index* const row = A.pattern.row_pointers.data();
  const Index* const col = A.pattern.column_indices.data();
  bool positive = true;
  for (Index i = 0; i < n; i++) {
    double d = 0;
    for (Index at = row[i]; at < row[i + 1]; at++)
      if (col[at] == i) d = A.values[at];
    scale[i] = root_inverse(d);
    positive = positive && d > 0;
  }
  control.poll();
  for (Index i = 0; i < n && positive; i++)
    for (Index at = row[i]; at < row[i + 1]; at++)
      positive = positive && std::abs(A.values[at] * scale[i] * scale[col[at]]) <= 2;
  if (positive) return;
  for (Index i = 0; i < n; i++) {
    double size = 0;
    for (Index at = row[i]; at < row[i + 1]; at++) size = std::max(size, std::abs(A.values[at]));
    scale[i] = root_inverse(size);
  }
}

}  // namespace krylov

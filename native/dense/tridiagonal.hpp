#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/plain.hpp"

namespace krylov {

struct Extremes {
  double smallest = std::numeric_limits<double>::quiet_NaN();
  double largest = std::numeric_limits<double>::quiet_NaN();
  static constexpr auto fields =
      std::tuple{field("smallest", &Extremes::smallest), field("largest", &Extremes::largest)};
};

// Extreme eigenvalues of a symmetric tridiagonal matrix by bisection on Sturm counts (Golub and Van Loan, 8.4.1).
// diagonal: n. off: at least n - 1.
inline Extremes tridiagonal_extremes(ConstVector diagonal, ConstVector off) {
  constexpr int kBisections = 60;  // halves the Gershgorin interval down to the rounding of its ends
  const std::size_t n = diagonal.size();
  if (n == 0) return {};
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (std::size_t i = 0; i < n; i++) {
    const double radius = (i > 0 ? std::abs(off[i - 1]) : 0) + (i + 1 < n ? std::abs(off[i]) : 0);
    low = std::min(low, diagonal[i] - radius);
    high = std::max(high, diagonal[i] + radius);
  }
  // eigenvalues below `shift`: negative pivots of T - shift I
  const auto below = [&](double shift) {
    std::size_t count = 0;
    double pivot = 1;
    for (std::size_t i = 0; i < n; i++) {
      const double coupling = i > 0 ? off[i - 1] : 0;
      pivot = diagonal[i] - shift - coupling * coupling / pivot;
      if (pivot == 0) pivot = std::numeric_limits<double>::denorm_min();
      if (pivot < 0) count++;
    }
    return count;
  };
  const auto bisect = [&](std::size_t index) {
    double a = low, b = high;
    for (int step = 0; step < kBisections; step++) {
      const double middle = a + (b - a) / 2;
      if (middle <= a || middle >= b) break;
      (below(middle) >= index ? b : a) = middle;
    }
    return a + (b - a) / 2;
  };
  return {bisect(1), bisect(n)};
}

}  // namespace krylov

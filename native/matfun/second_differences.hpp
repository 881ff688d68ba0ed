#pragma once
#include <algorithm>
#include <cmath>
#include <utility>

#include "matfun/differences.hpp"

namespace krylov {

// f, f' and f'' at one eigenvalue.
struct Sample2 : Sample {
  double second;
};

constexpr double kNearer = 7e-4;  // relative gap: fifth root of eps, where rounding and the series' fourth order meet

// Of x^m, by the bits of m and Leibniz's rule.
inline double integer_second(double m, double a, double b, double c) {
  if (m < 2) return 0;
  const double half = std::floor(m / 2), inner = integer_second(half, a, b, c);
  const double squared = std::pow(a, half) * inner + power_difference(half, a, b) * power_difference(half, b, c) +
                         inner * std::pow(c, half);
  // x^(2 k + 1) = x x^(2 k)
  return m == 2 * half ? squared : a * squared + power_difference(2 * half, b, c);
}

// f'' and f'''' at x.
inline std::pair<double, double> even_derivatives(int family, double p, double x) {
  if (family == kExp) return {std::exp(x), std::exp(x)};
  if (family == kLog) return {-1 / (x * x), -6 / (x * x * x * x)};
  return {p * (p - 1) * std::pow(x, p - 2), p * (p - 1) * (p - 2) * (p - 3) * std::pow(x, p - 4)};
}

// The second divided difference f[a, b, c], f'' / 2 where they are equal. Symmetric in its arguments to the bit.
inline double second_difference(int family, double p, const Sample2& a, const Sample2& b, const Sample2& c) {
  const Sample2 *low = &a, *mid = &b, *high = &c;
  if (low->x > mid->x) std::swap(low, mid);
  if (mid->x > high->x) std::swap(mid, high);
  if (low->x > mid->x) std::swap(low, mid);
  if (family == kPower && p == std::floor(p) && p >= 0) return integer_second(p, low->x, mid->x, high->x);
  const double gap = high->x - low->x;
  const double size = family == kExp ? 1 : std::max(std::abs(low->x), std::abs(high->x));
  if (gap > kNearer * size)
    return (first_difference(family, p, *mid, *high) - first_difference(family, p, *low, *mid)) / gap;
  if (family == kTable) return (low->second + mid->second + high->second) / 6;
  const double m = (low->x + mid->x + high->x) / 3;
  const double u = low->x - m, v = mid->x - m, w = high->x - m;
  const auto [second, fourth] = even_derivatives(family, p, m);
  return (second + fourth * (u * u + v * v + w * w) / 24) / 2;
}

}  // namespace krylov

#pragma once
#include <algorithm>
#include <cmath>

// Divided differences of the functions of a matrix, exact where eigenvalues are equal or near. A NaN among the
// eigenvalues stands for one that is left out (policy 'pseudo'): its f is zero, as is the difference of two of them.
namespace krylov {

enum Family { kTable = 0, kPower = 1, kLog = 2, kExp = 3 };

// f and f' at one eigenvalue.
struct Sample {
  double x, f, slope;
};

constexpr double kNear = 6e-6;  // relative gap where the rounding of f(a) - f(b) and the error of the mean slope meet

// Of x^m: f_2k = (a^k + b^k) f_k and f_(k+1) = a f_k + b^k, by the bits of m.
inline double integer_difference(double m, double a, double b) {
  double f = 0, left = 1, right = 1;
  for (int bit = std::ilogb(std::max(m, 1.0)); bit >= 0; bit--) {
    f *= left + right;
    left *= left;
    right *= right;
    if (std::fmod(std::floor(std::ldexp(m, -bit)), 2) == 0) continue;
    f = a * f + right;
    left *= a;
    right *= b;
  }
  return f;
}

// Of x^p: sums of positive terms wherever a and b are positive.
inline double power_difference(double p, double a, double b) {
  if (p == std::floor(p)) {
    const double m = std::abs(p), sum = integer_difference(m, a, b);
    return p < 0 ? -sum / (std::pow(a, m) * std::pow(b, m)) : sum;
  }
  const double t = 0.5 * (a < b ? std::log1p((b - a) / a) : std::log1p((a - b) / b));
  const double ratio = t == 0 ? p : std::sinh(p * t) / std::sinh(t);
  return std::pow(a * b, (p - 1) / 2) * ratio;
}

inline double left_out(const Sample& a, const Sample& b) {
  if (std::isnan(a.x)) return std::isnan(b.x) ? 0 : b.f / b.x;
  return a.f / a.x;
}

// The first divided difference f[a, b] = (f(a) - f(b)) / (a - b), f'(a) where they are equal.
inline double first_difference(int family, double p, const Sample& a, const Sample& b) {
  if (std::isnan(a.x) || std::isnan(b.x)) return left_out(a, b);
  const double gap = std::abs(a.x - b.x);
  switch (family) {
    case kPower:
      if (p == 0.5) return 1 / (a.f + b.f);
      if (p == -0.5) return -(a.f * b.f) * (a.f * b.f) / (a.f + b.f);
      return power_difference(p, a.x, b.x);
    case kLog:
      return gap == 0 ? 1 / a.x : std::log1p(gap / std::min(a.x, b.x)) / gap;
    case kExp: {
      const double top = std::exp(std::max(a.x, b.x));
      return gap == 0 ? top : top * std::expm1(-gap) / -gap;
    }
  }
  const bool near = gap <= kNear * std::max(std::abs(a.x), std::abs(b.x));
  return near ? (a.slope + b.slope) / 2 : (a.f - b.f) / (a.x - b.x);
}

}  // namespace krylov

// exp, log, sine and cosine from + - * / sqrt and floor alone, so that a random matrix has the same bits on every
// machine. Errors are below 2 units in the last place. To be compiled with -ffp-contract=off.
// Twin of src/core/elementary.ts, operation for operation.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace krylov {

namespace elementary {

inline constexpr double LN2_HIGH = 0.6931471803691238;  // 33 bits: its product with an exponent is exact
inline constexpr double LN2_LOW = 1.9082149292705877e-10;
inline constexpr double SQRT2 = 1.4142135623730951;

// 2^k for -1022 <= k <= 1023
inline double powerOfTwo(double k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(static_cast<std::int64_t>(k) + 1023) << 52);
}

// Taylor to x^17: |x| <= pi/4
inline double sine(double x) {
  const double z = x * x;
  double q = 1.0 / 355687428096000.0;
  q = q * z - 1.0 / 1307674368000.0;
  q = q * z + 1.0 / 6227020800.0;
  q = q * z - 1.0 / 39916800.0;
  q = q * z + 1.0 / 362880.0;
  q = q * z - 1.0 / 5040.0;
  q = q * z + 1.0 / 120.0;
  q = q * z - 1.0 / 6.0;
  return x + x * z * q;
}

// Taylor to x^16: |x| <= pi/4
inline double cosine(double x) {
  const double z = x * x;
  double q = 1.0 / 20922789888000.0;
  q = q * z - 1.0 / 87178291200.0;
  q = q * z + 1.0 / 479001600.0;
  q = q * z - 1.0 / 3628800.0;
  q = q * z + 1.0 / 40320.0;
  q = q * z - 1.0 / 720.0;
  q = q * z + 1.0 / 24.0;
  return 1.0 - (0.5 * z - z * z * q);
}

// sin(pi/2 (q + r)) for an integer q and |r| <= 1/2
inline double quadrant(double q, double r) {
  const double turn = q - 4.0 * std::floor(q * 0.25);
  const double theta = r * 1.5707963267948966;
  const double value = turn == 0.0 || turn == 2.0 ? sine(theta) : cosine(theta);
  return turn >= 2.0 ? -value : value;
}

}  // namespace elementary

// e^x; infinity above 709.78, 0 below -745.13
inline double exp(double x) {
  using namespace elementary;
  if (!(x <= 709.782712893384))
    return x > 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  if (x < -745.1332191019412) return 0.0;
  const double n = std::floor(x * 1.4426950408889634 + 0.5);
  const double high = x - n * LN2_HIGH;
  const double low = n * LN2_LOW;
  const double r = high - low;
  const double c = high - r - low;
  // Taylor to r^13 / 13!: |r| <= ln(2) / 2, so that the rest is below 2^-57
  double q = 1.0 / 6227020800.0;
  q = q * r + 1.0 / 479001600.0;
  q = q * r + 1.0 / 39916800.0;
  q = q * r + 1.0 / 3628800.0;
  q = q * r + 1.0 / 362880.0;
  q = q * r + 1.0 / 40320.0;
  q = q * r + 1.0 / 5040.0;
  q = q * r + 1.0 / 720.0;
  q = q * r + 1.0 / 120.0;
  q = q * r + 1.0 / 24.0;
  q = q * r + 1.0 / 6.0;
  q = q * r + 0.5;
  const double e = 1.0 + (r + (r * r * q + c));
  const double half = std::floor(n * 0.5);  // two factors: a subnormal is rounded once, 2^1024 never formed
  return e * powerOfTwo(half) * powerOfTwo(n - half);
}

// the natural logarithm; -infinity at 0, NaN below
inline double log(double x) {
  using namespace elementary;
  if (!(x > 0)) return x == 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  if (x == std::numeric_limits<double>::infinity()) return x;
  double k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0;  // 2^54
    k = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  k += static_cast<double>(static_cast<std::int64_t>(bits >> 52) - 1023);
  double m = std::bit_cast<double>((bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL);
  if (m > SQRT2) {
    m *= 0.5;
    k += 1;
  }
  // log(1 + f) = 2 atanh(s) with s = f / (2 + f), |s| <= 0.172; 2s is written as f - f^2/2 + s f^2/2: less error
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  double R = 2.0 / 23.0;
  R = R * z + 2.0 / 21.0;
  R = R * z + 2.0 / 19.0;
  R = R * z + 2.0 / 17.0;
  R = R * z + 2.0 / 15.0;
  R = R * z + 2.0 / 13.0;
  R = R * z + 2.0 / 11.0;
  R = R * z + 2.0 / 9.0;
  R = R * z + 2.0 / 7.0;
  R = R * z + 2.0 / 5.0;
  R = R * z + 2.0 / 3.0;
  R = R * z;
  const double h = 0.5 * f * f;
  return k * LN2_HIGH - (h - (s * (h + R) + k * LN2_LOW) - f);
}

// sin(2 pi u): exact at multiples of a quarter turn
inline double sinTurns(double u) {
  const double q = std::floor(4.0 * u + 0.5);
  return elementary::quadrant(q, 4.0 * u - q);
}

// cos(2 pi u): exact at multiples of a quarter turn
inline double cosTurns(double u) {
  const double q = std::floor(4.0 * u + 0.5);
  return elementary::quadrant(q + 1.0, 4.0 * u - q);
}

}  // namespace krylov

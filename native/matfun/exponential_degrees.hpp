#pragma once
#include <algorithm>
#include <array>
#include <cmath>

// Which Pade approximant of e^A, and how near the identity.
namespace krylov {

// Degree m, and ||A|| up to which the [m/m] approximant and its derivative are good to rounding: the smaller of table
// 3.1 of Al-Mohy and Higham (2010) and of table 6.1 of Al-Mohy and Higham (2009).
struct Degree {
  int m;
  double reach;
};
constexpr Degree kDegrees[] = {{3, 1.08e-2}, {5, 2.0e-1}, {7, 7.83e-1}, {9, 1.78}};
constexpr double kReach13 = 4.25;
constexpr double kMostNorm = 1e30;  // ||A||_1, whose tenth power is a number

// Of the numerator of the [m/m] approximant.
inline std::array<double, 14> pade_coefficients(int m) {
  std::array<double, 14> b{1};
  for (int j = 0; j < m; j++) b[j + 1] = b[j] * (m - j) / ((2 * m - j) * (j + 1));
  return b;
}

// How many halvings of A bring 1 / (binomial(2 m, m) (2 m + 1)!) |A|^(2 m + 1), the first term of the error, under
// the unit roundoff, where `most` is the norm of its power of A / norm.
class Halvings {
 public:
  Halvings(int m, double norm) : m_(m), log_(2 * m * std::log2(norm) + 53) {
    double term = 1;
    for (int j = 1; j <= m; j++) term *= static_cast<double>(m + j) / j;
    for (int j = 2; j <= 2 * m + 1; j++) term *= j;
    log_ -= std::log2(term);
  }
  int operator()(double most) const {
    return most == 0 ? 0 : std::max(0, static_cast<int>(std::ceil((std::log2(most) + log_) / (2 * m_))));
  }

 private:
  int m_;
  double log_;
};

}  // namespace krylov

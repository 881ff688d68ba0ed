#pragma once
#include <array>
#include <cmath>

#include "core/elementary.hpp"

namespace krylov::learning {

// z with P(Z < z) = u for a standard normal Z and e^-25 < u < 1/2 or symmetrically above, to seven digits: Wichura,
// algorithm AS 241 (1988), PPND7. Twin of src/sequence/normal-quantile.loops.ts, operation for operation.
inline double normal_quantile(double u) {
  const double q = u - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    const double above = ((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179;
    const double below = ((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1;
    return q * above / below;
  }
  const double r = std::sqrt(-krylov::log(q < 0 ? u : 1 - u)) - 1.6;
  const double above = ((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777;
  const double below = (0.12021132975 * r + 0.7370016425) * r + 1;
  return q < 0 ? -above / below : above / below;
}

// By the leading zeros of u's 32 bits, what z is not below: P(Z < -t) <= e^(-t^2 / 2) / 2, and u > 2^-(zeros + 1).
inline const std::array<double, 33> kLowest = [] {
  std::array<double, 33> list{};
  for (int zeros = 1; zeros < 33; zeros++) list[zeros] = -std::sqrt(2.0 * zeros * 0.6931471805599453) - 1e-6;
  return list;
}();

}  // namespace krylov::learning

#pragma once
#include <cmath>
#include <cstddef>

namespace krylov {

constexpr std::size_t kEdgeFeatures = 4, kNodeFeatures = 5;
constexpr double kFactorReach = 1;  // an entry is multiplied by exp(-kFactorReach) to exp(kFactorReach)

// What an entry of the factor is multiplied by for an output of the network, and its derivative.
inline double multiplier_of(double output) { return std::exp(kFactorReach * output / (1 + std::abs(output))); }
inline double multiplier_slope(double output) {
  return multiplier_of(output) * kFactorReach / ((1 + std::abs(output)) * (1 + std::abs(output)));
}

}  // namespace krylov

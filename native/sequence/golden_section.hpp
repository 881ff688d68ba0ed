#pragma once
#include "sequence/loops.hpp"

namespace krylov::learning {

// Golden-section search; means of `solves` losses are compared.
struct GoldenSection {
  double solves = 3;
  static constexpr const char* kind = "goldenSection";
  static constexpr auto fields = std::tuple{field("solves", &GoldenSection::solves)};

  // arms low .. high hold the best one; per arm, one list after the other: solves, sum of losses
  enum : std::size_t { kLow = kHead, kHigh, kLists };

  std::size_t arms(ConstVector data) const { return arms_of(data, kLists, 2); }

  double choose(ConstVector data, std::size_t d, double) const {
    const auto [low, high] = interval(data, d);
    if (low == high) return static_cast<double>(low);
    const auto [left, right] = probes(low, high);
    return static_cast<double>(data[kLists + left] <= data[kLists + right] ? left : right);
  }

  void learn(Vector data, std::size_t d, std::size_t arm, double loss, double) const {
    const double *counts = data.data() + kLists, *sums = counts + d;
    data[kRounds] += 1;
    data[kLists + arm] += 1;
    data[kLists + d + arm] += loss;
    for (;;) {
      const auto [low, high] = interval(data, d);
      if (low == high) return;
      const auto [left, right] = probes(low, high);
      if (counts[left] < solves || counts[right] < solves) return;
      if (sums[left] / counts[left] <= sums[right] / counts[right])
        data[kHigh] = static_cast<double>(std::max(left, right - 1));
      else
        data[kLow] = static_cast<double>(std::min(right, left + 1));
    }
  }

 private:
  struct Pair {
    std::size_t low, high;
  };
  static Pair interval(ConstVector data, std::size_t d) {
    const std::size_t high = std::min<std::size_t>(integer(data[kHigh]), d - 1);
    return {std::min<std::size_t>(integer(data[kLow]), high), high};
  }
  // The two arms that are compared: a golden section apart from the ends, or neighbours.
  static Pair probes(std::size_t low, std::size_t high) {
    if (high - low == 2) return {low, low + 1};
    const double width = static_cast<double>(high - low);
    const auto offset = static_cast<std::size_t>(std::max(1.0, std::floor(0.3819660112501051 * width + 0.5)));
    if (low + offset < high - offset) return {low + offset, high - offset};
    const std::size_t in = high - low > 2 ? 1 : 0;
    return {low + in, high - in};
  }
};

}  // namespace krylov::learning

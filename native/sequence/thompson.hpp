#pragma once
#include <bit>

#include "sequence/loops.hpp"
#include "sequence/normal_quantile.hpp"

namespace krylov::learning {

// Thompson sampling. State: per arm, one list after the other, plays, sum of losses, sum of their squares, discounted
// by `keep`.
struct Thompson {
  double keep = 1;
  static constexpr const char* kind = "thompson";
  static constexpr auto fields = std::tuple{field("keep", &Thompson::keep)};

  static constexpr double kForgotten = 1e-3;  // plays, discounted, below which an arm counts as never played

  std::size_t arms(ConstVector data) const { return arms_of(data, kHead, 3); }

  double choose(ConstVector data, std::size_t d, double) const {
    const double *plays = data.data() + kHead, *sums = plays + d, *squares = sums + d;
    double count = 0, total = 0, within = 0;
    std::size_t best = 0;
    for (std::size_t a = 0; a < d; a++) {
      const double n = plays[a];
      if (n < kForgotten) return static_cast<double>(a);
      const double sum = sums[a];
      count += n;
      total += sum;
      within += std::max(0.0, squares[a] - sum * sum / n);
      if (sum * plays[best] < sums[best] * n) best = a;
    }
    const double mean = total / count;
    const double deviation =
        std::sqrt(std::max(within / std::max(1.0, count - static_cast<double>(d)), 1e-4 * mean * mean));
    // the arm of the smallest mean first: those that their first bits keep above its sample need none of their own
    const auto round = static_cast<std::uint32_t>(uniform_at(data.data(), data[kRounds]) * 4294967296.0);
    const std::size_t leader = best;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t turn = 0; turn <= d; turn++) {
      const std::size_t a = turn == 0 ? leader : turn - 1;
      if (turn > 0 && a == leader) continue;
      const double spread = deviation * std::sqrt(1 / plays[a]);
      const double center = sums[a] / plays[a];
      const std::uint32_t word = bits(round, static_cast<std::uint32_t>(a));
      if (center + spread * kLowest[std::countl_zero(word)] >= least) continue;
      const double sample = center + spread * normal_quantile((word + 0.5) * (1.0 / 4294967296.0));
      if (sample < least) {
        least = sample;
        best = a;
      }
    }
    return static_cast<double>(best);
  }

  void learn(Vector data, std::size_t d, std::size_t arm, double loss, double) const {
    if (keep < 1)
      for (std::size_t k = kHead; k < data.size(); k++) data[k] *= keep;
    data[kRounds] += 1;
    data[kHead + arm] += 1;
    data[kHead + d + arm] += loss;
    data[kHead + 2 * d + arm] += loss * loss;
  }

 private:
  // 32 bits for an arm out of those for a round: the finalizer of MurmurHash3 (Appleby 2011) over a Weyl sequence.
  static std::uint32_t bits(std::uint32_t round, std::uint32_t arm) {
    std::uint32_t h = round + arm * 0x9e3779b9U;
    h = (h ^ (h >> 16)) * 0x85ebca6bU;
    h = (h ^ (h >> 13)) * 0xc2b2ae35U;
    return h ^ (h >> 16);
  }
};

}  // namespace krylov::learning

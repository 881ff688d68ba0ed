#pragma once
#include "sequence/loops.hpp"

namespace krylov::learning {

// Thompson sampling. State: per arm, one list after the other, plays, sum of losses, sum of their squares, discounted
// by `keep`.
struct Thompson {
  double keep = 1;
  static constexpr const char* kind = "thompson";
  static constexpr auto fields = std::tuple{field("keep", &Thompson::keep)};

  static constexpr double kForgotten = 1e-3;  // plays, discounted, below which an arm counts as never played
  static constexpr double kLargest = 8.7;     // no sample of a normal lies further out: sqrt(-2 log 2^-54)

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
    // the arm of the smallest mean first: those that no sample can bring below its own need none
    Normals normal(data.data(), data[kRounds] * static_cast<double>(d));
    const std::size_t leader = best;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t turn = 0; turn <= d; turn++) {
      const std::size_t a = turn == 0 ? leader : turn - 1;
      if (turn > 0 && a == leader) continue;
      const double spread = deviation * std::sqrt(1 / plays[a]);
      const double center = sums[a] / plays[a];
      if (center - kLargest * spread >= least) continue;
      const double sample = center + spread * normal.at(a);
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
  // A round's normals by arm; two of them share a block of Philox, a logarithm and a root.
  class Normals {
   public:
    Normals(const double* state, double first)
        : seed_(integer(state[kSeed])), stream_(integer(state[kStream])), first_(integer(first)) {}

    double at(std::size_t a) {
      const std::uint64_t index = first_ + a;
      if (!drawn_ || index / 2 != block_) {
        drawn_ = true;
        block_ = index / 2;
        const Philox b = sampling::block(block_, seed_, stream_);
        radius_ = std::sqrt(-2.0 * krylov::log(sampling::unit(b[0], b[1])));
        turns_ = sampling::unit(b[2], b[3]);
      }
      return radius_ * (index % 2 == 0 ? cosTurns(turns_) : sinTurns(turns_));
    }

   private:
    std::uint64_t seed_, stream_, first_, block_ = 0;
    bool drawn_ = false;
    double radius_ = 0, turns_ = 0;
  };
};

}  // namespace krylov::learning

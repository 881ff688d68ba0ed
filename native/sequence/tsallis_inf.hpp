#pragma once
#include "sequence/loops.hpp"

namespace krylov::learning {

// Tsallis-INF with learning rate rate / sqrt(t); `reduced`: losses in their reduced-variance form.
struct TsallisInf {
  double rate = 4;
  bool reduced = true;
  static constexpr const char* kind = "tsallisInf";
  static constexpr auto fields = std::tuple{field("rate", &TsallisInf::rate), field("reduced", &TsallisInf::reduced)};

  // total: sum of the losses seen, whose mean is the unit of a loss; depth: how far below the least loss the
  // normalisation lay, in units of 1 / eta; per arm its probability in the next round, losses over their probability,
  // baselines
  enum : std::size_t { kTotal = kHead, kDepth, kLists };

  std::size_t arms(ConstVector data) const { return arms_of(data, kLists, 3); }

  double choose(ConstVector data, std::size_t d, double) const {
    double left = uniform_at(data.data(), data[kRounds]);
    for (std::size_t a = 0; a < d; a++) {
      left -= data[kLists + a];
      if (left < 0) return static_cast<double>(a);
    }
    return static_cast<double>(d - 1);
  }

  void learn(Vector data, std::size_t d, std::size_t arm, double loss, double) const {
    double *p = data.data() + kLists, *losses = p + d, *baselines = losses + d;
    const double rounds = data[kRounds] + 1, total = data[kTotal] + loss, played = p[arm];
    losses[arm] += loss / played;
    if (reduced && rounds >= 16) {
      for (std::size_t a = 0; a < d; a++)
        if (rounds * p[a] >= 16) baselines[a] += 0.5;
      if (rounds * played >= 16) baselines[arm] -= 0.5 / played;
    }
    const double unit = total > 0 ? rounds / total : 1;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < d; a++) {
      p[a] = losses[a] * unit + baselines[a];
      if (p[a] < least) least = p[a];
    }
    data[kRounds] = rounds;
    data[kTotal] = total;
    data[kDepth] = normalise(p, d, least, rate / std::sqrt(rounds + 1), data[kDepth]);
  }

 private:
  // Overwrites the losses k by p_a = 4 / (eta (k_a - x))^2 with x < min k such that they sum to 1; returns (min k - x)
  // eta: Newton's method from the depth of the last round.
  static double normalise(double* k, std::size_t d, double least, double eta, double depth) {
    for (std::size_t a = 0; a < d; a++) k[a] = (k[a] - least) * eta;
    double y = depth;
    for (int step = 0; step < 100; step++) {
      double sum = 0, slope = 0;
      for (std::size_t a = 0; a < d; a++) {
        const double root = 2 / (k[a] + y);
        sum += root * root;
        slope += root * root * root;
      }
      const double move = (sum - 1) / slope;
      y = std::max(2.0, y + move);
      if (std::fabs(move) <= 1e-9 * y) break;
    }
    double sum = 0;
    for (std::size_t a = 0; a < d; a++) {
      const double root = 2 / (k[a] + y);
      k[a] = root * root;
      sum += k[a];
    }
    for (std::size_t a = 0; a < d; a++) k[a] /= sum;
    return y;
  }
};

}  // namespace krylov::learning

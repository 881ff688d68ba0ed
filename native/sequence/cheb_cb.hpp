#pragma once
#include <array>

#include "sequence/loops.hpp"

namespace krylov::learning {

// ChebCB with Chebyshev polynomials in c, which lies in [-1, 1].
struct ChebCb {
  Index features = 6;
  double greed = 8;
  static constexpr const char* kind = "chebCb";
  static constexpr auto fields = std::tuple{field("features", &ChebCb::features), field("greed", &ChebCb::greed)};

  static constexpr Index kMostFeatures = 50;
  void check() const {
    if (features < 1 || features > kMostFeatures) throw Misuse("ERR_OPTION", "features must be from 1 to 50");
  }

  // total: sum of the losses seen; per arm: coefficients of its loss, right-hand sides, the inverse of the normal
  // equations (m x m)
  enum : std::size_t { kTotal = kHead, kArms };
  std::size_t stride() const { return static_cast<std::size_t>(2 * features + features * features); }

  std::size_t arms(ConstVector data) const { return arms_of(data, kArms, stride()); }

  double choose(ConstVector data, std::size_t d, double c) const {
    const double rounds = data[kRounds];
    if (rounds < static_cast<double>(d)) return rounds;  // each arm once
    const Features phi = polynomials(c);
    const auto predicted = [&](std::size_t a) {
      const double* fit = data.data() + kArms + a * stride();
      double sum = 0;
      for (Index j = 0; j < features; j++) sum += fit[j] * phi[j];
      return sum;
    };
    std::size_t best = 0;
    double least = predicted(0);
    for (std::size_t a = 1; a < d; a++) {
      const double loss = predicted(a);
      if (loss < least) {
        least = loss;
        best = a;
      }
    }
    const double arms = static_cast<double>(d);
    const double gamma = (greed * std::sqrt(arms * rounds) * rounds) / std::max(data[kTotal], 1e-300);
    double left = uniform_at(data.data(), rounds);
    for (std::size_t a = 0; a < d; a++) {
      if (a == best) continue;
      left -= 1 / (arms + gamma * (predicted(a) - least));
      if (left < 0) return static_cast<double>(a);
    }
    return static_cast<double>(best);
  }

  void learn(Vector data, std::size_t, std::size_t arm, double loss, double c) const {
    const Features phi = polynomials(c);
    Features Pphi;
    const Index m = features;
    double *fit = data.data() + kArms + arm * stride(), *rhs = fit + m, *P = rhs + m;
    // (G + phi phi^T)^-1 = P - (P phi)(P phi)^T / (1 + phi^T P phi), P = G^-1: Sherman and Morrison 1950
    double scalar = 1;
    for (Index i = 0; i < m; i++) {
      double sum = 0;
      for (Index j = 0; j < m; j++) sum += P[i * m + j] * phi[j];
      Pphi[i] = sum;
      scalar += phi[i] * sum;
      rhs[i] += loss * phi[i];
    }
    for (Index i = 0; i < m; i++) {
      double sum = 0;
      for (Index j = 0; j < m; j++) {
        const double entry = P[i * m + j] - Pphi[i] * Pphi[j] / scalar;
        P[i * m + j] = entry;
        sum += entry * rhs[j];
      }
      fit[i] = sum;
    }
    data[kRounds] += 1;
    data[kTotal] += loss;
  }

 private:
  using Features = std::array<double, kMostFeatures>;

  Features polynomials(double c) const {
    Features phi;
    phi[0] = 1;
    if (features > 1) phi[1] = c;
    for (Index j = 2; j < features; j++) phi[j] = 2 * c * phi[j - 1] - phi[j - 2];
    return phi;
  }
};

}  // namespace krylov::learning

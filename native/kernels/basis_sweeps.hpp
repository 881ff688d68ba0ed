#pragma once
#include <algorithm>
#include <initializer_list>
#include <vector>

#include "kernels/sweeps.hpp"

namespace krylov {

// X = V S + beta X: blocks of vectors, S by columns. X may be the first vectors of V where beta is zero.
struct Combination {
  ConstVector V, S;
  double beta;
  Vector X;
};

// Sweeps, and those that take two bases.
class BasisSweeps : public Sweeps {
 public:
  using Sweeps::Sweeps;

  // V^T X, by columns; both stand `apart`, or V as it says. Tiles are taken in runs, so that partial sums stay few.
  void basis_products(ConstVector V, ConstVector X, Vector out) { basis_products(V, apart_, X, out); }
  void basis_products(ConstVector V, std::size_t ld, ConstVector X, Vector out) {
    if (out.empty()) return;
    const std::size_t p = V.size() / ld, q = X.size() / apart_, run = (count_ + kRuns - 1) / kRuns;
    const std::size_t runs = (count_ + run - 1) / run;
    const Vector partial = partial_sums(runs * p * q);
    share(V.size() * q, runs, [&](std::size_t first, std::size_t last) {
      for (std::size_t at = first; at < last; at++) {
        double* const sums = partial.data() + at * p * q;
        std::fill_n(sums, p * q, 0.0);
        t_.basis_products(V.data(), ld, p, X.data(), apart_, q, sums, from_ + at * run * kTile,
                          from_ + std::min((at + 1) * run * kTile, n_));
      }
    });
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t at = 0; at < runs; at++)
      for (std::size_t i = 0; i < p * q; i++) out[i] += partial[at * p * q + i];
  }
  // out[j] = v_j . v_j
  void basis_squares(ConstVector V, Vector out) {
    column_sums(out, V.size(), [&](double* sums, std::size_t from, std::size_t to) {
      for (std::size_t j = 0; j < out.size(); j++)
        sums[j] = t_.dot(V.data() + j * apart_, V.data() + j * apart_, from, to);
    });
  }
  // All of them in order, rows that several need while they are in cache; vectors stand `ld` apart.
  void basis_combine(std::initializer_list<Combination> all, std::size_t ld) {
    std::size_t work = 0, most = 0;
    for (const auto& [V, S, beta, X] : all) {
      const std::size_t columns = ld == 0 ? 0 : X.size() / ld;
      work += V.size() * columns;
      most = std::max(most, columns);
    }
    if (most == 0) return;
    rows(work, [&](std::size_t from, std::size_t to) {
      std::vector<double> sums(most * kBasisRows);
      for (; from < to; from += kBasisRows)
        for (const auto& [V, S, beta, X] : all)
          t_.basis_combine(V.data(), ld, V.size() / ld, S.data(), X.size() / ld, beta, X.data(), sums.data(), from,
                           std::min(from + kBasisRows, to));
    });
  }
  void basis_combine(ConstVector V, ConstVector S, double beta, Vector X, std::size_t ld) {
    basis_combine({{V, S, beta, X}}, ld);
  }

 private:
  static constexpr std::size_t kRuns = 64;
};

}  // namespace krylov

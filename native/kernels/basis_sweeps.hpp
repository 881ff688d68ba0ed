#pragma once
#include <algorithm>
#include <vector>

#include "kernels/sweeps.hpp"

namespace krylov {

// Sweeps, and those that take two bases: blocks of vectors, one after the other.
class BasisSweeps : public Sweeps {
 public:
  using Sweeps::Sweeps;

  // V^T X, by columns: as many vectors of X at a time as leave few partial sums for every tile.
  void basis_products(ConstVector V, ConstVector X, Vector out) {
    if (out.empty()) return;
    const std::size_t p = V.size() / n_, q = X.size() / n_, most = std::max<std::size_t>(1, kSums / p);
    for (std::size_t first = 0; first < q; first += most) {
      const std::size_t last = std::min(q, first + most), count = (last - first) * p;
      column_sums(out.subspan(first * p, count), V.size() * count / p,
                  [&](double* sums, std::size_t from, std::size_t to) {
                    for (std::size_t j = first; j < last; j++, sums += p)
                      t_.basis_dots(V.data(), n_, p, X.data() + j * n_, sums, from, to);
                  });
    }
  }
  // X = V S + beta X, vectors of `length` entries, S by columns; X may be the first vectors of V where beta is zero.
  void basis_combine(ConstVector V, ConstVector S, double beta, Vector X, std::size_t length) {
    if (X.empty() || length == 0) return;
    const std::size_t columns = X.size() / length, count = V.size() / length;
    tiles(V.size() * columns, [&](std::size_t first, std::size_t last) {
      std::vector<double> sums(columns * kCombinedRows);
      t_.basis_combine(V.data(), length, count, S.data(), columns, beta, X.data(), sums.data(), from_ + first * kTile,
                       from_ + std::min(last * kTile, n_));
    });
  }

 private:
  static constexpr std::size_t kSums = 64;
};

}  // namespace krylov

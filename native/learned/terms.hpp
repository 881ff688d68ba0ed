#pragma once
#include <vector>

#include "core/shared_out.hpp"
#include "precondition/hierarchy.hpp"

namespace krylov {

constexpr std::size_t kFeatures = 14;

// What the network is told of the terms of a level's prolongation: a row's own entry and its strong ones.
class Terms {
 public:
  Terms(Control&, const MatrixView<double>& A, const double* diagonal, const NodeGraph&, const Aggregates&);

  // Room for one thread: the strength of a row's neighbours by aggregate.
  struct Scratch {
    std::vector<std::pair<Index, double>> shares;
  };

  // Hands each term of row i to use(entry, features).
  template <class Use>
  void row(std::size_t i, Scratch& scratch, Use&& use) const {
    const Index begin = A_.pattern.row_pointers[i], end = A_.pattern.row_pointers[i + 1];
    const Index* const col = A_.pattern.column_indices;
    if (degree_[i] == 0) return;
    double largest = 0, total = 0, weak = 0;
    scratch.shares.clear();
    for (Index k = begin; k < end; k++) {
      const Index j = col[k];
      const double value = A_.values[k], size = value < 0 ? -value : value;
      if (j == static_cast<Index>(i)) continue;
      if (size > largest) largest = size;
      if (!graph_.strong[k]) {
        weak += value;
        continue;
      }
      total += size;
      if (aggregate(j) >= 0) share(scratch, aggregate(j)) += size;
    }
    const Index own = aggregate(static_cast<Index>(i));
    const auto part = [&](Index c) { return c < 0 ? 0 : share(scratch, c) / total; };
    const auto count = [&](Index c) { return c < 0 ? 0 : sizes_[c] / kSize; };
    const double own_share = part(own), own_size = count(own);
    for (Index k = begin; k < end; k++) {
      const Index j = col[k];
      const bool self = j == static_cast<Index>(i);
      if (!self && !graph_.strong[k]) continue;
      const Index c = aggregate(j);
      const double coupling = self ? 0 : -A_.values[k];
      const double features[kFeatures] = {coupling / diagonal_[i],
                                          coupling / diagonal_[j],
                                          coupling / largest,
                                          c == own ? 1.0 : 0.0,
                                          own_share,
                                          part(c),
                                          own_size,
                                          count(c),
                                          degree_[i] / kSize,
                                          degree_[j] / kSize,
                                          excess_[i],
                                          excess_[j],
                                          (diagonal_[i] + weak) / diagonal_[i],
                                          self ? 1.0 : 0.0};
      use(k, features);
    }
  }

 private:
  static constexpr double kSize = 5;  // an ordinary aggregate, and an ordinary number of strong neighbours
  Index aggregate(Index i) const { return found_.of[i]; }
  static double& share(Scratch& scratch, Index c) {
    for (auto& [aggregate, sum] : scratch.shares)
      if (aggregate == c) return sum;
    return scratch.shares.emplace_back(c, 0.0).second;
  }

  const MatrixView<double>& A_;
  const double* diagonal_;
  const NodeGraph& graph_;
  const Aggregates& found_;
  std::vector<double> sizes_;
  Buffer<double> degree_, excess_;
};

}  // namespace krylov

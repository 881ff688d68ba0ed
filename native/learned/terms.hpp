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

  // Room for one thread: the strength of a row's neighbours by aggregate, and which of these each entry belongs to.
  struct Scratch {
    std::vector<std::pair<Index, double>> shares;
    std::vector<Index> slots;
  };

  // Writes the features of row i's terms to where sink.next(entry) says, sink.stride apart.
  template <class Sink>
  void row(std::size_t i, Scratch& scratch, Sink& sink) const {
    const Index begin = A_.pattern.row_pointers[i], end = A_.pattern.row_pointers[i + 1];
    const Index* const col = A_.pattern.column_indices;
    const Node& node = nodes_[i];
    if (node.degree == 0) return;
    double largest = 0, total = 0, weak = 0;
    auto& shares = scratch.shares;
    shares.clear();
    scratch.slots.resize(end - begin);
    Index* const slots = scratch.slots.data();
    for (Index k = begin; k < end; k++) {
      const Index j = col[k];
      const double value = A_.values[k], size = value < 0 ? -value : value;
      if (j == static_cast<Index>(i)) {
        slots[k - begin] = slot(shares, nodes_[j].aggregate);
        continue;
      }
      if (size > largest) largest = size;
      if (!graph_.strong[k]) {
        weak += value;
        continue;
      }
      total += size;
      const Index at = slot(shares, nodes_[j].aggregate);
      slots[k - begin] = at;
      if (at >= 0) shares[at].second += size;
    }
    if (shares.size() == 1) return;  // all of the row's sum belongs to one aggregate, however its terms are weighed
    const double over_largest = 1 / largest, over_total = 1 / total;
    const auto part = [&](Index at) { return at < 0 ? 0.0F : static_cast<float>(shares[at].second * over_total); };
    const Index own = node.aggregate;
    float own_share = 0;
    for (const auto& [aggregate, sum] : shares)
      if (aggregate == own) own_share = static_cast<float>(sum * over_total);
    const float own_size = size_of(own), lumped = static_cast<float>(1 + weak * node.inverse);
    for (Index k = begin; k < end; k++) {
      const Index j = col[k];
      const bool self = j == static_cast<Index>(i);
      if (!self && !graph_.strong[k]) continue;
      const Node& other = nodes_[j];
      const double coupling = self ? 0 : -A_.values[k];
      float* const to = sink.next(k);
      const auto put = [&](std::size_t f, float value) { to[f * Sink::kStride] = value; };
      put(0, static_cast<float>(coupling * node.inverse));
      put(1, static_cast<float>(coupling * other.inverse));
      put(2, static_cast<float>(coupling * over_largest));
      put(3, other.aggregate == own ? 1.0F : 0.0F);
      put(4, own_share);
      put(5, part(slots[k - begin]));
      put(6, own_size);
      put(7, size_of(other.aggregate));
      put(8, node.degree);
      put(9, other.degree);
      put(10, node.excess);
      put(11, other.excess);
      put(12, lumped);
      put(13, self ? 1.0F : 0.0F);
    }
  }

 private:
  static constexpr float kSize = 5;  // an ordinary aggregate, and an ordinary number of strong neighbours

  // What a term needs of an unknown, side by side.
  struct Node {
    double inverse;  // of the diagonal
    float degree, excess;
    Index aggregate;
  };

  float size_of(Index c) const { return c < 0 ? 0 : sizes_[c]; }
  static Index slot(std::vector<std::pair<Index, double>>& shares, Index c) {
    if (c < 0) return -1;
    for (std::size_t at = 0; at < shares.size(); at++)
      if (shares[at].first == c) return static_cast<Index>(at);
    shares.emplace_back(c, 0.0);
    return static_cast<Index>(shares.size() - 1);
  }

  const MatrixView<double>& A_;
  const NodeGraph& graph_;
  std::vector<float> sizes_;
  Buffer<Node> nodes_;
};

}  // namespace krylov

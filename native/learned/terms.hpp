#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/choice.hpp"
#include "core/shared_out.hpp"
#include "precondition/hierarchy.hpp"

namespace krylov {

constexpr std::size_t kFeatures = 14;

// Whether most rows of a level are equally long, as on a grid. Its terms are much alike then, and what a network makes
// of them is not worth its time.
bool is_regular(const PatternView&);

// What the network is told of the terms of a level's prolongation: a row's own entry and its strong ones.
class Terms {
 public:
  Terms(Control&, const MatrixView<double>& A, const double* diagonal, const NodeGraph&, const Aggregates&);

  // Room for one thread: the strength of a row's neighbours by aggregate, those of none first. Zero between rows.
  struct Scratch {
    explicit Scratch(const Terms& terms) : shares(Buffer<double>::zeros(terms.sizes_.size())) {}
    Buffer<double> shares;
  };

  // Brings a row that will be wanted soon.
  void fetch(std::size_t i) const {
    const Index first = A_.pattern.row_pointers[i];
    __builtin_prefetch(A_.pattern.column_indices + first);
    __builtin_prefetch(A_.values + first);
    __builtin_prefetch(A_.values + first + 8);
  }

  // Writes the features of row i's terms to where sink.place(entry) says, sink.stride apart; sink.keep() says whether
  // it was one. Nothing in it branches on what A holds: a wrong guess costs as much as a term.
  template <class Sink>
  void row(std::size_t i, Scratch& scratch, Sink& sink) const {
    const Index begin = A_.pattern.row_pointers[i], end = A_.pattern.row_pointers[i + 1];
    const Index* const col = A_.pattern.column_indices;
    const unsigned char* const strong = graph_.strong.data();
    const Node& node = nodes_[i];
    if (node.degree == 0) return;
    double* const shares = scratch.shares.data() + 1;
    const Index own = node.aggregate;
    double largest = 0, total = 0, weak = 0;
    bool several = false;
    for (Index k = begin; k < end; k++) {
      const Index c = nodes_[col[k]].aggregate;
      const double value = A_.values[k] * kIf[col[k] != static_cast<Index>(i)], size = std::abs(value);
      const double share = size * kIf[strong[k]];
      largest = std::max(largest, size);
      weak += value * kIf[1 - strong[k]];
      total += share;
      shares[c] += share;
      several |= strong[k] & (c != own);
    }
    // else all of the row's sum belongs to one aggregate, however its terms are weighed
    if (several) {
      const double over_largest = 1 / largest, over_total = 1 / total;
      const float own_share = own < 0 ? 0 : static_cast<float>(shares[own] * over_total);
      const float lumped = static_cast<float>(1 + weak * node.inverse);
      for (Index k = begin; k < end; k++) {
        const bool self = col[k] == static_cast<Index>(i);
        const Node& other = nodes_[col[k]];
        const Index c = other.aggregate;
        const double coupling = -A_.values[k] * kIf[!self];
        float* const to = sink.place(k);
        const auto put = [&](std::size_t f, float value) { to[f * Sink::kStride] = value; };
        put(0, static_cast<float>(coupling * node.inverse));
        put(1, static_cast<float>(coupling * other.inverse));
        put(2, static_cast<float>(coupling * over_largest));
        put(3, static_cast<float>(kIf[c == own]));
        put(4, own_share);
        put(5, static_cast<float>(shares[c] * over_total * kIf[c >= 0]));
        put(6, node.size);
        put(7, other.size);
        put(8, node.degree);
        put(9, other.degree);
        put(10, node.excess);
        put(11, other.excess);
        put(12, lumped);
        put(13, static_cast<float>(kIf[self]));
        sink.keep(self | strong[k]);
      }
    }
    for (Index k = begin; k < end; k++) shares[nodes_[col[k]].aggregate] = 0;
  }

 private:
  static constexpr float kSize = 5;  // an ordinary aggregate, and an ordinary number of strong neighbours

  // What a term needs of an unknown, side by side.
  struct Node {
    double inverse;              // of the diagonal
    float degree, excess, size;  // the size is that of its aggregate
    Index aggregate;
  };

  const MatrixView<double>& A_;
  const NodeGraph& graph_;
  std::vector<float> sizes_;  // of aggregates, that of none first
  Buffer<Node> nodes_;
};

}  // namespace krylov

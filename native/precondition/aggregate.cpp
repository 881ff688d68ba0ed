#include <algorithm>
#include <cmath>
#include <vector>

#include "core/shared_out.hpp"
#include "precondition/hierarchy.hpp"

namespace krylov {

namespace {

constexpr Index kFree = -1, kAlone = -2;
constexpr Index kBlock = 1 << 15, kMostBlocks = 64;  // nodes of a block: the same on any number of threads

}  // namespace

// Aggregates of strongly coupled nodes (Vanek, Mandel and Brezina 1996), in blocks that threads can share. A node whose
// strong neighbours are all free becomes the root of an aggregate with them; first within blocks, then across. What is
// left joins the aggregate of its strongest neighbour; what has no neighbour in one forms aggregates of its own.
// Numbered by their roots, so that neighbours stay near.
Aggregates aggregate(Control& control, const NodeGraph& graph) {
  const Index nodes = graph.pattern.rows;
  const Index* const row = graph.pattern.row_pointers;
  const Index* const col = graph.pattern.column_indices;
  const unsigned char* const strong = graph.strong.data();
  Buffer<Index> roots(nodes), joined_to(nodes);
  Index* const root = roots.data();
  Index* const joined = joined_to.data();
  std::fill_n(root, nodes, kFree);
  const Index blocks = std::min(kMostBlocks, std::max<Index>(1, nodes / kBlock));
  std::vector<std::vector<Index>> later(blocks);

  const auto found = [&](Index i) {
    root[i] = i;
    for (Index k = row[i]; k < row[i + 1]; k++)
      if (strong[k]) root[col[k]] = i;
  };
  control.crew.run(blocks, [&](std::size_t from, std::size_t to) {
    for (std::size_t b = from; b < to; b++) {
      const Index first = block_start(nodes, blocks, b), end = block_start(nodes, blocks, b + 1);
      for (Index i = first; i < end; i++) {
        bool taken = root[i] != kFree, crosses = false, any = false;
        for (Index k = row[i]; k < row[i + 1] && !taken; k++) {
          if (!strong[k]) continue;
          any = true;
          const Index j = col[k];
          if (j < first || j >= end)
            crosses = true;
          else
            taken = root[j] != kFree;
        }
        if (taken) continue;
        if (!any)
          root[i] = kAlone;
        else if (crosses)
          later[b].push_back(i);
        else
          found(i);
      }
    }
  });
  control.poll();
  for (const std::vector<Index>& list : later)
    for (const Index i : list) {
      bool taken = root[i] != kFree;
      for (Index k = row[i]; k < row[i + 1] && !taken; k++) taken = strong[k] && root[col[k]] != kFree;
      if (!taken) found(i);
    }
  control.poll();

  share_out(control, nodes, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; i++) {
      joined[i] = root[i];
      if (root[i] != kFree) continue;
      double most = -1;
      for (Index k = row[i]; k < row[i + 1]; k++) {
        const Index j = col[k];
        if (!strong[k] || root[j] < 0) continue;
        const double weight = std::abs(graph.weights[k]);
        if (weight <= most) continue;
        most = weight;
        joined[i] = root[j];
      }
    }
  });
  for (Index i = 0; i < nodes; i++) {
    if (joined[i] != kFree) continue;
    bool free = false;
    Index other = kFree;
    for (Index k = row[i]; k < row[i + 1]; k++) {
      if (!strong[k]) continue;
      const Index j = col[k];
      if (joined[j] == kFree)
        free = true;
      else if (joined[j] >= 0)
        other = joined[j];
    }
    joined[i] = free || other == kFree ? i : other;
    for (Index k = row[i]; k < row[i + 1] && free; k++)
      if (strong[k] && joined[col[k]] == kFree) joined[col[k]] = i;
  }
  control.poll();

  Index* const number = root;  // in the order of the roots
  Index count = 0;
  for (Index i = 0; i < nodes; i++) number[i] = joined[i] == i ? count++ : kFree;
  share_out(control, nodes, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; i++) joined[i] = joined[i] < 0 ? kFree : number[joined[i]];
  });
  return {std::move(joined_to), count};
}

}  // namespace krylov

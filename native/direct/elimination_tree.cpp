#include "direct/elimination_tree.hpp"

#include <numeric>

namespace krylov {

namespace {

Indices filled(Control& control, std::size_t n, Index value) {
  const Indices list = control.arena.indices(n);
  std::fill(list.begin(), list.end(), value);
  return list;
}

Indices inverse(Control& control, ConstIndices order) {
  const Indices place = control.arena.indices(order.size());
  for (std::size_t k = 0; k < order.size(); k++) place[order[k]] = static_cast<Index>(k);
  return place;
}

// Liu, The role of elimination trees in sparse factorization (1990), section 5: paths are compressed.
Indices liu_tree(Control& control, const Graph& graph, ConstIndices order) {
  const Index n = static_cast<Index>(order.size());
  const Indices place = inverse(control, order);
  const Indices parent = filled(control, n, -1), ancestor = filled(control, n, -1);
  for (Index k = 0; k < n; k++)
    for (Index at = graph.pointers[order[k]]; at < graph.pointers[order[k] + 1]; at++)
      for (Index j = place[graph.neighbours[at]]; j < k && j != -1;) {
        const Index next = ancestor[j];
        ancestor[j] = k;
        if (next == -1) parent[j] = k;
        j = next;
      }
  return parent;
}

// Indices by descending weight, the later one of equals first.
Indices descending(Control& control, ConstIndices weight) {
  const Index n = static_cast<Index>(weight.size());
  const Indices next = filled(control, n + 2, 0), order = control.arena.indices(n);
  for (Index v = 0; v < n; v++) next[n - weight[v] + 1]++;
  for (Index d = 0; d <= n; d++) next[d + 1] += next[d];
  for (Index v = n - 1; v >= 0; v--) order[next[n - weight[v]]++] = v;
  return order;
}

// The nodes of a forest, children before parents; siblings by ascending weight, or as they are where there is none.
Indices postorder(Control& control, ConstIndices parent, ConstIndices weight) {
  const Index n = static_cast<Index>(parent.size());
  const Indices child = filled(control, n + 1, -1), sibling = filled(control, n, -1);
  // each is put before its siblings, so the last one put comes first
  const auto put = [&](Index v) {
    const Index p = parent[v] < 0 ? n : parent[v];
    sibling[v] = child[p];
    child[p] = v;
  };
  if (weight.empty())
    for (Index v = n - 1; v >= 0; v--) put(v);
  else
    for (const Index v : descending(control, weight)) put(v);
  const Indices order = control.arena.indices(n), stack = control.arena.indices(n + 1);
  Index depth = 0, count = 0;
  stack[0] = n;
  while (depth >= 0) {
    const Index v = stack[depth], next = child[v];
    if (next != -1) {
      child[v] = sibling[next];
      stack[++depth] = next;
    } else {
      depth--;
      if (v < n) order[count++] = v;
    }
  }
  return order;
}

Indices relabelled(Control& control, ConstIndices parent, ConstIndices order) {
  const Indices place = inverse(control, order), result = control.arena.indices(order.size());
  for (std::size_t k = 0; k < order.size(); k++) result[k] = parent[order[k]] < 0 ? -1 : place[parent[order[k]]];
  return result;
}

Indices picked(Control& control, ConstIndices list, ConstIndices order) {
  const Indices result = control.arena.indices(order.size());
  for (std::size_t k = 0; k < order.size(); k++) result[k] = list[order[k]];
  return result;
}

// The top of v's path, which is compressed.
Index root(Indices ancestor, Index v) {
  Index top = v;
  while (ancestor[top] != top) top = ancestor[top];
  while (ancestor[v] != top) {
    const Index next = ancestor[v];
    ancestor[v] = top;
    v = next;
  }
  return top;
}

// Gilbert, Ng and Peyton, An efficient algorithm to compute row and column counts (1994): a column gains an entry for
// each leaf of a row subtree, and loses one where two of its paths meet. The order is a postorder.
Indices column_counts(Control& control, const Graph& graph, ConstIndices order, ConstIndices parent) {
  const Index n = static_cast<Index>(order.size());
  const Indices place = inverse(control, order), counts = filled(control, n, 0);
  const Indices descendant = filled(control, n, -1);  // first of each subtree
  for (Index k = 0; k < n; k++) {
    if (descendant[k] == -1) {
      descendant[k] = k;
      counts[k] = 1;  // a leaf
    }
    if (parent[k] != -1 && descendant[parent[k]] == -1) descendant[parent[k]] = descendant[k];
  }
  const Indices seen = filled(control, n, -1);  // highest first descendant that row i has met
  const Indices leaf = filled(control, n, -1);  // last leaf of row i's subtree
  const Indices ancestor = control.arena.indices(n);
  std::iota(ancestor.begin(), ancestor.end(), 0);
  for (Index k = 0; k < n; k++) {
    if (parent[k] != -1) counts[parent[k]]--;
    for (Index at = graph.pointers[order[k]]; at < graph.pointers[order[k] + 1]; at++) {
      const Index i = place[graph.neighbours[at]];
      if (i <= k || descendant[k] <= seen[i]) continue;
      seen[i] = descendant[k];
      counts[k]++;
      if (leaf[i] != -1) counts[root(ancestor, leaf[i])]--;
      leaf[i] = k;
    }
    if (parent[k] != -1) ancestor[k] = parent[k];
  }
  for (Index k = 0; k < n; k++)
    if (parent[k] != -1) counts[parent[k]] += counts[k];
  return counts;
}

}  // namespace

Elimination eliminate(Control& control, const Pattern& pattern, ConstIndices given) {
  const Graph graph = symmetrised(control, pattern);
  const Index n = pattern.rows;
  const Indices first = owned_order(control, given, n);
  const Indices tree = liu_tree(control, graph, first);
  control.poll();
  const Indices natural = postorder(control, tree, {});
  const Indices order = picked(control, first, natural), parent = relabelled(control, tree, natural);
  control.poll();
  const Indices counts = column_counts(control, graph, order, parent);
  control.poll();
  const Indices by_length = postorder(control, parent, counts);
  const Indices final = picked(control, order, by_length);
  return {final, inverse(control, final), relabelled(control, parent, by_length), picked(control, counts, by_length),
          graph};
}

}  // namespace krylov

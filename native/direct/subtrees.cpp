#include "direct/subtrees.hpp"

#include <algorithm>

namespace krylov {

namespace {

constexpr double kLeast = 1e7;  // operations of a factorization that is shared out: some milliseconds
constexpr double kMost = 3e8;   // of one subtree: nobody looks for an abort within a front of it

double below(const Symbolic& y, Index s) {
  const double size = y.height(s) - y.width(s);
  return size * size;
}

double flops(const Symbolic& y, Index s) {
  const double w = y.width(s), b = y.height(s) - w;
  return w * b * b + w * w * b + w * w * w / 3;
}

// The highest that the stack grows while supernodes first .. root are made.
double stack_of(const Symbolic& y, const SupernodeTree& tree, Index first, Index root) {
  double now = 0, most = 0;
  for (Index s = first; s < root; s++) {
    now += below(y, s);
    most = std::max(most, now);
    for (Index c = tree.child[s]; c != -1; c = tree.sibling[c]) now -= below(y, c);
  }
  return most;
}

}  // namespace

SupernodeTree::SupernodeTree(Control& control, const Symbolic& y)
    : parent(y.count(), -1), child(y.count(), -1), sibling(y.count(), -1), depth(y.count(), 0) {
  const Indices owner = owners(control, y.starts);
  for (Index s = 0; s < y.count(); s++)
    if (y.height(s) > y.width(s)) parent[s] = owner[y.rows[y.row_starts[s] + y.width(s)]];
  for (Index s = y.count() - 1; s >= 0; s--) {
    if (parent[s] < 0) continue;
    depth[s] = depth[parent[s]] + 1;
    sibling[s] = child[parent[s]];
    child[parent[s]] = s;
  }
}

std::vector<Subtree> subtrees(const Symbolic& y, const SupernodeTree& tree) {
  const Index count = y.count();
  std::vector<Index> first(count), size(count, 1);
  std::vector<double> work(count);
  double total = 0;
  for (Index s = 0; s < count; s++) {
    first[s] = s;
    work[s] = flops(y, s);
    total += work[s];
    for (Index c = tree.child[s]; c != -1; c = tree.sibling[c]) {
      first[s] = std::min(first[s], first[c]);
      size[s] += size[c];
      work[s] += work[c];
    }
  }
  if (total < kLeast) return {};
  const double most = std::min(total / 32, kMost);
  std::vector<Subtree> found;
  double kept = 0;
  for (Index s = count - 1; s >= 0;) {
    if (work[s] > most) {
      s--;
      continue;
    }
    if (first[s] + size[s] != s + 1) return {};  // not numbered subtree by subtree
    const double stack = stack_of(y, tree, first[s], s);
    kept += below(y, s);
    found.push_back({first[s], s, static_cast<std::size_t>(stack), static_cast<std::size_t>(below(y, s))});
    s = first[s] - 1;
  }
  if (found.size() < 2 || kept > y.panel_entries / 2) return {};
  return found;
}

}  // namespace krylov

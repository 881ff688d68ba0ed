#pragma once
#include <vector>

#include "direct/symbolic.hpp"

namespace krylov {

// The supernodes above each other: a supernode's parent holds the first row below its own columns.
struct SupernodeTree {
  SupernodeTree(Control& control, const Symbolic& symbolic);

  std::vector<Index> parent, child, sibling;  // or -1; children in ascending order
  std::vector<Index> depth;
};

// Supernodes first .. root, a whole subtree, and the doubles that its stack of update matrices takes; that of the root
// itself is not among them.
struct Subtree {
  Index first, root;
  std::size_t stack, update;
};

// Disjoint subtrees that different threads factor at the same time, with little work each: what is above them is done
// afterwards, front by front. None where that is not worth the trouble, or the update matrices of the roots would take
// more than half of the factor.
std::vector<Subtree> subtrees(const Symbolic& symbolic, const SupernodeTree& tree);

}  // namespace krylov

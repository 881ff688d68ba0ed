#pragma once
#include "direct/graph.hpp"

namespace krylov {

// The graph of A + A^T in elimination order, its tree and the lengths of the columns of its factor.
struct Elimination {
  Indices order;   // row k is row order[k] of A; children stand before their parents, subtrees side by side
  Indices place;   // row of A's row i in that order
  Indices parent;  // per column, the row of its first entry below the diagonal, or -1
  Indices counts;  // entries of each column of the factor, the diagonal included
  Graph graph;
};

// The elimination tree in postorder, longest column of the siblings last, and column counts without the factor.
Elimination eliminate(Control& control, const Pattern& pattern, ConstIndices given);

}  // namespace krylov

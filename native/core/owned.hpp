#pragma once
#include <algorithm>

#include "core/control.hpp"
#include "core/csr.hpp"

namespace krylov {

// A checked copy of a pattern that nobody else can reach. For methods that write where its indices say: the arrays of
// a matrix or a factor are in the hands of whoever holds it, and could be written to after any check.
inline Pattern owned(Control& control, const Pattern& pattern) {
  const Indices pointers = control.arena.indices(pattern.row_pointers.size());
  const Indices columns = control.arena.indices(pattern.nonzeros());
  std::copy(pattern.row_pointers.begin(), pattern.row_pointers.end(), pointers.begin());
  std::copy(pattern.column_indices.begin(), pattern.column_indices.end(), columns.begin());
  const Pattern copy{pattern.rows, pattern.columns, pointers, columns};
  copy.check_indices();
  return copy;
}

// The same of an order of n things. Throws Misuse where it is no permutation.
inline Indices owned_order(Control& control, ConstIndices given, Index n) {
  if (given.size() != static_cast<std::size_t>(n)) throw Misuse("ERR_SHAPE", "order must be as long as A has rows");
  const Indices order = control.arena.indices(n), seen = control.arena.indices(n);
  std::copy(given.begin(), given.end(), order.begin());
  std::fill(seen.begin(), seen.end(), 0);
  for (const Index i : order)
    if (i < 0 || i >= n || seen[i]++ != 0) throw Misuse("ERR_INDEX", "order must be a permutation");
  return order;
}

}  // namespace krylov

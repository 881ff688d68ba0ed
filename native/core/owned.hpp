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

}  // namespace krylov

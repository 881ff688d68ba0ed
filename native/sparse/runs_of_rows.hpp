#pragma once
#include <algorithm>

#include "core/csr.hpp"
#include "core/meter.hpp"

namespace krylov {

// A row of a pattern as it was met: offset of its first entry, how many it has, and whether it is as long as the row
// before, or has the same offsets from the diagonal.
struct MetRow {
  Index at, length;
  bool as_long, same;
};

// Calls row(i, MetRow) for the rows of a pattern in order. Offsets ascend and stay inside whatever the pattern says,
// since somebody may write into it after the check. Traffic: 4 nnz bytes.
template <class Row>
void each_row(Control& control, const Pattern& pattern, Row&& row) {
  Meter meter(control);
  pattern.check_indices();
  const Index nonzeros = static_cast<Index>(pattern.nonzeros());
  const Index *const pointers = pattern.row_pointers.data(), *const col = pattern.column_indices.data();
  Index before = 0, length = -1, next = 0;
  for (Index i = 0; i < pattern.rows; i++) {
    const Index at = next, m = std::clamp(pointers[i + 1], next, nonzeros) - next;
    next += m;
    bool same = m == length;
    for (Index k = 0; same && k < m; k++) same = col[at + k] == col[before + k] + 1;
    row(i, MetRow{at, m, m == length, same});
    before = at;
    length = m;
    meter.spend(m + 1);
  }
}

}  // namespace krylov

#include "sparse/upper.hpp"

#include <algorithm>

#include "core/method.hpp"

namespace krylov {

namespace {

// Splits a pattern at its diagonal, and drops what couples its diagonal blocks. Traffic: 8 nnz bytes.
UpperTriangle upper_triangle(Control& control, const Pattern& pattern, Index blocks) {
  pattern.check_indices();
  if (pattern.rows != pattern.columns || blocks < 1) throw Misuse("ERR_SHAPE", "the pattern must be square");
  const Index n = pattern.rows;
  const Index nonzeros = static_cast<Index>(pattern.nonzeros());
  const ConstIndices row = pattern.row_pointers, col = pattern.column_indices;
  const Indices starts = control.allocate<Index>(n), diagonal = control.allocate<Index>(n);
  const Indices pointers = control.allocate<Index>(n + 1);
  pointers[0] = 0;
  for (Index i = 0, b = 0, block_end = 0, next = 0; i < n; i++) {
    while (i >= block_end) block_end = block_start(n, blocks, ++b);
    // ascending and inside, since somebody may write into the pattern after the check
    Index at = next, end = next = std::clamp(row[i + 1], next, nonzeros);
    while (end > at && col[end - 1] >= block_end) end--;
    while (at < end && col[at] < i) at++;
    diagonal[i] = at < end && col[at] == i ? at++ : -1;
    starts[i] = at;
    pointers[i + 1] = pointers[i] + end - at;
  }
  control.poll();
  const Indices indices = control.allocate<Index>(pointers[n]);
  for (Index i = 0; i < n; i++)
    std::copy_n(col.begin() + starts[i], pointers[i + 1] - pointers[i], indices.begin() + pointers[i]);
  return {{n, n, pointers, indices}, starts, diagonal};
}

const Exposed upper_triangle_{expose<upper_triangle>("upperTriangle")};

}  // namespace
}  // namespace krylov

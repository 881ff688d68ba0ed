#include <algorithm>
#include <cmath>
#include <limits>

#include "core/method.hpp"
#include "sparse/examine.hpp"

namespace krylov {

namespace {

constexpr Index kRowsPerPoll = 1 << 14;

}  // namespace

// Finiteness and symmetry in one pass. Rows are met in ascending order, so the partners (j, i) of row i's entries right
// of the diagonal are the next ones in their rows: one cursor per row finds each in O(1) amortised.
// Workspace: 2n integers. Traffic: 24 nnz bytes.
Facts examine(Control& control, const Csr& A) {
  A.pattern.check_indices();
  const Index n = A.pattern.rows;
  const Index* const row = A.pattern.row_pointers.data();
  const Index* const col = A.pattern.column_indices.data();
  const double* const a = A.values.data();
  const Index nonzeros = static_cast<Index>(A.nonzeros());
  const bool square = n == A.pattern.columns;
  // ascending and inside, since somebody may write into the matrix after the check: wrong numbers then, never a wild
  // access, and no more than one pass
  const Indices start = control.arena.indices(n + 1), next = control.arena.indices(n);
  start[0] = 0;
  for (Index i = 0; i < n; i++) {
    next[i] = start[i];
    start[i + 1] = std::clamp(row[i + 1], start[i], nonzeros);
  }

  Facts facts;
  if (!square) facts.asymmetry = std::numeric_limits<double>::infinity();
  double worst = 0;
  const auto alone = [&](Index at) { worst = std::max(worst, std::abs(a[at])); };
  for (Index i = 0; i < n; i++) {
    if (i % kRowsPerPoll == 0) control.poll();
    const Index end = start[i + 1];
    for (Index at = start[i]; at < end; at++) {
      const double size = std::abs(a[at]);
      if (size > facts.largest) facts.largest = size;
      if (!(size < std::numeric_limits<double>::infinity()) && facts.not_finite < 0) facts.not_finite = at;
    }
    if (!square) continue;
    Index at = next[i];
    while (at < end && col[at] < i) alone(at++);
    if (at < end && col[at] == i) at++;
    for (; at < end; at++) {
      const Index j = std::clamp(col[at], 0, n - 1), row_end = start[j + 1];
      Index c = next[j];
      while (c < row_end && col[c] < i) alone(c++);
      if (c < row_end && col[c] == i)
        worst = std::max(worst, std::abs(a[at] - a[c++]));
      else
        alone(at);
      next[j] = c;
    }
  }
  if (square) facts.asymmetry = worst;
  return facts;
}

namespace {

const Exposed examine_{expose<examine>("examine")};

}  // namespace
}  // namespace krylov

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/csr.hpp"
#include "core/method.hpp"

namespace krylov {

namespace {

// inverse[i] = 1 / |a_ii|, and 1 where the diagonal is zero or not stored: positive, whatever A is, so that an
// indefinite A is reported as what it is and not as an indefinite preconditioner. Returns the rows that got a 1 so.
double inverse_diagonal(Control& control, const Csr& A, Vector inverse) {
  A.pattern.check_indices();
  if (inverse.size() != A.rows()) throw Misuse("ERR_SHAPE", "inverse must have one entry per row");
  const Index nonzeros = static_cast<Index>(A.nonzeros());
  const ConstIndices row = A.pattern.row_pointers, col = A.pattern.column_indices;
  double replaced = 0;
  for (Index i = 0, end = 0; i < A.pattern.rows; i++) {
    if (i % (1 << 16) == 0) control.poll();
    // ascending and inside, since somebody may write into the pattern after the check
    Index at = end;
    end = std::clamp(row[i + 1], at, nonzeros);
    while (at < end && col[at] < i) at++;
    const double d = at < end && col[at] == i ? 1 / std::abs(A.values[at]) : std::numeric_limits<double>::infinity();
    const bool usable = d > 0 && d < std::numeric_limits<double>::infinity();
    inverse[i] = usable ? d : 1;
    if (!usable) replaced++;
  }
  return replaced;
}

const Exposed inverse_diagonal_{expose<inverse_diagonal>("inverseDiagonal")};

}  // namespace
}  // namespace krylov

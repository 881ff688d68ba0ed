#include <cmath>
#include <vector>

#include "core/meter.hpp"
#include "core/method.hpp"
#include "core/owned.hpp"
#include "direct/lu.hpp"

namespace krylov {

namespace {

constexpr double kSmallest = 1e-8;  // share of a row's largest entry that a pivot has at least

// A ~ L D U on the pattern of A, row by row (Saad 2003, Algorithm 10.4): fill is dropped where A has no entry. A pivot
// that is smaller than its row allows is replaced by that bound, and counted. Workspace: 2n.
LuArrays ilu0(Control& control, const Csr& given) {
  const Index n = given.pattern.rows;
  if (given.pattern.columns != n) throw Misuse("ERR_SHAPE", "A must be square");
  const Csr A{owned(control, given.pattern), given.values};
  const ConstIndices row = A.pattern.row_pointers, col = A.pattern.column_indices;
  const Indices order = control.allocate<Index>(n), columns = control.allocate<Index>(n);
  const Indices below = control.allocate<Index>(n + 1), above = control.allocate<Index>(n + 1);
  below[0] = above[0] = 0;
  Meter meter(control);
  for (Index i = 0; i < n; i++) {
    order[i] = columns[i] = i;
    Index left = 0, right = 0;
    for (Index e = row[i]; e < row[i + 1]; e++) {
      left += col[e] < i;
      right += col[e] > i;
    }
    below[i + 1] = below[i] + left;
    above[i + 1] = above[i] + right;
    meter.spend(row[i + 1] - row[i] + 1);
  }
  const Indices lower_columns = control.allocate<Index>(below[n]), upper_columns = control.allocate<Index>(above[n]);
  const Vector l = control.allocate<double>(below[n]), u = control.allocate<double>(above[n]);
  const Vector inverse = control.allocate<double>(n);
  std::vector<double> w(n);
  std::vector<Index> mark(n, -1);
  Index replaced = 0;
  for (Index i = 0; i < n; i++) {
    w[i] = 0;  // for a row that stores no diagonal
    mark[i] = i;
    double largest = 0;
    for (Index e = row[i]; e < row[i + 1]; e++) {
      mark[col[e]] = i;
      w[col[e]] = A.values[e];
      largest = std::max(largest, std::abs(A.values[e]));
    }
    Index left = below[i], right = above[i];
    for (Index e = row[i]; e < row[i + 1]; e++) {
      const Index j = col[e];
      if (j >= i) continue;
      const double f = w[j];
      lower_columns[left] = j;
      l[left++] = f * inverse[j];
      for (Index t = above[j]; t < above[j + 1]; t++)
        if (mark[upper_columns[t]] == i) w[upper_columns[t]] -= f * u[t];
      meter.spend(above[j + 1] - above[j]);
    }
    const double bound = largest > 0 ? kSmallest * largest : 1;
    if (!(std::abs(w[i]) >= bound)) {
      w[i] = w[i] < 0 ? -bound : bound;
      replaced++;
    }
    const double d = 1 / w[i];
    inverse[i] = d;
    for (Index e = row[i]; e < row[i + 1]; e++) {
      if (col[e] <= i) continue;
      upper_columns[right] = col[e];
      u[right++] = w[col[e]] * d;
    }
    meter.spend(row[i + 1] - row[i] + 1);
  }
  return {order, columns, {{n, n, below, lower_columns}, l}, {{n, n, above, upper_columns}, u}, inverse, replaced};
}

const Exposed ilu0_{expose<ilu0>("ilu0")};

}  // namespace
}  // namespace krylov

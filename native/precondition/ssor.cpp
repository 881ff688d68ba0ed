#include <cmath>

#include "core/method.hpp"
#include "sparse/upper.hpp"

namespace krylov {

namespace {

// Symmetric SOR as a factor: (D + omega L) D^-1 (D + omega L^T) / (omega (2 - omega)) = C C^T with
// C = (D + omega L) D^-1/2 / sqrt(omega (2 - omega)) (Axelsson 1972). values: output, row i = column i of C below its
// diagonal. inverse: output, 1 / c_ii. Returns the first row whose diagonal is not positive, or -1.
double ssor_factor(Control& control, const Csr& A, const UpperTriangle& given, double omega, Vector values,
                   Vector inverse) {
  const UpperTriangle triangle = given.own(control, A);
  if (values.size() != triangle.pattern.nonzeros() || inverse.size() != A.rows())
    throw Misuse("ERR_SHAPE", "values and inverse must fit the triangle");
  const ConstIndices row = triangle.pattern.row_pointers;
  const double c = std::sqrt(omega * (2 - omega));
  for (Index i = 0; i < A.pattern.rows; i++) {
    if (i % (1 << 16) == 0) control.poll();
    const double d = triangle.diagonal[i] < 0 ? 0 : A.values[triangle.diagonal[i]];
    if (!(d > 0)) return i;
    const double root = std::sqrt(d);
    inverse[i] = c / root;
    const double scale = omega / (root * c);
    const Index offset = triangle.starts[i] - row[i];
    for (Index at = row[i]; at < row[i + 1]; at++) values[at] = A.values[at + offset] * scale;
  }
  return -1;
}

const Exposed ssor_factor_{expose<ssor_factor>("ssorFactor")};

}  // namespace
}  // namespace krylov

#include "core/method.hpp"
#include "sparse/upper.hpp"

namespace krylov {

namespace {

// Symmetric SOR as a factor (Axelsson 1972): (D + omega L) D^-1 (D + omega L^T) / (omega (2 - omega)) is U^T E U with
// U = I + omega D^-1 L^T and E = D / (omega (2 - omega)). values: output, the strict part of U. inverse_diagonal:
// output, of E. Returns the first row whose diagonal is not positive, or -1.
double ssor_factor(Control& control, const Csr& A, const UpperTriangle& given, double omega, Vector values,
                   Vector inverse_diagonal) {
  const UpperTriangle triangle = given.own(control, A);
  if (values.size() != triangle.pattern.nonzeros() || inverse_diagonal.size() != A.rows())
    throw Misuse("ERR_SHAPE", "values and inverseDiagonal must fit the triangle");
  const ConstIndices row = triangle.pattern.row_pointers;
  for (Index i = 0; i < A.pattern.rows; i++) {
    if (i % (1 << 16) == 0) control.poll();
    const double d = triangle.diagonal[i] < 0 ? 0 : A.values[triangle.diagonal[i]];
    if (!(d > 0)) return i;
    inverse_diagonal[i] = omega * (2 - omega) / d;
    const double scale = omega / d;
    const Index offset = triangle.starts[i] - row[i];
    for (Index at = row[i]; at < row[i + 1]; at++) values[at] = A.values[at + offset] * scale;
  }
  return -1;
}

const Exposed ssor_factor_{expose<ssor_factor>("ssorFactor")};

}  // namespace
}  // namespace krylov

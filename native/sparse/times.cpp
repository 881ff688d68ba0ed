#include "core/method.hpp"
#include "kernels/sweeps.hpp"

namespace krylov {
namespace {

// Y = A X, both by rows with s columns. 2 s flops for each entry of A.
void times(Control& control, const Matrix& A, ConstVector X, Vector Y, Index s) {
  if (s < 1 || X.size() != static_cast<std::size_t>(A.pattern.columns) * s || Y.size() != A.rows() * s)
    throw Misuse("ERR_SHAPE", "X and Y must have s columns, and as many rows as A columns and rows");
  Sweeps(control, A.rows()).multiply(A, X, Y, static_cast<std::size_t>(s));
}

const Exposed times_{expose<times>("sparseTimes")};

}  // namespace
}  // namespace krylov

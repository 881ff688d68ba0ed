#include "matfun/exponential.hpp"

#include "core/method.hpp"
#include "matfun/one_thread.hpp"

namespace krylov {
namespace {

// X_i = e^A_i of general matrices, n x n by rows, one after the other, and where E is not empty instead of that
// D_i, the derivative at A_i along E_i, or with `adjoint` at A_i^T. norms[i]: ||A_i||_1, beside E_i; NaN where an entry
// is not finite: beyond kMostNorm nothing is computed. residuals[i]: that of the system of the approximant. About
// 20 n^3 flops each, with the derivative 60 n^3.
void matrix_exponential(Control& control, ConstVector A, ConstVector E, Index n_, Index count_, bool adjoint, Vector X,
                        Vector residuals, Vector norms) {
  need_shape(n_ >= 0 && count_ >= 0, "n and count must not be negative");
  const std::size_t n = n_, count = count_, square = n * n;
  need_shape(A.size() == count * square && (E.empty() || E.size() == A.size()) && X.size() == A.size(),
             "A, E and X must be count n^2 long");
  need_shape(residuals.size() == count && norms.size() == count, "residuals and norms must be count long");
  std::fill(residuals.begin(), residuals.end(), 0.0);
  std::fill(norms.begin(), norms.end(), 0.0);
  if (n == 0) return;
  const bool tangent = !E.empty();
  for_each_large(control, count, [&](std::size_t i, Control& own) {
    Exponential exponential(own, n, tangent);
    const Jet given = exponential.input();
    double* const out = X.data() + i * square;
    std::copy_n(A.data() + i * square, square, given.x);
    if (adjoint) transpose(given.x, n);
    double factor = 1;  // the derivative is linear in E, the choice of degrees is not: as large as A
    if (tangent) {
      const double a = column_norm({given.x}, n), e = column_norm({E.data() + i * square}, n);
      if (e == 0) return void(std::fill_n(out, square, 0.0));
      factor = (a > 0 ? a : 1) / e;
      for (std::size_t at = 0; at < square; at++) given.d[at] = factor * E[i * square + at];
    }
    norms[i] = exponential.norm(given);
    if (!(norms[i] < kMostNorm)) return;
    residuals[i] = exponential.compute(norms[i]);
    const Jet found = exponential.value();
    if (tangent)
      for (std::size_t at = 0; at < square; at++) out[at] = found.d[at] / factor;
    else
      std::copy_n(found.x, square, out);
  });
}

const Exposed matrix_exponential_{expose<matrix_exponential>("matrixExponential")};

}  // namespace
}  // namespace krylov

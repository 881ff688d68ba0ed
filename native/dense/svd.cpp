#include <algorithm>

#include "core/method.hpp"
#include "dense/blas.hpp"
#include "dense/transpose.hpp"
#include "dense/two_stage.hpp"

namespace krylov {
namespace {

// A = U diag(s) V^T, U m x k, V n x k, k = min(m, n), all by rows; U and V may be left out together. dgesdd on the tall
// one of A and A^T by columns: of the wide one the array by rows is that already. Returns 0, or what LAPACK says where
// it did not converge. About 6 m n^2 flops where m >> n. Values alone of what is large and not far from square: two
// stages.
Index svd(Control& control, ConstVector A, Index m_, Index n_, Vector U, Vector s, Vector V) {
  need_shape(m_ >= 0 && n_ >= 0, "m and n must not be negative");
  const std::size_t m = m_, n = n_, k = std::min(m, n);
  const bool vectors = !U.empty() || !V.empty();
  need_shape(A.size() == m * n && s.size() == k && (!vectors || (U.size() == m * k && V.size() == n * k)),
             "A, U, s and V must fit");
  if (k == 0) return 0;
  const bool tall = m >= n;
  const std::size_t longer = std::max(m, n);
  const Vector W = control.arena.doubles(m * n), left = control.arena.doubles(vectors ? longer * k : 0);
  if (tall)
    transpose(control, A.data(), m, n, W.data());
  else
    std::copy(A.begin(), A.end(), W.begin());
  if (!vectors && k >= kTwoStages && longer <= 2 * k)
    return two_stage_singular_values(control, W.data(), longer, k, s.data());
  const Vector right = tall ? V : U;  // V^T by columns is V by rows
  const Indices iwork = control.arena.indices(8 * k);
  const int rows = static_cast<int>(longer), columns = static_cast<int>(k);
  int size = -1, info = 0;
  double wanted = 0, none = 0;
  double* const u = vectors ? left.data() : &none;
  double* const vt = vectors ? right.data() : &none;
  const auto call = [&](double* work) {
    openblas().dgesdd(vectors ? "S" : "N", &rows, &columns, W.data(), &rows, s.data(), u, &rows, vt, &columns, work,
                      &size, iwork.data(), &info, 1);
  };
  call(&wanted);
  size = static_cast<int>(wanted);
  call(control.arena.doubles(static_cast<std::size_t>(size)).data());
  if (info == 0 && vectors) transpose(control, left.data(), k, longer, (tall ? U : V).data());
  return info;
}

const Exposed svd_{expose<svd>("svd")};

}  // namespace
}  // namespace krylov

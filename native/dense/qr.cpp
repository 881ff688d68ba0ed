#include <algorithm>

#include "core/method.hpp"
#include "dense/blas.hpp"
#include "dense/transpose.hpp"
#include "dense/workspace.hpp"

namespace krylov {
namespace {

// A = Q R, or A P = Q R with the columns of A in the order `pivots`; Q m x k, R k x n, k = min(m, n), all by rows.
// Q may be left out. dgeqrf or dgeqp3 on a copy by columns: 2 m n^2 flops, and as many for Q.
void qr(Control& control, ConstVector A, Index m_, Index n_, Vector Q, Vector R, Indices pivots) {
  need_shape(m_ >= 0 && n_ >= 0, "m and n must not be negative");
  const std::size_t m = m_, n = n_, k = std::min(m, n);
  need_shape(A.size() == m * n && (Q.empty() || Q.size() == m * k) && R.size() == k * n, "A, Q and R must fit");
  need_shape(pivots.empty() || pivots.size() == n, "pivots must be n long");
  if (k == 0) {
    for (std::size_t j = 0; j < pivots.size(); j++) pivots[j] = static_cast<Index>(j);
    return;
  }
  const Lapack& blas = openblas();
  const Vector W = control.arena.doubles(m * n), tau = control.arena.doubles(k);
  transpose(control, A.data(), m, n, W.data());
  const int rows = m_, columns = n_, rank = static_cast<int>(k);
  int info = 0;
  with_workspace(control, [&](double* work, const int* size) {
    if (pivots.empty()) {
      blas.dgeqrf(&rows, &columns, W.data(), &rows, tau.data(), work, size, &info);
    } else {
      std::fill(pivots.begin(), pivots.end(), 0);  // all columns are free
      blas.dgeqp3(&rows, &columns, W.data(), &rows, pivots.data(), tau.data(), work, size, &info);
    }
  });
  for (Index& pivot : pivots) pivot--;
  control.poll();
  copy_upper(W.data(), m, k, n, R.data());
  if (Q.empty()) return;
  with_workspace(control, [&](double* work, const int* size) {
    blas.dorgqr(&rows, &rank, &rank, W.data(), &rows, tau.data(), work, size, &info);
  });
  transpose(control, W.data(), k, m, Q.data());
}

const Exposed qr_{expose<qr>("qr")};

}  // namespace
}  // namespace krylov

#include <algorithm>

#include "core/method.hpp"
#include "dense/blas.hpp"

namespace krylov {

void solve_triangular(Control& control, const Triangle& T, double* x, std::size_t s) {
  if (T.n == 0 || s == 0) return;
  const Pieces pieces = pieces_of(control.crew, s, 1.0 * T.n * T.n * s);
  control.crew.run(pieces.count, [&](std::size_t first, std::size_t last) {
    const std::size_t from = first * pieces.size;
    const int width = static_cast<int>(std::min(last * pieces.size, s) - from), order = static_cast<int>(T.n);
    const int stride = static_cast<int>(s);
    const double one = 1;
    // X^T op(T)^T = B^T there, where T's array is that of T^T
    openblas().dtrsm("R", T.lower ? "U" : "L", T.transposed ? "T" : "N", T.unit ? "U" : "N", &width, &order, &one, T.t,
                     &order, x + from, &stride, 1, 1, 1, 1);
  });
}

namespace {

// X = op(T)^-1 X in place, X n x s, by rows. n^2 s flops.
void solve(Control& control, ConstVector T, Index n, Vector X, Index s, bool lower, bool transposed, bool unit) {
  need_shape(
      n >= 0 && s >= 0 && T.size() == static_cast<std::size_t>(n) * n && X.size() == static_cast<std::size_t>(n) * s,
      "T must be n x n and X n x s");
  solve_triangular(control, {T.data(), static_cast<std::size_t>(n), lower, transposed, unit}, X.data(), s);
}

constexpr std::size_t kPanel = 480;  // rows: they stay in the second cache between being gathered and solved

// X = A[:, columns] T^-1, A and X m x n, by rows; in place where A is X and the columns are left out. m n^2 flops.
void solve_right(Control& control, ConstVector T, Index n_, ConstVector A, ConstIndices columns, Vector X, bool lower) {
  const std::size_t n = n_ < 0 ? 0 : static_cast<std::size_t>(n_);
  need_shape(n_ >= 0 && T.size() == n * n && (n == 0 ? X.empty() : X.size() % n == 0), "T must be n x n and X m x n");
  need_shape(A.size() == X.size() && (columns.empty() || columns.size() == n), "A and the columns must fit");
  // checked copies: the caller's memory may be shared
  const Indices order = control.arena.indices(columns.size());
  for (std::size_t j = 0; j < order.size(); j++) {
    order[j] = columns[j];
    need_shape(order[j] >= 0 && order[j] < n_, "columns must lie in A");
  }
  if (n == 0) return;
  const std::size_t m = X.size() / n;
  control.crew.run((m + kPanel - 1) / kPanel, [&](std::size_t first, std::size_t last) {
    for (std::size_t panel = first; panel < last; panel++) {
      const std::size_t from = panel * kPanel, to = std::min(from + kPanel, m);
      for (std::size_t i = from; i < to && !order.empty(); i++)
        for (std::size_t j = 0; j < n; j++) X[i * n + j] = A[i * n + order[j]];
      if (order.empty() && A.data() != X.data()) std::copy(&A[from * n], &A[from * n] + (to - from) * n, &X[from * n]);
      const int rows = static_cast<int>(to - from);
      const double one = 1;
      openblas().dtrsm("L", lower ? "U" : "L", "N", "N", &n_, &rows, &one, T.data(), &n_, X.data() + from * n, &n_, 1,
                       1, 1, 1);
    }
  });
}

const Exposed methods[] = {Exposed{expose<solve>("solveTriangular")},
                           Exposed{expose<solve_right>("solveTriangularRight")}};

}  // namespace
}  // namespace krylov

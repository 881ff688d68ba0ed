#include <algorithm>
#include <cmath>
#include <limits>

#include "core/method.hpp"
#include "precondition/shift_ladder.hpp"
#include "sparse/upper.hpp"

namespace krylov {

namespace {

constexpr Index kColumnsPerPoll = 1 << 12;

struct Workspace {
  Vector d;          // pivots in the making
  Indices position;  // offset of row i in the column being updated, or -1
};

bool factor(Control& control, const Csr& A, const UpperTriangle& triangle, double omega, double shift, Vector values,
            Vector inverse_diagonal, Workspace w) {
  const Index n = triangle.pattern.rows;
  const Index* const row = triangle.pattern.row_pointers.data();
  const Index* const col = triangle.pattern.column_indices.data();
  const double pivot_floor = omega > 0 ? 1e-2 * (1 - omega) + 1e-10 : 1e-10;
  const auto diagonal = [&](Index i) { return triangle.diagonal[i] < 0 ? 0.0 : A.values[triangle.diagonal[i]]; };
  double* const u = values.data();
  double* const d = w.d.data();
  Index* const position = w.position.data();
  std::fill_n(position, n, -1);
  for (Index i = 0; i < n; i++) {
    d[i] = diagonal(i) * (1 + shift);
    std::copy_n(A.values.begin() + triangle.starts[i], row[i + 1] - row[i], u + row[i]);
  }
  for (Index j = 0; j < n; j++) {
    if (j % kColumnsPerPoll == 0) control.poll();
    const Index start = row[j], end = row[j + 1];
    const double a = diagonal(j);
    if (!(d[j] > pivot_floor * a && d[j] < std::numeric_limits<double>::infinity() && a > 0)) return false;
    const double inverse = 1 / d[j];
    inverse_diagonal[j] = inverse;
    for (Index at = start; at < end; at++) {
      const Index m = col[at];
      const double factor = u[at] * inverse;
      d[m] -= factor * u[at];
      u[at] = factor;
      if (at + 1 == end) break;
      for (Index c = row[m]; c < row[m + 1]; c++) position[col[c]] = c;
      for (Index b = at + 1; b < end; b++) {
        const Index i = col[b];
        const double fill = factor * u[b];
        if (position[i] >= 0) {
          u[position[i]] -= fill;
        } else {
          d[i] -= omega * fill;
          d[m] -= omega * fill;
        }
      }
      for (Index c = row[m]; c < row[m + 1]; c++) position[col[c]] = -1;
    }
  }
  return true;
}

// Relaxed incomplete Cholesky on A's own pattern: U^T D U ~ A, dropped fill times `omega` moved onto the two diagonals
// (Gustafsson 1978 for omega = 1; omega = 0 is IC(0)). A failed pivot restarts with a larger shift, then without
// relaxation. values: output, the strict part of U, one per entry of the triangle. inverse_diagonal: output, n.
// Workspace: 2n. Work: the sum over columns of length squared.
FactorReport incomplete_cholesky(Control& control, const Csr& A, const UpperTriangle& given, double omega, double shift,
                                 Vector values, Vector inverse_diagonal) {
  const UpperTriangle triangle = given.own(control, A);
  if (values.size() != triangle.pattern.nonzeros() || inverse_diagonal.size() != A.rows())
    throw Misuse("ERR_SHAPE", "values and inverseDiagonal must fit the triangle");
  const Workspace w{control.arena.doubles(A.rows()), control.arena.indices(A.rows())};
  return shift_ladder(omega, shift, [&](double relaxation, double s) {
    return factor(control, A, triangle, relaxation, s, values, inverse_diagonal, w);
  });
}

const Exposed incomplete_cholesky_{expose<incomplete_cholesky>("incompleteCholesky")};

}  // namespace
}  // namespace krylov

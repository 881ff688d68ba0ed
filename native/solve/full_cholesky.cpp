#include <algorithm>
#include <cmath>

#include "core/method.hpp"
#include "core/owned.hpp"
#include "dense/cholesky.hpp"
#include "kernels/sweeps.hpp"

namespace krylov {

namespace {

struct Factored {
  double failed = -1;  // the row whose pivot is not positive, or -1
  double refinements = 0;
  static constexpr auto fields =
      std::tuple{field("failed", &Factored::failed), field("refinements", &Factored::refinements)};
};

// Solves A X = B, A sparse, by Cholesky's factorization of A as a full matrix, in one go: what small systems cost is
// calls. Refines while a column's residual is above rtol ||b|| and falls. norms: output, of the columns of B - A X.
// Workspace: n^2 + 3 n s.
Factored full_cholesky(Control& control, const Csr& given, ConstVector b, Vector x, Index s, double rtol, Index most,
                       Vector norms) {
  const std::size_t n = given.rows(), columns = s;
  if (s < 1 || b.size() != n * columns || x.size() != n * columns || norms.size() != columns ||
      given.pattern.rows != given.pattern.columns)
    throw Misuse("ERR_SHAPE", "A must be n x n, b and x n x s, norms s long");
  const Csr A{owned(control, given.pattern), given.values};
  const Vector full = control.arena.doubles(n * n), r = control.arena.doubles(n * columns),
               better = control.arena.doubles(n * columns);
  std::fill(full.begin(), full.end(), 0.0);
  const auto& [rows, _, pointers, indices] = A.pattern;
  for (Index i = 0; i < rows; i++)
    for (Index at = pointers[i]; at < pointers[i + 1] && indices[at] <= i; at++)
      full[i * n + indices[at]] = A.values[at];
  Factored report;
  report.failed = cholesky_factor(control, full, n);
  if (report.failed >= 0) return report;

  Sweeps k(control, n);
  const auto residual = [&](Vector from, Vector to) {
    if (columns == 1) {
      k.residual(A, from, b, to);
      return;
    }
    k.multiply(A, from, to, columns);
    for (std::size_t at = 0; at < to.size(); at++) to[at] = b[at] - to[at];
  };
  const auto norm = [&](ConstVector of, std::size_t c) {
    double square = 0;
    for (std::size_t at = c; at < of.size(); at += columns) square += of[at] * of[at];
    return std::sqrt(square);
  };
  std::copy(b.begin(), b.end(), x.begin());
  cholesky_solve(full, n, x, columns);
  residual(x, r);
  for (std::size_t c = 0; c < columns; c++) norms[c] = norm(r, c);
  const auto far = [&] {
    for (std::size_t c = 0; c < columns; c++)
      if (!(norms[c] <= rtol * norm(b, c))) return true;
    return false;
  };
  while (report.refinements < most && far()) {
    control.poll();
    cholesky_solve(full, n, r, columns);
    for (std::size_t at = 0; at < x.size(); at++) better[at] = x[at] + r[at];
    residual(better, r);
    bool falls = true;
    for (std::size_t c = 0; c < columns; c++) falls &= norm(r, c) <= 0.5 * norms[c] || norm(r, c) <= rtol * norm(b, c);
    if (!falls) break;
    std::copy(better.begin(), better.end(), x.begin());
    for (std::size_t c = 0; c < columns; c++) norms[c] = norm(r, c);
    report.refinements++;
  }
  return report;
}

const Exposed full_cholesky_{expose<full_cholesky>("fullCholesky")};

}  // namespace
}  // namespace krylov

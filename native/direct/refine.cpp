#include "direct/refine.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/owned.hpp"
#include "kernels/sweeps.hpp"

namespace krylov {

namespace {

// A backward error up to this is what rounding leaves of an exact factor.
constexpr double kRounding = 1e-14;

// Largest sum of absolute values in a row.
double norm_of(const Csr& A) {
  double largest = 0;
  for (Index i = 0; i < A.pattern.rows; i++) {
    double sum = 0;
    for (Index at = A.pattern.row_pointers[i]; at < A.pattern.row_pointers[i + 1]; at++) sum += std::abs(A.values[at]);
    largest = std::max(largest, sum);
  }
  return largest;
}

// ||x|| of each column, without squares that leave the range of doubles.
std::vector<double> column_norms(ConstVector x, std::size_t s) {
  std::vector<double> largest(s, 0.0), sums(s, 0.0);
  for (std::size_t at = 0; at < x.size(); at += s)
    for (std::size_t c = 0; c < s; c++)
      if (const double size = std::abs(x[at + c]); !(size <= largest[c])) largest[c] = size;
  for (std::size_t at = 0; at < x.size(); at += s)
    for (std::size_t c = 0; c < s; c++) sums[c] += (x[at + c] / largest[c]) * (x[at + c] / largest[c]);
  for (std::size_t c = 0; c < s; c++)
    if (largest[c] > 0 && largest[c] < std::numeric_limits<double>::infinity()) largest[c] *= std::sqrt(sums[c]);
  return largest;
}

// R = B - A X
void residual_block(Sweeps& k, const Csr& A, ConstVector x, ConstVector b, Vector r, std::size_t s) {
  k.control().poll();
  if (s == 1) {
    k.residual(A, x, b, r);
    return;
  }
  k.multiply(A, x, r, s);
  for (std::size_t at = 0; at < r.size(); at++) r[at] = b[at] - r[at];
}

}  // namespace

// X = A^-1 B by a factor and iterative refinement (Wilkinson 1963; Higham, Accuracy and Stability, chapter 12), column
// by column until the residual is at most `rtol` ||b|| and the backward error ||r|| / (||A|| ||x|| + ||b||) that of
// rounding, or a step no longer halves the residual, or after `most` steps. What made a residual larger is taken back.
// Fills X, `residual_norms` and `backward_errors`; a column that is not finite is zero. Returns the steps.
// Workspace: 3 n s.
double refine(Control& control, const RefinedSolve& given, const ApplyFactor& apply) {
  const Csr& matrix = given.A;
  const ConstVector b = given.b;
  const Vector x = given.x, residual_norms = given.residual_norms, backward_errors = given.backward_errors;
  const Index columns = given.columns, most = given.most;
  const double rtol = given.rtol;
  const std::size_t n = matrix.rows(), s = columns;
  if (columns < 1 || matrix.pattern.columns != matrix.pattern.rows || b.size() != n * s || x.size() != n * s ||
      residual_norms.size() != s || backward_errors.size() != s)
    throw Misuse("ERR_SHAPE", "right-hand sides must be n x s");
  const Csr A{owned(control, matrix.pattern), matrix.values};
  Sweeps k(control, n);
  const Vector r = control.arena.doubles(n * s), z = control.arena.doubles(n * s);
  const double size = norm_of(A);
  const std::vector<double> b_norms = column_norms(b, s);
  const auto each = [&](std::size_t c, auto&& act) {
    for (std::size_t at = c; at < x.size(); at += s) act(at);
  };
  apply(b, x, s);
  const std::vector<double> first = column_norms(x, s);
  std::vector<bool> open(s);
  for (std::size_t c = 0; c < s; c++) {
    const bool held = first[c] < std::numeric_limits<double>::infinity();
    if (!held) each(c, [&](std::size_t at) { x[at] = 0; });
    open[c] = held && b_norms[c] > 0;
  }
  residual_block(k, A, x, b, r, s);
  std::vector<double> norms = column_norms(r, s);
  std::copy(norms.begin(), norms.end(), residual_norms.begin());
  for (Index step = 0;; step++) {
    const std::vector<double> x_norms = column_norms(x, s);
    for (std::size_t c = 0; c < s; c++) {
      backward_errors[c] = b_norms[c] == 0 ? 0 : residual_norms[c] / (size * x_norms[c] + b_norms[c]);
      if (backward_errors[c] <= kRounding && residual_norms[c] <= rtol * b_norms[c]) open[c] = false;
    }
    if (step == most || std::find(open.begin(), open.end(), true) == open.end()) return step;
    apply(r, z, s);
    for (std::size_t c = 0; c < s; c++)
      if (open[c]) each(c, [&](std::size_t at) { x[at] += z[at]; });
    residual_block(k, A, x, b, r, s);
    norms = column_norms(r, s);
    bool worse = false;
    for (std::size_t c = 0; c < s; c++) {
      if (!open[c]) continue;
      if (!(norms[c] <= residual_norms[c] / 2)) open[c] = false;
      if (norms[c] < residual_norms[c]) {
        residual_norms[c] = norms[c];
      } else {
        each(c, [&](std::size_t at) { x[at] -= z[at]; });
        worse = true;
      }
    }
    if (!worse) continue;
    // x + z - z is x but for rounding
    residual_block(k, A, x, b, r, s);
    norms = column_norms(r, s);
    std::copy(norms.begin(), norms.end(), residual_norms.begin());
  }
}

}  // namespace krylov

// The kernels as a method's steps call them from TypeScript: rows [from, to), partial results added up by the caller.
#include "core/method.hpp"
#include "kernels/basis_sweeps.hpp"
#include "kernels/diagonals.hpp"

namespace krylov {
namespace {

void need(bool fits, const char* what) {
  if (!fits) throw Misuse("ERR_SHAPE", what);
}

void need_rows(const Csr& A, Index from, Index to) {
  need(0 <= from && from <= to && to <= A.pattern.rows, "rows [from, to) must lie in the matrix");
}

void need_product(const Csr& A, ConstVector x, ConstVector y, Index from, Index to, Index s = 1) {
  need_rows(A, from, to);
  need(s > 0 && x.size() == static_cast<std::size_t>(A.pattern.columns) * s, "x must be as long as A has columns");
  need(y.size() == A.rows() * s, "y must be as long as A has rows");
}

void spmv(Control& control, const Matrix& A, ConstVector x, Vector y, Index from, Index to) {
  need_product(A, x, y, from, to);
  Sweeps(control, from, to).multiply(A, x, y);
}
double spmv_dot(Control& control, const Matrix& A, ConstVector x, Vector y, Index from, Index to) {
  need(A.pattern.rows == A.pattern.columns, "A must be square");
  need_product(A, x, y, from, to);
  return Sweeps(control, from, to).multiply_dot(A, x, y);
}
void spmv_dots(Control& control, const Matrix& A, ConstVector d, ConstVector x, Vector y, Vector sums, Index from,
               Index to) {
  need(A.pattern.rows == A.pattern.columns, "A must be square");
  need_product(A, x, y, from, to);
  need((d.empty() || d.size() == y.size()) && sums.size() == 2, "D must be as long as y, and there are two sums");
  const Sweeps::Pair pair = Sweeps(control, from, to).multiply_dots(A, d, x, y);
  sums[0] += pair.first;
  sums[1] += pair.second;
}
double residual(Control& control, const Matrix& A, ConstVector x, ConstVector b, Vector r, Index from, Index to) {
  need_product(A, x, r, from, to);
  need(b.size() == A.rows(), "b must be as long as A has rows");
  return Sweeps(control, from, to).residual(A, x, b, r);
}
void spmm(Control& control, const Matrix& A, ConstVector x, Vector y, Index s, Index from, Index to) {
  need_product(A, x, y, from, to, s);
  Sweeps(control, from, to).multiply(A, x, y, s);
}

double dot(Control& control, ConstVector x, ConstVector y) {
  need(x.size() == y.size(), "x and y must be equally long");
  return Sweeps(control, x.size()).dot(x, y);
}
void axpy(Control& control, double a, ConstVector x, Vector y) {
  need(x.size() == y.size(), "x and y must be equally long");
  Sweeps(control, x.size()).axpy(a, x, y);
}
void axpby(Control& control, double a, ConstVector x, double b, Vector y) {
  need(x.size() == y.size(), "x and y must be equally long");
  Sweeps(control, x.size()).axpby(a, x, b, y);
}
double advance(Control& control, double a, ConstVector p, ConstVector q, Vector x, Vector r) {
  need(p.size() == x.size() && q.size() == x.size() && r.size() == x.size(), "p, q, x and r must be equally long");
  return Sweeps(control, x.size()).advance(a, p, q, x, r);
}
void advance_direction(Control& control, double a, double b, ConstVector d, Vector p, ConstVector q, Vector x, Vector r,
                       Vector sums) {
  const std::size_t n = x.size();
  need(p.size() == n && q.size() == n && r.size() == n && (d.empty() || d.size() == n) && sums.size() == 2,
       "D, p, q, x and r must be equally long, and there are two sums");
  const Sweeps::Pair pair = Sweeps(control, n).advance_direction(a, b, d, p, q, x, r);
  sums[0] = pair.first;
  sums[1] = pair.second;
}
double scale(Control& control, ConstVector d, ConstVector r, Vector z) {
  need(d.size() == z.size() && r.size() == z.size(), "d, r and z must be equally long");
  return Sweeps(control, z.size()).scale(d, r, z);
}

// Rows of a block of `s` vectors.
std::size_t block_rows(ConstVector block, std::size_t s) {
  need(s > 0 && block.size() % s == 0, "a block must hold whole rows");
  return block.size() / s;
}
void column_dots(Control& control, ConstVector x, ConstVector y, Vector out) {
  need(x.size() == y.size(), "X and Y must be equally long");
  Sweeps(control, block_rows(x, out.size())).column_dots(x, y, out);
}
void column_xpby(Control& control, ConstVector x, ConstVector b, Vector y) {
  need(x.size() == y.size(), "X and Y must be equally long");
  Sweeps(control, block_rows(x, b.size())).column_xpby(x, b, y);
}
void column_advance(Control& control, ConstVector a, ConstVector p, ConstVector q, Vector x, Vector r, Vector out) {
  need(p.size() == x.size() && q.size() == x.size() && r.size() == x.size(), "P, Q, X and R must be equally long");
  need(a.size() == out.size(), "a and out must be equally long");
  Sweeps(control, block_rows(x, a.size())).column_advance(a, p, q, x, r, out);
}

void basis_dots(Control& control, ConstVector V, ConstVector w, Vector out) {
  need(V.size() == w.size() * out.size(), "out must have an entry per vector of V");
  Sweeps(control, w.size()).basis_dots(V, w, out);
}
void basis_subtract(Control& control, ConstVector V, ConstVector h, Vector w, Vector out) {
  need(V.size() == w.size() * h.size(), "h must have an entry per vector of V");
  need(out.size() >= 1 && out.size() <= h.size() + 1, "out must have at most an entry per vector of V, and one more");
  Sweeps(control, w.size()).basis_subtract(V, h, w, out);
}

void basis_combine(Control& control, ConstVector V, ConstVector S, double beta, Vector X, Index n, Index from,
                   Index to) {
  need(n >= 0 && 0 <= from && from <= to && to <= n, "rows must lie within the vectors");
  if (n == 0) return;
  const std::size_t rows = n;
  need(V.size() % rows == 0 && X.size() % rows == 0, "V and X must hold whole vectors");
  need(S.size() == (V.size() / rows) * (X.size() / rows), "S must have an entry per vector of V and of X");
  BasisSweeps(control, from, to).basis_combine(V, S, beta, X, rows);
}

void need_factor(const Csr& U, ConstVector z, Index from, Index to) {
  need(U.pattern.rows == U.pattern.columns && z.size() == U.rows(), "the factor and z must have the same order");
  need_rows(U, from, to);
}
void forward_solve(Control&, const Csr& U, ConstVector r, Vector z, Index from, Index to) {
  need_factor(U, z, from, to);
  need(r.size() == z.size(), "r and z must be equally long");
  if (from == 0) std::copy(r.begin(), r.end(), z.begin());
  if (to > from) tiles().forward_solve(raw(U), z.data(), z.size(), from, to);
}
double backward_solve(Control&, const Csr& U, ConstVector inverse_diagonal, Vector z, Index from, Index to) {
  need_factor(U, z, from, to);
  need(inverse_diagonal.size() == z.size(), "D and z must be equally long");
  return to > from ? tiles().backward_solve(raw(U), inverse_diagonal.data(), z.data(), z.size(), from, to) : 0;
}

// Rows renumbered by level, as a method's steps hand them over; without starts, each row is a level of its own.
struct Levels {
  ConstIndices order, starts;
  static constexpr auto fields = std::tuple{field("order", &Levels::order), field("starts", &Levels::starts)};
};

void need_levels(const Csr& T, const Levels& levels, ConstVector y, Index from, Index to) {
  need(T.pattern.rows == T.pattern.columns && y.size() == T.rows() && levels.order.size() == T.rows(),
       "the factor, its order and y must have the same order");
  const std::size_t count = levels.starts.empty() ? y.size() : levels.starts.size() - 1;
  need(0 <= from && from <= to && static_cast<std::size_t>(to) <= count, "levels [from, to) must exist");
}
void level_forward(Control& control, const Csr& L, const Levels& levels, ConstVector r, Vector y, Index from,
                   Index to) {
  need_levels(L, levels, y, from, to);
  need(r.size() == y.size(), "r and y must be equally long");
  Sweeps(control, y.size()).level_forward(L, levels.order, levels.starts, r, y, from, to);
}
double level_backward(Control& control, const Csr& U, ConstVector inverse_diagonal, const Levels& levels, Vector y,
                      Vector z, Index from, Index to) {
  need_levels(U, levels, y, from, to);
  need(inverse_diagonal.size() == y.size() && z.size() == y.size(), "D, y and z must be equally long");
  return Sweeps(control, y.size()).level_backward(U, inverse_diagonal, levels.order, levels.starts, y, z, from, to);
}

void need_diagonals(const DiagonalSolve& solve, ConstVector z, Index from, Index to) {
  need(z.size() == solve.rows(), "the factor and z must have the same order");
  need(0 <= from && from <= to && static_cast<std::size_t>(to) <= solve.steps(), "steps [from, to) must exist");
}
void diagonal_forward(Control& control, const Diagonals& U, ConstVector r, Vector z, Index from, Index to) {
  DiagonalSolve solve(U);
  need_diagonals(solve, z, from, to);
  need(r.size() == z.size(), "r and z must be equally long");
  solve.forward(control, r, z, from, to);
}
double diagonal_backward(Control& control, const Diagonals& U, ConstVector inverse_diagonal, Vector z, Index from,
                         Index to) {
  DiagonalSolve solve(U);
  need_diagonals(solve, z, from, to);
  need(inverse_diagonal.size() == z.size(), "D and z must be equally long");
  return solve.backward(control, inverse_diagonal, z, from, to);
}

const Exposed kernels[] = {
    Exposed{expose<spmv>("spmv", true)},
    Exposed{expose<spmv_dot>("spmvDot", true)},
    Exposed{expose<spmv_dots>("spmvDots", true)},
    Exposed{expose<advance_direction>("advanceDirection", true)},
    Exposed{expose<residual>("residual", true)},
    Exposed{expose<spmm>("spmm", true)},
    Exposed{expose<dot>("dot", true)},
    Exposed{expose<axpy>("axpy", true)},
    Exposed{expose<axpby>("axpby", true)},
    Exposed{expose<advance>("advance", true)},
    Exposed{expose<scale>("scale", true)},
    Exposed{expose<column_dots>("columnDots", true)},
    Exposed{expose<column_xpby>("columnXpby", true)},
    Exposed{expose<column_advance>("columnAdvance", true)},
    Exposed{expose<basis_dots>("basisDots", true)},
    Exposed{expose<basis_subtract>("basisSubtract", true)},
    Exposed{expose<basis_combine>("basisCombine", true)},
    Exposed{expose<forward_solve>("forwardSolve", true)},
    Exposed{expose<backward_solve>("backwardSolve", true)},
    Exposed{expose<level_forward>("levelForward", true)},
    Exposed{expose<level_backward>("levelBackward", true)},
    Exposed{expose<diagonal_forward>("diagonalForward", true)},
    Exposed{expose<diagonal_backward>("diagonalBackward", true)},
};

}  // namespace
}  // namespace krylov

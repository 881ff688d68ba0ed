#pragma once
#include <cmath>
#include <vector>

#include "core/control.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

// A = Q R of a small matrix, column by column: those that depend on earlier ones are left out.
struct ThinQr {
  std::vector<std::size_t> kept;  // columns of A that Q spans, ascending
  std::vector<double> Q, R;       // rows x kept, and kept square, upper triangular: by columns
};

// Gram-Schmidt twice over (Giraud, Langou and Rozloznik 2005). A: rows x columns, by columns. Work: 4 rows columns^2.
inline ThinQr thin_qr(Control& control, ConstVector A, std::size_t rows, std::size_t columns) {
  constexpr double kDependent = 1e-12;  // share of a column that is left when it counts as dependent
  const Tiles& t = tiles();
  const auto norm = [&](ConstVector v) { return std::sqrt(t.dot(v.data(), v.data(), 0, v.size())); };
  ThinQr out;
  std::vector<std::vector<double>> R;
  std::vector<double> q(rows);
  for (std::size_t j = 0; j < columns; j++) {
    q.assign(A.begin() + j * rows, A.begin() + (j + 1) * rows);
    const double size = norm(q);
    const std::size_t count = out.kept.size();
    std::vector<double> r(count + 1);
    for (int pass = 0; pass < 2; pass++)
      for (std::size_t i = 0; i < count; i++) {
        const double* const before = out.Q.data() + i * rows;
        const double dot = t.dot(before, q.data(), 0, rows);
        t.axpy(-dot, before, q.data(), 0, rows);
        r[i] += dot;
      }
    const double left = norm(q);
    if (!(left > kDependent * size)) continue;
    r[count] = left;
    for (double& x : q) x /= left;
    out.Q.insert(out.Q.end(), q.begin(), q.end());
    out.kept.push_back(j);
    R.push_back(std::move(r));
    control.poll();
  }
  const std::size_t count = out.kept.size();
  out.R.assign(count * count, 0);
  for (std::size_t c = 0; c < count; c++)
    for (std::size_t i = 0; i <= c; i++) out.R[c * count + i] = R[c][i];
  return out;
}

// X = R^-1 X: R upper triangular, n x n, by columns; X n x count, by columns.
inline void solve_upper(ConstVector R, std::size_t n, Vector X) {
  for (std::size_t from = 0; from < X.size(); from += n)
    for (std::size_t j = n; j-- > 0;) {
      const double x = X[from + j] /= R[j * n + j];
      for (std::size_t i = 0; i < j; i++) X[from + i] -= R[j * n + i] * x;
    }
}

// X = X R^-1: X count x n, by columns.
inline void solve_upper_from_right(ConstVector R, std::size_t n, Vector X) {
  const std::size_t count = n == 0 ? 0 : X.size() / n;
  for (std::size_t j = 0; j < n; j++) {
    for (std::size_t i = 0; i < j; i++)
      for (std::size_t k = 0; k < count; k++) X[j * count + k] -= X[i * count + k] * R[j * n + i];
    for (std::size_t k = 0; k < count; k++) X[j * count + k] /= R[j * n + j];
  }
}

}  // namespace krylov

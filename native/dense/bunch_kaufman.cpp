#include "dense/bunch_kaufman.hpp"

#include <algorithm>
#include <cmath>

#include "core/method.hpp"
#include "kernels/lapack.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

namespace {

constexpr double kAlpha = 0.6403882032022076;  // (1 + sqrt(17)) / 8: bounds the growth of either kind of pivot alike
constexpr std::size_t kFromLapack = 600;       // order from which loading OpenBLAS pays: 50 ms against n^3 / 3 flops
constexpr std::size_t kRowsPerPoll = 64;

// The array as its upper triangle by rows: a(i, j) with i <= j is entry (j, i) of the lower triangle by columns.
struct Triangle {
  double* a;
  std::size_t n;
  double& operator()(std::size_t row, std::size_t column) const { return a[row * n + column]; }
  double* row(std::size_t i) const { return a + i * n; }

  // Exchanges unknowns k and p of what is left from row k on, k < p.
  void exchange(std::size_t k, std::size_t p) const {
    std::swap_ranges(row(k) + p + 1, row(k) + n, row(p) + p + 1);
    for (std::size_t j = k + 1; j < p; j++) std::swap((*this)(k, j), (*this)(j, p));
    std::swap((*this)(k, k), (*this)(p, p));
  }
};

// Bunch and Kaufman 1977, diagonal pivoting, as LAPACK's unblocked dsytf2.
void factor(Control& control, Triangle A, Indices pivots) {
  const std::size_t n = A.n;
  const Tiles& t = tiles();
  const auto largest = [&](std::size_t k) {
    std::size_t at = k + 1;
    for (std::size_t j = k + 2; j < n; j++)
      if (std::abs(A(k, j)) > std::abs(A(k, at))) at = j;
    return at;
  };
  for (std::size_t k = 0; k < n;) {
    if (k % kRowsPerPoll < 2) control.poll();
    const double diagonal = std::abs(A(k, k));
    const std::size_t m = k + 1 < n ? largest(k) : k;
    const double off = k + 1 < n ? std::abs(A(k, m)) : 0;
    std::size_t p = k;
    bool pair = false;
    if (!(std::max(diagonal, off) > 0)) {
      pivots[k] = static_cast<Index>(k + 1);
      k++;
      continue;
    }
    if (!(diagonal >= kAlpha * off)) {
      double row_largest = 0;  // of row m of the symmetric matrix, its diagonal apart
      for (std::size_t j = k; j < m; j++) row_largest = std::max(row_largest, std::abs(A(j, m)));
      for (std::size_t j = m + 1; j < n; j++) row_largest = std::max(row_largest, std::abs(A(m, j)));
      if (diagonal >= kAlpha * off * (off / row_largest)) {
      } else if (std::abs(A(m, m)) >= kAlpha * row_largest) {
        p = m;
      } else {
        p = m;
        pair = true;
      }
    }
    const std::size_t q = pair ? k + 1 : k;
    if (p != q) {
      A.exchange(q, p);
      if (pair) std::swap(A(k, q), A(k, p));
    }
    if (!pair) {
      const double inverse = 1 / A(k, k);
      double* const l = A.row(k);
      for (std::size_t j = k + 1; j < n; j++) t.axpy(-l[j] * inverse, l, A.row(j), j, n);
      for (std::size_t j = k + 1; j < n; j++) l[j] *= inverse;
      pivots[k] = static_cast<Index>(p + 1);
    } else {
      // D = [d0 e; e d1]; columns of L are D^-1 times those of A, scaled as dsytf2 does against overflow
      const double e = A(k, q), d0 = A(k, k) / e, d1 = A(q, q) / e;
      const double scale = 1 / ((d0 * d1 - 1) * e);
      double *const u = A.row(k), *const v = A.row(q);
      for (std::size_t j = q + 1; j < n; j++) {
        const double l = scale * (d1 * u[j] - v[j]), m0 = scale * (d0 * v[j] - u[j]);
        t.axpy(-l, u, A.row(j), j, n);
        t.axpy(-m0, v, A.row(j), j, n);
        u[j] = l;
        v[j] = m0;
      }
      pivots[k] = pivots[q] = -static_cast<Index>(p + 1);
    }
    k += pair ? 2 : 1;
  }
}

Inertia inertia(Triangle A, ConstIndices pivots) {
  Inertia found;
  for (std::size_t k = 0; k < A.n;) {
    if (pivots[k] > 0) {
      const double d = A(k, k);
      if (!(std::abs(d) > 0 && std::isfinite(d))) found.zero++;
      if (d < 0) found.negative++;
      k++;
    } else {
      found.negative++;  // a block of order 2 has one eigenvalue of either sign
      if (!std::isfinite(A(k, k)) || !std::isfinite(A(k, k + 1))) found.zero++;
      k += 2;
    }
  }
  return found;
}

}  // namespace

Inertia bunch_kaufman_factor(Control& control, Vector a, std::size_t n, Indices pivots) {
  const Lapack* const blas = n >= kFromLapack ? lapack() : nullptr;
  if (blas != nullptr) {
    constexpr int kPanel = 64;
    const int order = static_cast<int>(n), size = order * kPanel;
    int info = 0;
    const Vector work = control.arena.doubles(size);
    blas->dsytrf("L", &order, a.data(), &order, pivots.data(), work.data(), &size, &info, 1);
  } else {
    factor(control, {a.data(), n}, pivots);
  }
  return inertia({a.data(), n}, pivots);
}

void bunch_kaufman_solve(Control& control, ConstVector a, std::size_t n, ConstIndices given, Vector x, std::size_t s) {
  const Indices pivots = control.arena.indices(n);  // a copy that nobody can write to after the check
  std::copy(given.begin(), given.end(), pivots.begin());
  for (std::size_t k = 0; k < n; k++) {
    const bool pair = pivots[k] < 0;
    const std::size_t p = static_cast<std::size_t>(std::abs(static_cast<double>(pivots[k]))) - 1;
    if (pivots[k] == 0 || p >= n || p < k + (pair ? 1 : 0) || (pair && (k + 1 == n || pivots[k + 1] != pivots[k])))
      throw Misuse("ERR_INDEX", "pivots must be those of a factorization");
    if (pair) k++;
  }
  const auto row = [&](std::size_t i) { return a.data() + i * n; };
  const auto exchange = [&](std::size_t i, std::size_t j) {
    if (i != j) std::swap_ranges(x.begin() + i * s, x.begin() + (i + 1) * s, x.begin() + j * s);
  };
  const auto target = [&](std::size_t k) { return static_cast<std::size_t>(std::abs(pivots[k])) - 1; };
  const auto subtract = [&](std::size_t k, std::size_t from) {
    for (std::size_t j = from; j < n; j++)
      for (std::size_t c = 0; c < s; c++) x[j * s + c] -= row(k)[j] * x[k * s + c];
  };
  const auto gather = [&](std::size_t k, std::size_t from) {
    for (std::size_t j = from; j < n; j++)
      for (std::size_t c = 0; c < s; c++) x[k * s + c] -= row(k)[j] * x[j * s + c];
  };
  std::size_t k = 0;
  while (k < n) {
    if (k % kRowsPerPoll < 2) control.poll();
    if (pivots[k] > 0) {
      exchange(k, target(k));
      subtract(k, k + 1);
      for (std::size_t c = 0; c < s; c++) x[k * s + c] /= row(k)[k];
      k++;
      continue;
    }
    exchange(k + 1, target(k));
    subtract(k, k + 2);
    subtract(k + 1, k + 2);
    const double e = row(k)[k + 1], d0 = row(k)[k] / e, d1 = row(k + 1)[k + 1] / e, scale = 1 / (d0 * d1 - 1);
    for (std::size_t c = 0; c < s; c++) {
      double &x0 = x[k * s + c], &x1 = x[(k + 1) * s + c];
      const double y0 = x0 / e, y1 = x1 / e;
      x0 = scale * (d1 * y0 - y1);
      x1 = scale * (d0 * y1 - y0);
    }
    k += 2;
  }
  while (k-- > 0) {
    if (pivots[k] > 0) {
      gather(k, k + 1);
      exchange(k, target(k));
      continue;
    }
    k--;
    gather(k, k + 2);
    gather(k + 1, k + 2);
    exchange(k + 1, target(k));
  }
}

namespace {

void need(bool fits, const char* what) {
  if (!fits) throw Misuse("ERR_SHAPE", what);
}

Inertia bunch_kaufman(Control& control, Vector a, Index n, Indices pivots) {
  need(n >= 0 && a.size() == static_cast<std::size_t>(n) * n, "values must be n^2 long");
  need(pivots.size() == static_cast<std::size_t>(n), "pivots must be n long");
  return bunch_kaufman_factor(control, a, n, pivots);
}

void bunch_kaufman_apply(Control& control, ConstVector a, Index n, ConstIndices pivots, Vector x, Index s) {
  need(n >= 0 && a.size() == static_cast<std::size_t>(n) * n, "values must be n^2 long");
  need(pivots.size() == static_cast<std::size_t>(n), "pivots must be n long");
  need(s >= 1 && x.size() == static_cast<std::size_t>(n) * s, "x must be n x s");
  bunch_kaufman_solve(control, a, n, pivots, x, s);
}

const Exposed bunch_kaufman_{expose<bunch_kaufman>("bunchKaufman")};
const Exposed bunch_kaufman_apply_{expose<bunch_kaufman_apply>("bunchKaufmanSolve")};

}  // namespace
}  // namespace krylov

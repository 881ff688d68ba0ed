#include <algorithm>
#include <numeric>

#include "core/buffer.hpp"
#include "core/method.hpp"
#include "dense/blas.hpp"
#include "dense/transpose.hpp"
#include "dense/workspace.hpp"

namespace krylov {
namespace {

constexpr std::size_t kColumns = 240;  // that a thread takes at a time, whatever the number of threads: the same bits

// W, m x n by columns, and a sketch of its rows, Y^T, n x d by columns: exchanged together.
struct Sketched {
  const Lapack& blas;
  Control& control;
  double* W;
  std::size_t m, n;
  double* Yt;
  std::size_t d;
  Indices pivots;

  double* column(std::size_t j) const { return W + j * m; }

  void exchange(std::size_t i, std::size_t j) const {
    if (i == j) return;
    std::swap_ranges(column(i), column(i) + m, column(j));
    for (std::size_t c = 0; c < d; c++) std::swap(Yt[i + c * n], Yt[j + c * n]);
    std::swap(pivots[i], pivots[j]);
  }

  // The `width` columns from `at` on that pivots of an LU factorization of the sketch's columns choose.
  void choose(std::size_t at, std::size_t width, double* copy, Index* ipiv) const {
    const int rows = static_cast<int>(n - at), columns = static_cast<int>(d);
    int info = 0;
    for (std::size_t c = 0; c < d; c++) std::copy_n(Yt + at + c * n, n - at, copy + c * (n - at));
    blas.dgetrf(&rows, &columns, copy, &rows, ipiv, &info);
    for (std::size_t j = 0; j < width; j++) exchange(at + j, at + static_cast<std::size_t>(ipiv[j]) - 1);
  }

  // The same columns in the order in which pivoted QR of the sketch takes them: the longest first.
  void order(std::size_t at, std::size_t width, double* copy, Index* jpvt, double* tau) const {
    const int rows = static_cast<int>(d), columns = static_cast<int>(width);
    for (std::size_t j = 0; j < width; j++)
      for (std::size_t c = 0; c < d; c++) copy[c + j * d] = Yt[at + j + c * n];
    std::fill_n(jpvt, width, 0);
    int info = 0;
    with_workspace(control, [&](double* work, const int* size) {
      blas.dgeqp3(&rows, &columns, copy, &rows, jpvt, tau, work, size, &info);
    });
    // jpvt says which column belongs where: exchanges that bring them there
    std::vector<std::size_t> holds(width), place(width);
    std::iota(holds.begin(), holds.end(), std::size_t{0});
    std::iota(place.begin(), place.end(), std::size_t{0});
    for (std::size_t j = 0; j < width; j++) {
      const std::size_t wanted = static_cast<std::size_t>(jpvt[j]) - 1, from = place[wanted], moved = holds[j];
      exchange(at + j, at + from);
      std::swap(holds[j], holds[from]);
      std::swap(place[wanted], place[moved]);
    }
  }

  // The sketch of what is left below `width` more rows: Y2 -= (Y1 R11^-1) R12.
  void update(std::size_t at, std::size_t width, double* Z) const {
    const std::size_t rest = n - at - width;
    if (rest == 0) return;
    for (std::size_t c = 0; c < d; c++) std::copy_n(Yt + at + c * n, width, Z + c * width);
    const int k = static_cast<int>(width), columns = static_cast<int>(d), rows = static_cast<int>(rest);
    const int lda = static_cast<int>(m), ldy = static_cast<int>(n);
    const double one = 1, minus = -1;
    blas.dtrsm("L", "U", "T", "N", &k, &columns, &one, W + at + at * m, &lda, Z, &k, 1, 1, 1, 1);
    blas.dgemm("T", "N", &rows, &columns, &k, &minus, column(at + width) + at, &lda, Z, &k, &one, Yt + at + width, &ldy,
               1, 1);
  }
};

// Reflections of a block of columns, I - V T V^T: V as it stands below the diagonal of `a`, `rows` x `width` by
// columns.
struct Reflections {
  const Lapack& blas;
  std::size_t rows, width;
  const double* a;
  std::size_t lda;
  const double* t;

  // V with its ones and zeros.
  void unpack(double* v) const {
    for (std::size_t j = 0; j < width; j++) {
      std::fill_n(v + j * rows, j, 0.0);
      v[j * rows + j] = 1;
      std::copy(a + j * lda + j + 1, a + j * lda + rows, v + j * rows + j + 1);
    }
  }

  // C = (I - V T V^T) C, or with T^T; `columns` columns of C, with as much space as width x columns.
  void apply(const char* transposed, const double* v, double* c, std::size_t ldc, std::size_t columns,
             double* space) const {
    const int m = static_cast<int>(rows), n = static_cast<int>(columns), k = static_cast<int>(width);
    const int stride = static_cast<int>(ldc);
    const double one = 1, zero = 0, minus = -1;
    double* const turned = space + width * columns;
    blas.dgemm("T", "N", &k, &n, &m, &one, v, &m, c, &stride, &zero, space, &k, 1, 1);
    blas.dgemm(transposed, "N", &k, &n, &k, &one, t, &k, space, &k, &zero, turned, &k, 1, 1);
    blas.dgemm("N", "N", &m, &n, &k, &minus, v, &m, turned, &k, &one, c, &stride, 1, 1);
  }
};

// A P = Q R, Q m x k and R k x n by rows, pivots in blocks of b from a sketch Y of A's rows, d x n by rows, d >= b,
// which is overwritten: Melnichenko, Murray, Killian and others 2025 (BQRRP), with LU on the sketch. Q may be left out.
// 2 m n^2 flops, in products but for the panels (by recursion: Elmroth and Gustavson 2000), and as many for Q.
void qrcp(Control& control, ConstVector A, Index m_, Index n_, Vector Y, Index b_, Vector Q, Vector R, Indices pivots) {
  need_shape(m_ >= 0 && n_ >= 0 && b_ >= 1, "m, n and b must fit");
  const std::size_t m = m_, n = n_, k = std::min(m, n), b = b_;
  const std::size_t d = n == 0 ? 0 : Y.size() / n;
  need_shape(A.size() == m * n && Y.size() == d * n && (n == 0 || d >= b), "A and Y must fit");
  need_shape((Q.empty() || Q.size() == m * k) && R.size() == k * n && pivots.size() == n, "Q, R and pivots must fit");
  std::iota(pivots.begin(), pivots.end(), Index{0});
  if (k == 0) return;
  const Vector W = control.arena.doubles(m * n), T = control.arena.doubles(k * b), V = control.arena.doubles(m * b);
  const Vector copy = control.arena.doubles(n * d), small = control.arena.doubles(d * b + b);
  const Vector space = control.arena.doubles(2 * b * std::max(n, k));
  const Indices ipiv = control.arena.indices(std::max(n, d));
  std::fill(T.begin(), T.end(), 0.0);  // dgeqrt3 leaves what is below the diagonals alone
  transpose(control, A.data(), m, n, W.data());
  const Sketched S{openblas(), control, W.data(), m, n, Y.data(), d, pivots};
  const auto block = [&](std::size_t at) {
    return Reflections{S.blas, m - at, std::min(b, k - at), W.data() + at + at * m, m, T.data() + at * b};
  };
  const auto reflect = [&](const Reflections& H, const char* transposed, double* c, std::size_t columns) {
    H.unpack(V.data());
    control.crew.run((columns + kColumns - 1) / kColumns, [&](std::size_t first, std::size_t last) {
      for (std::size_t piece = first; piece < last; piece++) {
        const std::size_t from = piece * kColumns, to = std::min(from + kColumns, columns);
        H.apply(transposed, V.data(), c + from * m, m, to - from, space.data() + 2 * b * from);
      }
    });
  };
  for (std::size_t at = 0; at < k; at += b) {
    control.poll();
    const Reflections H = block(at);
    S.choose(at, H.width, copy.data(), ipiv.data());
    S.order(at, H.width, small.data(), ipiv.data(), small.data() + d * b);
    const int rows = static_cast<int>(H.rows), columns = static_cast<int>(H.width), lda = m_;
    int info = 0;
    S.blas.dgeqrt3(&rows, &columns, W.data() + at + at * m, &lda, T.data() + at * b, &columns, &info);
    const std::size_t done = at + H.width;
    if (done == n) break;
    reflect(H, "T", S.column(done) + at, n - done);
    S.update(at, H.width, small.data());
  }
  copy_upper(W.data(), m, k, n, R.data());
  if (Q.empty()) return;
  // from the last block to the first: each moves only the columns from its own on
  Buffer<double> wide(m * k);
  std::fill(wide.data(), wide.data() + m * k, 0.0);
  for (std::size_t j = 0; j < k; j++) wide[j * m + j] = 1;
  for (std::size_t at = (k - 1) / b * b + b; at > 0;) {
    at -= b;
    control.poll();
    reflect(block(at), "N", wide.data() + at * m + at, k - at);
  }
  transpose(control, wide.data(), k, m, Q.data());
}

const Exposed qrcp_{expose<qrcp>("sketchedQrcp")};

}  // namespace
}  // namespace krylov

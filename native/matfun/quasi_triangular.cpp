#include <algorithm>
#include <cmath>
#include <utility>

#include "core/buffer.hpp"
#include "core/method.hpp"
#include "dense/blas.hpp"
#include "matfun/one_thread.hpp"

// Upper quasi-triangular matrices by rows: triangular but for 2 x 2 blocks with complex eigenvalues on the diagonal.
namespace krylov {
namespace {

constexpr std::size_t kSmall = 40;  // order up to which loops are as fast as products of halves

// A square matrix by rows, or a part of one.
struct Part {
  const double* a;
  std::size_t stride, n;

  double at(std::size_t r, std::size_t c) const { return a[r * stride + c]; }
  bool pair(std::size_t j) const { return j + 1 < n && at(j + 1, j) != 0; }
  Part part(std::size_t from, std::size_t to) const { return {a + from * stride + from, stride, to - from}; }
  Operand right_of(std::size_t half) const { return {a + half, stride, false}; }
  // About its middle, between blocks.
  std::size_t middle() const { return n / 2 + (at(n / 2, n / 2 - 1) != 0 ? 1 : 0); }
};

// Solves a system of `size` unknowns by elimination with row exchanges; the solution takes the last column.
void eliminate(double* M, std::size_t size) {
  const std::size_t width = size + 1;
  for (std::size_t k = 0; k < size; k++) {
    std::size_t best = k;
    for (std::size_t r = k + 1; r < size; r++)
      if (std::abs(M[r * width + k]) > std::abs(M[best * width + k])) best = r;
    if (best != k) std::swap_ranges(M + k * width, M + (k + 1) * width, M + best * width);
    for (std::size_t r = k + 1; r < size; r++) {
      const double factor = M[r * width + k] / M[k * width + k];
      for (std::size_t c = k; c < width; c++) M[r * width + c] -= factor * M[k * width + c];
    }
  }
  for (std::size_t k = size; k-- > 0;) {
    for (std::size_t c = k + 1; c < size; c++) M[k * width + size] -= M[k * width + c] * M[c * width + size];
    M[k * width + size] /= M[k * width + k];
  }
}

// The block X of C at row i and column j, p x q, from R_ii X + X S_jj = C_ij: a system of 1, 2 or 4 unknowns.
void solve_block(const Part& R, std::size_t i, std::size_t p, const Part& S, std::size_t j, std::size_t q, double* C,
                 std::size_t ldc) {
  if (p == 1 && q == 1) {
    C[i * ldc + j] /= R.at(i, i) + S.at(j, j);
    return;
  }
  const std::size_t size = p * q;
  double M[4 * 5] = {};
  for (std::size_t r = 0; r < p; r++)
    for (std::size_t c = 0; c < q; c++) {
      double* const row = M + (r * q + c) * (size + 1);
      for (std::size_t k = 0; k < p; k++) row[k * q + c] += R.at(i + r, i + k);
      for (std::size_t k = 0; k < q; k++) row[r * q + k] += S.at(j + k, j + c);
      row[size] = C[(i + r) * ldc + j + c];
    }
  eliminate(M, size);
  for (std::size_t r = 0; r < p; r++)
    for (std::size_t c = 0; c < q; c++) C[(i + r) * ldc + j + c] = M[(r * q + c) * (size + 1) + size];
}

// X with R X + X S = C in the place of C, of small R and S: block after block.
void small_sylvester(const Part& R, const Part& S, double* C, std::size_t ldc) {
  for (std::size_t j = 0; j < S.n;) {
    const std::size_t q = S.pair(j) ? 2 : 1;
    for (std::size_t r = 0; r < R.n; r++)
      for (std::size_t c = j; c < j + q; c++) {
        double sum = C[r * ldc + c];
        for (std::size_t k = 0; k < j; k++) sum -= C[r * ldc + k] * S.at(k, c);
        C[r * ldc + c] = sum;
      }
    for (std::size_t below = R.n; below > 0;) {
      const std::size_t i = below > 1 && R.at(below - 1, below - 2) != 0 ? below - 2 : below - 1;
      for (std::size_t r = i; r < below; r++)
        for (std::size_t c = j; c < j + q; c++) {
          double sum = C[r * ldc + c];
          for (std::size_t k = below; k < R.n; k++) sum -= R.at(r, k) * C[k * ldc + c];
          C[r * ldc + c] = sum;
        }
      solve_block(R, i, below - i, S, j, q, C, ldc);
      below = i;
    }
    j += q;
  }
}

// The same of any order, by halves: nearly all of the work is in products (Jonsson and Kagstrom 2002).
void sylvester(Control& control, const Part& R, const Part& S, double* C, std::size_t ldc) {
  control.poll();
  if (R.n <= kSmall && S.n <= kSmall) return small_sylvester(R, S, C, ldc);
  if (R.n >= S.n) {
    const std::size_t h = R.middle();
    double* const below = C + h * ldc;
    sylvester(control, R.part(h, R.n), S, below, ldc);
    product(control, -1, R.right_of(h), {below, ldc, false}, 1, C, ldc, h, S.n, R.n - h);
    return sylvester(control, R.part(0, h), S, C, ldc);
  }
  const std::size_t h = S.middle();
  sylvester(control, R, S.part(0, h), C, ldc);
  product(control, -1, {C, ldc, false}, S.right_of(h), 1, C + h, ldc, R.n, S.n - h, h);
  sylvester(control, R, S.part(h, S.n), C + h, ldc);
}

// Of a 1 x 1 block, or of a 2 x 2 one with eigenvalues theta +- i mu: alpha I + (B - theta I) / (2 alpha).
void root_of_block(double* r, std::size_t stride, std::size_t size) {
  if (size == 1) {
    *r = std::sqrt(*r);
    return;
  }
  const double a = r[0], b = r[1], c = r[stride], d = r[stride + 1], theta = (a + d) / 2, half = (a - d) / 2;
  const double mu = std::sqrt(std::max(-(half * half + b * c), 0.0)), far = std::hypot(theta, mu);
  const double alpha = theta > 0 ? std::sqrt((far + theta) / 2) : mu / std::sqrt(2 * (far - theta));
  r[0] = alpha + half / (2 * alpha);
  r[1] = b / (2 * alpha);
  r[stride] = c / (2 * alpha);
  r[stride + 1] = alpha - half / (2 * alpha);
}

// The root of T in its place by halves: [[R, X], [0, S]] with R X + X S what stood there.
void root(Control& control, double* T, std::size_t stride, std::size_t n) {
  const Part whole{T, stride, n};
  if (n == 1 || (n == 2 && whole.pair(0))) return root_of_block(T, stride, n);
  const std::size_t h = whole.middle();
  double* const last = T + h * stride + h;
  root(control, T, stride, h);
  root(control, last, stride, n - h);
  sylvester(control, {T, stride, h}, {last, stride, n - h}, T + h, stride);
}

// The principal square roots R_i of T_i, which have no eigenvalues on the closed negative axis (Higham 2008, algorithm
// 6.7; Deadman, Higham and Ralha 2013). n^3 / 3 flops each.
void quasi_root(Control& control, ConstVector T, Index n_, Index count_, Vector R) {
  need_shape(n_ >= 0 && count_ >= 0, "n and count must not be negative");
  const std::size_t n = n_, count = count_;
  need_shape(T.size() == count * n * n && R.size() == T.size(), "T and R must be count n^2 long");
  if (n == 0) return;
  for_each_large(control, count, [&](std::size_t i, Control& own) {
    Buffer<double> work(n * n);  // at a cache line, wherever the matrix lies
    std::copy_n(T.data() + i * n * n, n * n, work.data());
    root(own, work.data(), n, n);
    std::copy_n(work.data(), n * n, R.data() + i * n * n);
  });
}

// X with R X + X S = C, in the place of C, m x n; R m x m and S n x n quasi-triangular. m n (m + n) flops.
void quasi_sylvester(Control& control, ConstVector R, Index m_, ConstVector S, Index n_, Vector C) {
  need_shape(m_ >= 0 && n_ >= 0, "m and n must not be negative");
  const std::size_t m = m_, n = n_;
  need_shape(R.size() == m * m && S.size() == n * n && C.size() == m * n, "R must be m x m, S n x n and C m x n");
  if (m > 0 && n > 0) sylvester(control, {R.data(), m, m}, {S.data(), n, n}, C.data(), n);
}

const Exposed quasi_root_{expose<quasi_root>("quasiRoot")};
const Exposed quasi_sylvester_{expose<quasi_sylvester>("quasiSylvester")};

}  // namespace
}  // namespace krylov

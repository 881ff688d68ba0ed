#include <algorithm>

#include "core/method.hpp"
#include "dense/blas.hpp"
#include "dense/narrow.hpp"

namespace krylov {

namespace {

constexpr std::size_t kLong = 1 << 15;   // inner length from which sums are cut
constexpr std::size_t kSlice = 1 << 14;  // into pieces of at least so many terms
constexpr std::size_t kMostSlices = 16;
constexpr std::size_t kNarrow = 1 << 18;  // entries of C up to which each slice has one of its own

}  // namespace

void product(Control& control, double alpha, const Operand& A, const Operand& B, double beta, double* c,
             std::size_t ldc, std::size_t m, std::size_t n, std::size_t k) {
  const bool by_rows = m >= n;
  const Pieces pieces = pieces_of(control.crew, by_rows ? m : n, 2.0 * m * n * k);
  control.crew.run(pieces.count, [&](std::size_t first, std::size_t last) {
    const std::size_t from = first * pieces.size, to = std::min(last * pieces.size, by_rows ? m : n);
    if (by_rows)
      multiply(alpha, {A.row(from), A.stride, A.transposed}, B, beta, c + from * ldc, ldc, to - from, n, k);
    else
      multiply(alpha, A, {B.column(from), B.stride, B.transposed}, beta, c + from, ldc, m, to - from, k);
  });
}

namespace {

// Long sums into a small C: slices of fixed size, each with a C of its own, added in order.
void sliced(Control& control, double alpha, const Operand& A, const Operand& B, double beta, Vector C, std::size_t m,
            std::size_t n, std::size_t k) {
  const std::size_t size = std::max(kSlice, (k + kMostSlices - 1) / kMostSlices), count = (k + size - 1) / size;
  const Vector parts = control.arena.doubles(count * m * n);
  control.crew.run(count, [&](std::size_t first, std::size_t last) {
    for (std::size_t s = first; s < last; s++) {
      const std::size_t from = s * size;
      multiply(alpha, {A.column(from), A.stride, A.transposed}, {B.row(from), B.stride, B.transposed}, 0,
               parts.data() + s * m * n, n, m, n, std::min(size, k - from));
    }
  });
  if (beta == 0)
    std::fill(C.begin(), C.end(), 0.0);
  else if (beta != 1)
    for (double& c : C) c *= beta;
  for (std::size_t s = 0; s < count; s++)
    for (std::size_t at = 0; at < m * n; at++) C[at] += parts[s * m * n + at];
}

// C = alpha op(A) op(B) + beta C, C m x n, all by rows. The same bits for any number of threads. 2 m n k flops.
void gemm(Control& control, double alpha, ConstVector A, bool transpose_a, ConstVector B, bool transpose_b, double beta,
          Vector C, Index m_, Index n_, Index k_) {
  need_shape(m_ >= 0 && n_ >= 0 && k_ >= 0, "m, n and k must not be negative");
  const std::size_t m = m_, n = n_, k = k_;
  need_shape(A.size() == m * k && B.size() == k * n && C.size() == m * n, "A, B and C must fit");
  if (m == 0 || n == 0) return;
  if (k == 0) {
    for (double& c : C) c = beta == 0 ? 0 : beta * c;
    return;
  }
  const Operand left{A.data(), transpose_a ? m : k, transpose_a}, right{B.data(), transpose_b ? k : n, transpose_b};
  if (is_narrow(m, n, k)) return narrow_product(control, alpha, left, right, beta, C.data(), m, n, k);
  if (k >= kLong && m * n <= kNarrow) return sliced(control, alpha, left, right, beta, C, m, n, k);
  product(control, alpha, left, right, beta, C.data(), n, m, n, k);
}

const Exposed gemm_{expose<gemm>("gemm")};

}  // namespace
}  // namespace krylov

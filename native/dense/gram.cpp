#include <algorithm>

#include "core/method.hpp"
#include "dense/blas.hpp"

namespace krylov {
namespace {

constexpr std::size_t kSlice = 1 << 13;  // rows
constexpr std::size_t kMostSlices = 16;
constexpr std::size_t kBlock = 384;  // columns: a multiple of kPieceUnit

// Upper triangle of G += A^T A for `rows` rows of A, all by rows, on this thread.
void add(const double* a, std::size_t lda, std::size_t rows, double beta, double* g, std::size_t ldg, std::size_t n) {
  const int order = static_cast<int>(n), depth = static_cast<int>(rows);
  const int stride = static_cast<int>(lda), out = static_cast<int>(ldg);
  const double one = 1;
  openblas().dsyrk("L", "N", &order, &depth, &one, a, &stride, &beta, g, &out, 1, 1);
}

// Tall: slices of rows of fixed size, each with a G of its own, added in order.
void by_slices(Control& control, ConstVector A, std::size_t m, std::size_t n, Vector G) {
  const std::size_t size = std::max(kSlice, (m + kMostSlices - 1) / kMostSlices), count = (m + size - 1) / size;
  const Vector parts = control.arena.doubles(count > 1 ? (count - 1) * n * n : 0);
  const auto part = [&](std::size_t s) { return s == 0 ? G.data() : parts.data() + (s - 1) * n * n; };
  control.crew.run(count, [&](std::size_t first, std::size_t last) {
    for (std::size_t s = first; s < last; s++)
      add(A.data() + s * size * n, n, std::min(size, m - s * size), 0, part(s), n, n);
  });
  for (std::size_t s = 1; s < count; s++)
    for (std::size_t i = 0; i < n; i++)
      for (std::size_t j = i; j < n; j++) G[i * n + j] += part(s)[i * n + j];
}

// Wide: blocks of the upper triangle of fixed size.
void by_blocks(Control& control, ConstVector A, std::size_t m, std::size_t n, Vector G) {
  const std::size_t count = (n + kBlock - 1) / kBlock;
  control.crew.run(count * (count + 1) / 2, [&](std::size_t first, std::size_t last) {
    for (std::size_t piece = first; piece < last; piece++) {
      std::size_t i = 0, before = 0;
      while (before + (count - i) <= piece) before += count - i++;
      const std::size_t j = i + piece - before, from = i * kBlock, to = j * kBlock;
      const std::size_t height = std::min(kBlock, n - from), width = std::min(kBlock, n - to);
      double* const g = G.data() + from * n + to;
      if (i == j)
        add(A.data() + from, n, m, 0, g, n, height);
      else
        multiply(1, {A.data() + from, n, true}, {A.data() + to, n, false}, 0, g, n, height, width, m);
    }
  });
}

// G = A^T A, n x n, both triangles; A by rows. The same bits for any number of threads. m n^2 flops.
void gram(Control& control, ConstVector A, Index n_, Vector G) {
  need_shape(n_ >= 0, "n must not be negative");
  const std::size_t n = n_;
  need_shape(G.size() == n * n && (n == 0 ? A.empty() : A.size() % n == 0), "A and G must fit");
  if (n == 0) return;
  const std::size_t m = A.size() / n;
  if (m == 0) return std::fill(G.begin(), G.end(), 0.0);
  if (m >= 2 * kSlice || n <= kBlock)
    by_slices(control, A, m, n, G);
  else
    by_blocks(control, A, m, n, G);
  for (std::size_t i = 0; i < n; i++)
    for (std::size_t j = i + 1; j < n; j++) G[j * n + i] = G[i * n + j];
}

const Exposed gram_{expose<gram>("gram")};

}  // namespace
}  // namespace krylov

#include "dense/cholesky.hpp"

#include <algorithm>

#include "core/method.hpp"
#include "dense/products.hpp"
#include "kernels/lapack.hpp"

namespace krylov {

namespace {

constexpr std::size_t kBlock = 96;          // columns: a multiple of all widths of the product kernel
constexpr std::size_t kTileRows = 96;       // rows that a thread takes at a time
constexpr std::size_t kParallel = 1 << 18;  // flops of a block column below which one thread is faster than two
constexpr std::size_t kFromLapack = 64, kToLapack = 1024;  // orders where dpotrf on one thread is faster than this

}  // namespace

// LAPACK's, or left-looking by block columns (Golub and Van Loan, Algorithm 4.2.4 in blocks): the rows of a block
// column are dot products of rows of L, which is how both operands stream.
Index cholesky_factor(Control& control, Vector a, std::size_t n) {
  if (n >= kFromLapack && n < kToLapack)
    if (const Lapack* const blas = lapack()) {
      const int order = static_cast<int>(n);
      int info = 0;
      blas->dpotrf("U", &order, a.data(), &order, &info, 1);
      return info - 1;
    }
  const Tiles& t = tiles();
  const Products products(n);
  for (std::size_t j = 0; j < n; j += kBlock) {
    control.poll();
    const std::size_t width = std::min(kBlock, n - j);
    double* const corner = a.data() + j * n;
    products.subtract(corner, n, corner, n, corner + j, n, width, width, j);
    const std::intptr_t failed = t.factor_block(corner + j, n, width);
    if (failed >= 0) return static_cast<Index>(j + failed);
    const std::size_t below = n - j - width;
    const std::size_t count = (below + kTileRows - 1) / kTileRows;
    const auto rows = [&](std::size_t first, std::size_t last) {
      for (std::size_t tile = first; tile < last; tile++) {
        const std::size_t i = j + width + tile * kTileRows;
        const std::size_t height = std::min(kTileRows, n - i);
        double* const row = a.data() + i * n;
        products.subtract(row, n, corner, n, row + j, n, height, width, j);
        t.solve_rows(corner + j, n, row + j, n, height, width);
      }
    };
    if (2 * below * width * (j + width) < kParallel)
      rows(0, count);
    else
      control.crew.run(count, rows);
  }
  return -1;
}

void cholesky_solve(ConstVector l, std::size_t n, Vector x, std::size_t s) {
  for (std::size_t i = 0; i < n; i++) {
    const double* const row = l.data() + i * n;
    if (s == 1) {
      double sum = x[i];
      tiles().subtract_products(row, n, x.data(), n, &sum, 1, 1, 1, i);
      x[i] = sum / row[i];
      continue;
    }
    for (std::size_t k = 0; k < i; k++)
      for (std::size_t c = 0; c < s; c++) x[i * s + c] -= row[k] * x[k * s + c];
    for (std::size_t c = 0; c < s; c++) x[i * s + c] /= row[i];
  }
  for (std::size_t i = n; i-- > 0;) {
    const double* const row = l.data() + i * n;
    for (std::size_t c = 0; c < s; c++) x[i * s + c] /= row[i];
    if (s == 1) {
      tiles().axpy(-x[i], row, x.data(), 0, i);
      continue;
    }
    for (std::size_t k = 0; k < i; k++)
      for (std::size_t c = 0; c < s; c++) x[k * s + c] -= row[k] * x[i * s + c];
  }
}

namespace {

void need(bool fits, const char* what) {
  if (!fits) throw Misuse("ERR_SHAPE", what);
}

double cholesky(Control& control, Vector a, Index n) {
  need(n >= 0 && a.size() == static_cast<std::size_t>(n) * n, "values must be n^2 long");
  const Index failed = cholesky_factor(control, a, n);
  for (Index i = 0; i < n; i++) std::fill_n(a.begin() + static_cast<std::size_t>(i) * n + i + 1, n - i - 1, 0.0);
  return failed;
}

void cholesky_apply(Control&, ConstVector l, Index n, Vector x, Index s) {
  need(n >= 0 && l.size() == static_cast<std::size_t>(n) * n, "values must be n^2 long");
  need(s >= 1 && x.size() == static_cast<std::size_t>(n) * s, "x must be n x s");
  cholesky_solve(l, n, x, s);
}

const Exposed cholesky_{expose<cholesky>("cholesky")};
const Exposed cholesky_apply_{expose<cholesky_apply>("choleskySolve")};

}  // namespace
}  // namespace krylov

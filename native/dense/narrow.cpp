#include "dense/narrow.hpp"

#include <algorithm>
#include <vector>

#include "kernels/tiles.hpp"

namespace krylov {
namespace {

constexpr std::size_t kNarrowStrip = 16;  // columns at a time
constexpr std::size_t kDeep = 1024;       // of an inner length at a time: a strip of B is 128 KB, in a second cache
constexpr std::size_t kPieceRows = 48;    // of C: with that depth of A 400 KB, which several strips meet there
constexpr std::size_t kHeld = 16;         // rows of A whose columns are rows of C: as many streams from memory
constexpr std::size_t kShort = 256;  // rows of C then for which A's are short enough to lie in cache by the hundred
constexpr std::size_t kWide = 2048;  // rows of C then: 256 KB, in a second cache

struct Strip {
  const double* x;  // packed: k rows of `packed` entries, alpha times those of B, zeros behind them
  std::size_t first, width, packed;
};

Strip pack(double alpha, const Operand& B, std::size_t first, std::size_t n, std::size_t k, double* x) {
  const std::size_t width = std::min(kNarrowStrip, n - first), packed = width <= 8 ? 8 : kNarrowStrip;
  for (std::size_t p = 0; p < k; p++) {
    double* const to = x + p * packed;
    const double* const from = B.transposed ? B.a + first * B.stride + p : B.a + p * B.stride + first;
    const std::size_t step = B.transposed ? B.stride : 1;
    for (std::size_t q = 0; q < width; q++) to[q] = alpha * from[q * step];
    for (std::size_t q = width; q < packed; q++) to[q] = 0;
  }
  return {x, first, width, packed};
}

}  // namespace

void narrow_product(Control& control, double alpha, const Operand& A, const Operand& B, double beta, double* c,
                    std::size_t m, std::size_t n, std::size_t k) {
  std::vector<Strip> strips;
  for (std::size_t first = 0; first < n; first += kNarrowStrip)
    strips.push_back(pack(alpha, B, first, n, k, control.arena.doubles(k * kNarrowStrip).data()));
  const std::size_t depth = A.transposed && m > kShort ? kHeld : kDeep, row = A.transposed ? 1 : A.stride;
  const std::size_t step = A.transposed ? A.stride : 1;
  const std::size_t most = A.transposed ? std::min(kWide, m / 16) : kPieceRows;
  const std::size_t each = 2.0 * m * n * k < kPieceWork ? m : std::max(kPieceRows, most);
  const std::size_t size = (each + kPieceRows - 1) / kPieceRows * kPieceRows;
  control.crew.run((m + size - 1) / size, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin * size; i < std::min(end * size, m); i += size) {
      const std::size_t rows = std::min(size, m - i);
      double* const out = c + i * n;
      if (beta == 0)
        std::fill_n(out, rows * n, 0.0);
      else if (beta != 1)
        for (std::size_t at = 0; at < rows * n; at++) out[at] *= beta;
      for (std::size_t p = 0; p < k; p += depth)
        for (const Strip& strip : strips)
          tiles().narrow_product(A.a + i * row + p * step, row, step, strip.x + p * strip.packed, strip.packed,
                                 std::min(depth, k - p), out + strip.first, n, strip.width, rows);
    }
  });
}

}  // namespace krylov

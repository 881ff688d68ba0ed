#include "direct/front.hpp"

#include <algorithm>

namespace krylov {

// body(first piece, last piece), in batches between which the abort is looked for.
template <class Body>
void Front::share(std::size_t pieces, double flops, bool alone, Body&& body) {
  if (alone) return body(std::size_t{0}, pieces);
  const std::size_t batch = std::max<std::size_t>(threads_, pieces * std::min(1.0, kFlopsPerPoll / (flops + 1)));
  for (std::size_t from = 0; from < pieces; from += batch) {
    const std::size_t count = std::min(batch, pieces - from);
    control_.poll();
    if (flops < kParallel || threads_ == 1)
      body(from, from + count);
    else
      control_.crew.run(count, [&](std::size_t first, std::size_t last) { body(from + first, from + last); });
  }
}

// The lower trapezoid C (rows x columns) minus A diag(d) A^T, by tiles.
void Front::trailing(double* c, std::size_t ldc, std::size_t rows, std::size_t columns, const double* a,
                     std::size_t lda, const double* d, std::size_t k, bool overwrite, bool alone) {
  const std::size_t down = (rows + kTile - 1) / kTile, across = (columns + kTile - 1) / kTile;
  const double flops = static_cast<double>(columns) * (2.0 * rows - columns) * k;
  share(across * down - across * (across - 1) / 2, flops, alone, [&](std::size_t first, std::size_t last) {
    double* const work = take();
    std::size_t j = 0, before = 0;  // tiles of the columns left of j
    while (before + down - j <= first) before += down - j++;
    for (std::size_t i = j + first - before; first < last; first++) {
      const std::size_t row = i * kTile, column = j * kTile;
      t_.rank_update(c + row + column * ldc, ldc, std::min(kTile, rows - row), std::min(kTile, columns - column),
                     a + row, lda, a + column, lda, d, k, row - column, overwrite, work);
      if (++i == down) i = ++j;
    }
    give(work);
  });
}

void Front::factor(double* panel, std::size_t width, std::size_t height, double* d, double* update, Signs& signs,
                   bool alone) {
  const std::size_t below = height - width;
  for (std::size_t from = 0; from < width; from += kLdlBlock) {
    const std::size_t n = std::min(kLdlBlock, width - from), end = from + n;
    double* const block = panel + from + from * height;
    t_.ldl_diagonal(block, height, n, d + from, kTinyPivot, kReplacement, signs.data());
    const std::size_t rest = height - end;
    share((rest + kRows - 1) / kRows, static_cast<double>(rest) * n * n, alone,
          [&](std::size_t first, std::size_t last) {
            for (; first < last; first++)
              t_.ldl_rows(block, height, n, d + from, n + first * kRows, n + std::min((first + 1) * kRows, rest));
          });
    if (end < width)
      trailing(panel + end + end * height, height, rest, width - end, block + n, height, d + from, n, false, alone);
  }
  if (below > 0) trailing(update, below, below, below, panel + width, height, d, width, true, alone);
  for (std::size_t j = 1; j < width; j++) std::fill_n(panel + j * height, j, 0.0);
}

}  // namespace krylov

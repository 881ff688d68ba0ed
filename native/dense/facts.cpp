#include <algorithm>
#include <cmath>

#include "core/method.hpp"

namespace krylov {
namespace {

constexpr std::size_t kTile = 32;  // 2 tiles of 8 KB stay in the first cache while one is read across

// What one pass over a square dense matrix finds out; see DenseFacts in TypeScript.
struct DenseFacts {
  double not_finite = -1, largest = 0, asymmetry = 0, zeros = 0;
  static constexpr auto fields =
      std::tuple{field("notFinite", &DenseFacts::not_finite), field("largest", &DenseFacts::largest),
                 field("asymmetry", &DenseFacts::asymmetry), field("zeros", &DenseFacts::zeros)};
};

DenseFacts dense_facts(Control& control, ConstVector a, Index n_) {
  const std::size_t n = n_ < 0 ? 0 : static_cast<std::size_t>(n_);
  if (n_ < 0 || a.size() != n * n) throw Misuse("ERR_SHAPE", "values must be n^2 long");
  double largest = 0, asymmetry = 0, doubt = 0;
  std::size_t zeros = 0;
  for (std::size_t i0 = 0; i0 < n; i0 += kTile) {
    control.poll();
    for (std::size_t j0 = 0; j0 <= i0; j0 += kTile) {
      double across[kTile][kTile];  // the mirror image, so that both are read along rows
      const std::size_t rows = std::min(kTile, n - i0), columns = std::min(kTile, n - j0);
      for (std::size_t j = 0; j < columns; j++)
        for (std::size_t i = 0; i < rows; i++) across[i][j] = a[(j0 + j) * n + i0 + i];
      for (std::size_t i = 0; i < rows; i++) {
        const double* const x = a.data() + (i0 + i) * n + j0;
        const double* const y = across[i];
        const std::size_t end = j0 == i0 ? i + 1 : columns;
        double size = 0, gap = 0, sum = 0;
        std::size_t none = 0;
        for (std::size_t j = 0; j < end; j++) {
          size = std::max(size, std::max(std::abs(x[j]), std::abs(y[j])));
          gap = std::max(gap, std::abs(x[j] - y[j]));
          sum += x[j] * 0 + y[j] * 0;
          none += x[j] == 0;
        }
        largest = std::max(largest, size);
        asymmetry = std::max(asymmetry, gap);
        doubt += sum;
        zeros += none;
      }
    }
  }
  DenseFacts found{-1, largest, asymmetry, static_cast<double>(zeros)};
  if (!(doubt == 0))
    found.not_finite =
        static_cast<double>(std::find_if(a.begin(), a.end(), [](double x) { return !std::isfinite(x); }) - a.begin());
  return found;
}

const Exposed dense_facts_{expose<dense_facts>("denseFacts")};

}  // namespace
}  // namespace krylov

#include <algorithm>

#include "core/lookout.hpp"
#include "core/method.hpp"
#include "kernels/tiles.hpp"

namespace krylov {
namespace {

constexpr std::size_t kParts = 32;          // of the rows, each with an A^T w of its own; added in order
constexpr std::size_t kFewest = 64;         // rows of a part
constexpr std::size_t kUnit = 8;            // rows that a tile takes together
constexpr std::size_t kParallel = 1 << 15;  // entries below which one thread is faster than two

// w = b - A x, or A x where b is empty, and y = A^T w; returns w . w. A by rows, n columns, read once: what is least
// for A^T (A x). Workspace: 32 n.
double normal_pass(Control& control, ConstVector A, Index columns, ConstVector x, ConstVector b, Vector w, Vector y) {
  const std::size_t n = static_cast<std::size_t>(std::max(columns, 0)), m = w.size();
  if (A.size() != m * n || x.size() != n || y.size() != n || (!b.empty() && b.size() != m))
    throw Misuse("ERR_SHAPE", "A, x, b, w and y must fit");
  const std::size_t size = std::max(kFewest, (m / kParts + kUnit) / kUnit * kUnit), parts = (m + size - 1) / size;
  const Vector sums = control.arena.doubles(parts * (n + 1));
  Lookout lookout(control);
  const auto body = [&](std::size_t first, std::size_t last) {
    for (; first < last && !lookout.look(); first++) {
      const std::size_t from = first * size, count = std::min(size, m - from);
      double* const sum = sums.data() + first * (n + 1);
      std::fill_n(sum, n, 0.0);
      sum[n] = tiles().normal_rows(A.data() + from * n, n, count, x.data(), b.empty() ? nullptr : b.data() + from,
                                   w.data() + from, sum);
    }
  };
  if (A.size() < kParallel)
    body(0, parts);
  else
    control.crew.run(parts, body);
  lookout.rethrow();
  std::fill(y.begin(), y.end(), 0.0);
  double square = 0;
  for (std::size_t part = 0; part < parts; part++) {
    tiles().axpy(1, sums.data() + part * (n + 1), y.data(), 0, n);
    square += sums[part * (n + 1) + n];
  }
  return square;
}

const Exposed normal_pass_{expose<normal_pass>("normalPass")};

}  // namespace
}  // namespace krylov

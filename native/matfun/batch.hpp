#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/buffer.hpp"
#include "core/lookout.hpp"
#include "dense/blas.hpp"

namespace krylov {

constexpr std::size_t kLine = 8;  // doubles of a cache line

// Calls body(i, work) for every matrix of a batch, each on one thread, with `doubles` of workspace: matrices are copied
// there, so that LAPACK sees the same alignment whatever else is in the batch.
template <class Body>
void for_each_matrix(Control& control, std::size_t count, std::size_t doubles, Body&& body) {
  Lookout lookout(control);
  control.crew.run(count, [&](std::size_t first, std::size_t last) {
    Buffer<double> work(doubles + kLine);
    const std::size_t off = reinterpret_cast<std::uintptr_t>(work.data()) / sizeof(double) % kLine;
    for (; first < last && !lookout.look(); first++) body(first, work.data() + (kLine - off) % kLine);
  });
  lookout.rethrow();
}

// S = (A + A^T) / 2; finds the largest difference from it and the largest entry, NaN where one is not finite.
struct Symmetrised {
  double asymmetry = 0, largest = 0;
};
inline Symmetrised symmetrise(const double* a, std::size_t n, double* s) {
  Symmetrised found;
  double doubt = 0;
  for (std::size_t r = 0; r < n; r++)
    for (std::size_t c = 0; c <= r; c++) {
      const double x = a[r * n + c], y = a[c * n + r];
      found.asymmetry = std::max(found.asymmetry, std::abs(x - y));
      found.largest = std::max({found.largest, std::abs(x), std::abs(y)});
      doubt += x * 0 + y * 0;
      s[r * n + c] = s[c * n + r] = 0.5 * x + 0.5 * y;
    }
  if (!(doubt == 0)) found.largest = std::numeric_limits<double>::quiet_NaN();
  return found;
}

}  // namespace krylov

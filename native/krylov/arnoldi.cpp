#include "krylov/arnoldi.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace krylov {

namespace {

// Cosine up to which two vectors count as orthogonal; a measured one beyond it is taken out once more.
constexpr double kOrthogonal = 1e-13;
// What is left of a vector that depends on the others, as a share of it: rounding.
constexpr double kDependent = 10 * std::numeric_limits<double>::epsilon();
constexpr int kPasses = 3;  // two are enough, but for vectors that depend on the others within rounding

}  // namespace

double orthonormalise(Sweeps& k, Vector V, std::size_t n, std::size_t count, Vector h) {
  const Vector basis = V.first(count * k.apart()), w = V.subspan(count * k.apart(), n);
  std::vector<double> dots(count + 1), correction(count);
  k.basis_dots(V, w, dots);
  const double size = std::sqrt(dots[count]);
  double left = size;
  for (std::size_t j = 0; j < count; j++) h[j] = 0;
  for (int pass = 0; pass < kPasses && count > 0; pass++) {
    for (std::size_t j = 0; j < count; j++) {
      correction[j] = dots[j];
      h[j] += dots[j];
    }
    k.control().poll();
    k.basis_subtract(basis, correction, w, dots);
    left = std::sqrt(dots[count]);
    double square = 0;
    for (std::size_t j = 0; j < count; j++) square += dots[j] * dots[j];
    if (std::sqrt(square) <= kOrthogonal * left || left <= kDependent * size) break;
  }
  if (left <= kDependent * size) left = 0;
  h[count] = left;
  if (left > 0) k.axpby(1 / left, w, 0, w);
  return left;
}

}  // namespace krylov

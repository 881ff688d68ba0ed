#include <algorithm>
#include <cmath>

#include "core/matrix.hpp"
#include "core/method.hpp"
#include "kernels/sweeps.hpp"
#include "krylov/arnoldi.hpp"
#include "krylov/stopping.hpp"

namespace krylov {
namespace {

// The next earlier solution is tried where the last one took away at least this share of the residual.
constexpr double kWorth = 0.5;

// Adds to x the combination of earlier solutions X, the newest first, with the smallest residual (Fischer 1998): of a
// sequence that changes smoothly they predict the next one. Ends after the first that does not halve what is left, so
// that solutions foretelling nothing cost one product. Returns the number of products with A. Workspace:
// (count + 2) n.
double guess(Control& control, const Matrix& A, ConstVector b, Vector x, ConstVector X, const Stopping& stopping) {
  check_system(A, b, x);
  const std::size_t n = b.size(), count = n == 0 ? 0 : X.size() / n;
  if (X.size() != count * n) throw Misuse("ERR_SHAPE", "solutions must be whole vectors");
  Sweeps k(control, n);
  const Vector W = control.arena.doubles((count + 1) * n);  // images, orthonormal
  const Vector r = control.arena.doubles(n);
  if (stopping.warm)
    k.residual(A, x, b, r);
  else
    k.copy(b, r);
  std::vector<double> h(count + 1), c;
  std::vector<std::vector<double>> R;
  const double target = std::max(stopping.rtol * k.norm(b), stopping.atol);
  double left = k.norm(r), products = stopping.warm ? 1 : 0;
  while (R.size() < count && left > target && left < kInfinity) {
    const std::size_t j = R.size();
    const Vector w = W.subspan(j * n, n);
    k.multiply(A, X.subspan(j * n, n), w);
    products++;
    const double rest = orthonormalise(k, W, n, j, h);
    if (!(rest > 0 && rest < kInfinity)) break;
    R.emplace_back(h.begin(), h.begin() + j + 1);
    c.push_back(k.dot(w, r));
    k.axpy(-c.back(), w, r);
    const double before = left;
    left = k.norm(r);
    control.poll();
    if (!(left <= kWorth * before)) break;
  }
  for (std::size_t j = R.size(); j-- > 0;) {
    c[j] /= R[j][j];
    for (std::size_t i = 0; i < j; i++) c[i] -= R[j][i] * c[j];
  }
  for (double& value : c) value = -value;
  double none[1];
  k.basis_subtract(X.first(c.size() * n), c, x, none);
  return products;
}

const Exposed guess_{expose<guess>("guess")};

}  // namespace
}  // namespace krylov

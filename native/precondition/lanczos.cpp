#include "precondition/lanczos.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "core/method.hpp"
#include "kernels/sweeps.hpp"

namespace krylov {

constexpr double kSettled = 0.05;

// What a spectrum leaves of (0, 2) at its narrower end: 1 - the spectral radius of I - D^-1 A. At least 0.
static double gap_of(const Extremes& found) { return std::max(0.0, std::min(found.smallest, 2 - found.largest)); }

// Extreme eigenvalues of D^-1/2 A D^-1/2 by `steps` of Lanczos (Golub and Van Loan, section 10.1) in the D-inner
// product: v holds D^-1/2 times the Lanczos vector, so that only D^-1 is needed. The largest is reached from below
// within a few per cent; the smallest only as the process converges: where `most` is larger, steps go on, twice as many
// each time, until the gap that the spectrum leaves in (0, 2) moves by less than 5%. Workspace: 4n.
Spectrum lanczos(Control& control, const Multiply& multiply, ConstVector inverse_diagonal, ConstVector start,
                 Index steps, Index most) {
  const std::size_t n = start.size();
  Sweeps k(control, n);
  const Vector v = control.arena.doubles(n), w = control.arena.doubles(n);
  const Vector u = control.arena.doubles(n), previous = control.arena.doubles(n);
  std::vector<double> alphas, betas;
  const auto found = [&]() -> Spectrum {
    return {tridiagonal_extremes(alphas, betas), static_cast<Index>(alphas.size())};
  };
  Index look = steps;
  double gap = std::numeric_limits<double>::infinity();
  k.copy(start, u);
  double beta = std::sqrt(k.scale(inverse_diagonal, u, v));
  for (Index j = 0; j < most && static_cast<std::size_t>(j) < n && beta > 0; j++) {
    if (j == look) {
      const double before = std::exchange(gap, gap_of(found()));
      if (gap >= (1 - kSettled) * before) break;
      look = look > most / 2 ? most : 2 * look;
    }
    k.axpby(1 / beta, v, 0, v);
    k.axpby(1 / beta, u, 0, u);
    multiply(v, w);
    const double alpha = k.dot(v, w);
    alphas.push_back(alpha);
    k.axpy(-alpha, u, w);
    if (j > 0) k.axpy(-beta, previous, w);
    k.copy(u, previous);
    k.copy(w, u);
    const double square = k.scale(inverse_diagonal, u, v);
    beta = square > 0 ? std::sqrt(square) : 0;
    if (!(beta > 1e-14 * std::abs(alpha))) break;
    betas.push_back(beta);
    control.poll();
  }
  return found();
}

namespace {

Spectrum spectrum(Control& control, const Matrix& A, ConstVector inverse_diagonal, ConstVector start, Index steps,
                  Index most) {
  const std::size_t n = A.rows();
  if (A.pattern.rows != A.pattern.columns || inverse_diagonal.size() != n || start.size() != n)
    throw Misuse("ERR_SHAPE", "A, its diagonal and the start must have the same order");
  A.pattern.check_indices();
  Sweeps k(control, n);
  return lanczos(
      control, [&](ConstVector v, Vector w) { k.multiply(A, v, w); }, inverse_diagonal, start, steps, most);
}

const Exposed lanczos_{expose<spectrum>("lanczos")};

}  // namespace
}  // namespace krylov

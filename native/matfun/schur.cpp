#include <algorithm>
#include <cmath>

#include "core/method.hpp"
#include "dense/blas.hpp"
#include "dense/transpose.hpp"

namespace krylov {
namespace {

int is_negative(const double* real, const double* imaginary) { return *imaginary == 0 && *real < 0; }

// How many of the first eigenvalues of T are negative; -1 where others are as well.
Index leading_negatives(ConstVector T, std::size_t n) {
  Index count = 0;
  bool leads = true;
  for (std::size_t j = 0; j < n; j++) {
    const bool pair = j + 1 < n && T[(j + 1) * n + j] != 0, negative = !pair && T[j * n + j] < 0;
    if (negative && !leads) return -1;
    leads = negative;
    count += negative;
    j += pair;
  }
  return count;
}

// A = Z T Z^T, the real Schur form of A, n x n by rows; with `negative_first` negative eigenvalues lead. Returns how
// many lead: 0 without it, -1 where the QR iteration or the exchange failed. dgees: 25 n^3 flops.
Index schur(Control& control, ConstVector A, Index n_, bool negative_first, Vector T, Vector Z) {
  need_shape(n_ >= 0, "n must not be negative");
  const std::size_t n = n_;
  need_shape(A.size() == n * n && T.size() == n * n && Z.size() == n * n, "A, T and Z must be n x n");
  if (n == 0) return 0;
  double doubt = 0;
  for (const double a : A) doubt += a * 0;
  if (doubt != 0) return -1;
  // workspace of our own begins at a cache line, whatever T and Z do: the same bits for the same matrix
  const Vector work = control.arena.doubles(2 * n * n + 2 * n);
  double *const t = work.data(), *const z = t + n * n, *const real = z + n * n, *const imaginary = real + n;
  transpose(control, A.data(), n, n, t);
  const int order = n_;
  int leading = 0, info = 0, size = -1;
  std::vector<int> flags(n);
  double wanted = 0;
  const auto call = [&](double* space) {
    openblas().dgees("V", negative_first ? "S" : "N", is_negative, &order, t, &order, &leading, real, imaginary, z,
                     &order, space, &size, flags.data(), &info, 1, 1);
  };
  call(&wanted);
  size = static_cast<int>(wanted);
  call(control.arena.doubles(static_cast<std::size_t>(size)).data());
  if (info != 0 && info != order + 2)
    return -1;  // order + 2: rounding has moved an eigenvalue over zero, looked at below
  transpose(control, t, n, n, T.data());
  transpose(control, z, n, n, Z.data());
  return negative_first ? leading_negatives(T, n) : 0;
}

const Exposed schur_{expose<schur>("schur")};

}  // namespace
}  // namespace krylov

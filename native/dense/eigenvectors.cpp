#include "dense/eigenvectors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dense/real_schur.hpp"

namespace krylov {

namespace {

using Complex = std::complex<double>;

// x / y; a zero y becomes `tiny`, as if T were another matrix within rounding.
Complex quotient(Complex x, Complex y, double tiny) {
  const double size = std::max(std::abs(y.real()), std::abs(y.imag()));
  if (size <= tiny) return x / tiny;
  const double u = y.real() / size, v = y.imag() / size, square = (u * u + v * v) * size;
  return {(x.real() * u + x.imag() * v) / square, (x.imag() * u - x.real() * v) / square};
}

Complex times(Complex x, Complex y) {
  return {x.real() * y.real() - x.imag() * y.imag(), x.real() * y.imag() + x.imag() * y.real()};
}

// Solves (T - lambda I) x = 0 upwards from the block at j, whose last row is `last`.
void back_substitute(const std::vector<double>& T, std::size_t n, std::size_t j, std::size_t last, Complex lambda,
                     double tiny, std::vector<Complex>& x) {
  const auto t = [&](std::size_t i, std::size_t k) { return T[i * n + k]; };
  std::fill(x.begin(), x.end(), Complex{});
  x[last] = 1;
  if (last > j) x[j] = Complex{lambda.real() - t(last, last), lambda.imag()} / t(last, j);
  const auto right = [&](std::size_t i) {
    Complex sum;
    for (std::size_t k = i + 1; k <= last; k++) sum -= t(i, k) * x[k];
    return sum;
  };
  for (std::size_t i = j; i-- > 0;) {
    const Complex f = right(i), low = t(i, i) - lambda;
    if (i == 0 || t(i, i - 1) == 0) {
      x[i] = quotient(f, low, tiny);
      continue;
    }
    const std::size_t above = i - 1;
    const Complex g = right(above), high = t(above, above) - lambda;
    const double b = t(above, i), c = t(i, above);
    const Complex determinant = times(high, low) - b * c;
    x[above] = quotient(times(low, g) - b * f, determinant, tiny * tiny);
    x[i] = quotient(times(high, f) - c * g, determinant, tiny * tiny);
    i--;
  }
}

}  // namespace

std::optional<Eigenvectors> eigenvectors(Control& control, std::vector<double> A, std::size_t n) {
  const std::optional<RealSchur> schur = real_schur(control, std::move(A), n);
  if (!schur) return std::nullopt;
  const std::vector<double>&T = schur->T, &Z = schur->Z;
  double largest = 0;
  for (const double t : T) largest = std::max(largest, std::abs(t));
  // its square is a number as well
  const double tiny = std::max(std::numeric_limits<double>::epsilon() * largest, 0x1p-500);
  Eigenvectors found{std::vector<Complex>(n), std::vector<double>(n * n)};
  std::vector<Complex> x(n);
  for (std::size_t j = 0; j < n; j++) {
    const bool pair = j + 1 < n && T[(j + 1) * n + j] != 0;
    const std::size_t last = pair ? j + 1 : j;
    Complex lambda = T[j * n + j];
    if (pair) {
      const double a = T[j * n + j], d = T[last * n + last], half = (a - d) / 2;
      lambda = {(a + d) / 2, std::sqrt(-(half * half + T[j * n + last] * T[last * n + j]))};
      found.values[last] = std::conj(lambda);
    }
    found.values[j] = lambda;
    back_substitute(T, n, j, last, lambda, tiny, x);
    double square = 0;
    for (std::size_t i = 0; i < n; i++) {
      Complex sum;
      for (std::size_t k = 0; k <= last; k++) sum += Z[i * n + k] * x[k];
      found.vectors[i * n + j] = sum.real();
      if (pair) found.vectors[i * n + last] = sum.imag();
      square += std::norm(sum);
    }
    for (std::size_t i = 0; i < n; i++)
      for (std::size_t c = j; c <= last; c++) found.vectors[i * n + c] /= std::sqrt(square);
    j = last;
    control.poll();
  }
  return found;
}

}  // namespace krylov

#include "krylov/hessenberg.hpp"

#include <cmath>

namespace krylov {

namespace {

constexpr int kSteps = 12;  // of power iteration: within a few per cent, which is what a condition number is worth

template <class Act>
double power(Vector v, Act&& act) {
  double size = 0;
  for (double& entry : v) entry = 1 / std::sqrt(static_cast<double>(v.size()));
  for (int step = 0; step < kSteps; step++) {
    act();
    double square = 0;
    for (const double entry : v) square += entry * entry;
    size = std::sqrt(square);
    for (double& entry : v) entry /= size;
  }
  return std::sqrt(size);
}

}  // namespace

void HessenbergLeastSquares::begin(double beta) {
  look();
  count = 0;
  residual = std::abs(beta);
  std::fill(g_.begin(), g_.end(), 0.0);
  g_[0] = beta;
}

bool HessenbergLeastSquares::push(ConstVector h) {
  const std::size_t j = count;
  double* const r = R_.data() + j * most_;
  double upper = h[0], size = h[j + 1] * h[j + 1];
  for (std::size_t i = 0; i <= j; i++) size += h[i] * h[i];
  for (std::size_t i = 0; i < j; i++) {
    const double c = cosines_[i], s = sines_[i], lower = h[i + 1];
    r[i] = c * upper + s * lower;
    upper = c * lower - s * upper;
  }
  const double pivot = std::hypot(upper, h[j + 1]);
  if (!(pivot > kEpsilon * std::sqrt(size))) return false;
  r[j] = pivot;
  const double c = upper / pivot, s = h[j + 1] / pivot;
  cosines_[j] = c;
  sines_[j] = s;
  g_[j + 1] = -s * g_[j];
  g_[j] = c * g_[j];
  residual = std::abs(g_[j + 1]);
  count++;
  return true;
}

void HessenbergLeastSquares::solve(Vector y) const {
  for (std::size_t i = 0; i < count; i++) y[i] = g_[i];
  solve_upper(y);
}

Outcome HessenbergLeastSquares::in(Outcome outcome) {
  look();
  if (!(largest_ > 0)) return outcome;
  outcome.diagonal = {smallest_, largest_};
  outcome.off_diagonal = {0};
  return outcome;
}

// The extreme singular values of R, by power iteration on R^T R and on its inverse.
void HessenbergLeastSquares::look() {
  if (count == 0) return;
  std::vector<double> v(count);
  const double largest = power(v, [&] {
    multiply_upper(v);
    multiply_lower(v);
  });
  const double smallest = 1 / power(v, [&] {
                            solve_lower(v);
                            solve_upper(v);
                          });
  if (largest > largest_) largest_ = largest;
  if (smallest < smallest_) smallest_ = smallest;
}

void HessenbergLeastSquares::multiply_upper(Vector v) const {
  for (std::size_t i = 0; i < count; i++) {
    double sum = 0;
    for (std::size_t j = i; j < count; j++) sum += R(i, j) * v[j];
    v[i] = sum;
  }
}

void HessenbergLeastSquares::multiply_lower(Vector v) const {
  for (std::size_t j = count; j-- > 0;) {
    double sum = 0;
    for (std::size_t i = 0; i <= j; i++) sum += R(i, j) * v[i];
    v[j] = sum;
  }
}

void HessenbergLeastSquares::solve_upper(Vector v) const {
  for (std::size_t j = count; j-- > 0;) {
    v[j] /= R(j, j);
    for (std::size_t i = 0; i < j; i++) v[i] -= R(i, j) * v[j];
  }
}

void HessenbergLeastSquares::solve_lower(Vector v) const {
  for (std::size_t j = 0; j < count; j++) {
    for (std::size_t i = 0; i < j; i++) v[j] -= R(i, j) * v[i];
    v[j] /= R(j, j);
  }
}

}  // namespace krylov

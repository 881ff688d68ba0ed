#include "dense/real_schur.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace krylov {

namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr int kSweeps = 30;  // per eigenvalue; two or three are usual

using Small = std::span<double>;

// A(:rows, row:) times the reflection I - 2 v v^T / norm.
void from_right(double* A, std::size_t n, std::size_t row, Small v, double norm, std::size_t rows) {
  for (std::size_t i = 0; i < rows; i++) {
    double* const a = A + i * n + row;
    double sum = 0;
    for (std::size_t j = 0; j < v.size(); j++) sum += a[j] * v[j];
    sum *= 2 / norm;
    for (std::size_t j = 0; j < v.size(); j++) a[j] -= sum * v[j];
  }
}

class Francis {
 public:
  Francis(RealSchur& form, std::size_t n) : T_(form.T.data()), Z_(form.Z.data()), n_(n), sums_(n) {
    for (const double t : form.T) size_ += std::abs(t);
  }

  bool run(Control& control) {
    if (!(size_ < std::numeric_limits<double>::infinity())) return false;
    std::vector<double> column;
    for (std::size_t j = 0; j + 2 < n_; j++) {
      column.resize(n_ - j - 1);
      for (std::size_t i = 0; i < column.size(); i++) column[i] = t(j + 1 + i, j);
      reflect(j + 1, column, j, n_);
      control.poll();
    }
    std::size_t end = n_;  // rows from here on are done
    int sweeps = 0;
    for (std::size_t left = kSweeps * n_; end > 1;) {
      const std::size_t low = small_subdiagonal(end - 1);
      if (low > 0) t(low, low - 1) = 0;
      if (low + 2 >= end) {
        if (low + 2 == end) split(low);
        end = low;
        sweeps = 0;
      } else {
        if (left-- == 0) return false;
        double_shift(low, end - 1, ++sweeps % 10 == 0);
        control.poll();
      }
    }
    for (std::size_t i = 2; i < n_; i++) std::fill_n(T_ + i * n_, i - 1, 0.0);
    return true;
  }

 private:
  double& t(std::size_t i, std::size_t j) { return T_[i * n_ + j]; }

  // The row from which on, up to `high`, no entry below the diagonal is negligible.
  std::size_t small_subdiagonal(std::size_t high) {
    std::size_t low = high;
    for (; low > 0; low--) {
      const double near = std::abs(t(low - 1, low - 1)) + std::abs(t(low, low));
      if (std::abs(t(low, low - 1)) <= kEpsilon * (near == 0 ? size_ : near)) break;
    }
    return low;
  }

  // T = P T P and Z = Z P, P the reflection of rows from `row` on that maps v to its first axis; columns from `from`
  // on, rows up to `to`.
  void reflect(std::size_t row, Small v, std::size_t from, std::size_t to) {
    double scale = 0, square = 0, norm = 0;
    for (const double x : v) scale = std::max(scale, std::abs(x));
    if (scale == 0) return;
    for (double& x : v) {
      x /= scale;
      square += x * x;
    }
    v[0] += v[0] < 0 ? -std::sqrt(square) : std::sqrt(square);
    for (const double x : v) norm += x * x;
    std::fill(sums_.begin() + from, sums_.end(), 0.0);
    for (std::size_t i = 0; i < v.size(); i++)
      for (std::size_t j = from; j < n_; j++) sums_[j] += v[i] * t(row + i, j);
    for (std::size_t i = 0; i < v.size(); i++) {
      const double twice = 2 * v[i] / norm;
      for (std::size_t j = from; j < n_; j++) t(row + i, j) -= twice * sums_[j];
    }
    from_right(T_, n_, row, v, norm, to);
    from_right(Z_, n_, row, v, norm, n_);
  }

  // One implicit double step on rows low to high; `exceptional` shifts where the usual ones go in circles.
  void double_shift(std::size_t low, std::size_t high, bool exceptional) {
    double x = t(high, high), y = t(high - 1, high - 1), w = t(high, high - 1) * t(high - 1, high);
    if (exceptional) {
      const double s = std::abs(t(high, high - 1)) + std::abs(t(high - 1, high - 2));
      x = y = t(high, high) + 0.75 * s;
      w = -0.4375 * s * s;
    }
    // the first column of (T - x)(T - y) - w by differences, which keep their digits where eigenvalues are close
    const double p = x - t(low, low), q = y - t(low, low);
    double v[3] = {(p * q - w) / t(low + 1, low) + t(low, low + 1), t(low + 1, low + 1) - t(low, low) - p - q,
                   t(low + 2, low + 1)};
    std::size_t length = 3;
    for (std::size_t k = low; k < high; k++) {
      reflect(k, Small(v, length), k > low ? k - 1 : low, std::min(high, k + 3) + 1);
      if (k > low)
        for (std::size_t i = 1; i < length; i++) t(k + i, k - 1) = 0;
      length = std::min<std::size_t>(3, high - k);
      for (std::size_t i = 0; i < length; i++) v[i] = t(k + 1 + i, k);
    }
  }

  // Makes the 2 x 2 block at `row` triangular where its eigenvalues are real.
  void split(std::size_t row) {
    const double half = (t(row, row) - t(row + 1, row + 1)) / 2, c = t(row + 1, row);
    const double root = half * half + t(row, row + 1) * c;
    if (c == 0 || root < 0) return;
    double v[2] = {half + (half < 0 ? -std::sqrt(root) : std::sqrt(root)), c};  // eigenvalue - d, c
    reflect(row, Small(v, 2), row, row + 2);
    t(row + 1, row) = 0;
  }

  double *T_, *Z_;
  std::size_t n_;
  double size_ = 0;
  std::vector<double> sums_;
};

}  // namespace

std::optional<RealSchur> real_schur(Control& control, std::vector<double> A, std::size_t n) {
  RealSchur form{std::move(A), std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; i++) form.Z[i * n + i] = 1;
  if (!Francis(form, n).run(control)) return std::nullopt;
  return form;
}

}  // namespace krylov

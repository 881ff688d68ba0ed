#include "dense/real_schur.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "kernels/tiles.hpp"

namespace krylov {

namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr int kSweeps = 30;  // per eigenvalue; two or three are usual

using Small = std::span<double>;

// A(:rows, row:) times the reflection I - share v v^T.
void from_right(double* A, std::size_t n, std::size_t row, Small v, double share, std::size_t rows) {
  const Tiles& t = tiles();
  for (std::size_t i = 0; i < rows; i++) {
    double* const a = A + i * n + row;
    t.axpy(-share * t.dot(a, v.data(), 0, v.size()), v.data(), a, 0, v.size());
  }
}
// The same for few entries.
template <std::size_t N>
void from_right(double* A, std::size_t n, std::size_t row, const double (&v)[N], double share, std::size_t rows) {
  for (double *a = A + row, *const end = a + rows * n; a != end; a += n) {
    double sum = 0;
    for (std::size_t j = 0; j < N; j++) sum += a[j] * v[j];
    sum *= share;
    for (std::size_t j = 0; j < N; j++) a[j] -= sum * v[j];
  }
}
// The reflection times A(row:, from:n).
template <std::size_t N>
void from_left(double* A, std::size_t n, std::size_t row, const double (&v)[N], double share, std::size_t from) {
  double* const a = A + row * n;
  const double w[3] = {share * v[0], share * v[1], N > 2 ? share * v[N - 1] : 0};
  for (std::size_t j = from; j < n; j++) {
    double sum = v[0] * a[j] + v[1] * a[n + j];
    if constexpr (N > 2) sum += v[2] * a[2 * n + j];
    a[j] -= w[0] * sum;
    a[n + j] -= w[1] * sum;
    if constexpr (N > 2) a[2 * n + j] -= w[2] * sum;
  }
}

class Francis {
 public:
  // form.Z: its transpose meanwhile
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

  // Turns v into that of the reflection I - share v v^T which maps it to its first axis; returns share, 0 for v = 0.
  static double reflection(Small v) {
    double scale = 0, square = 0, norm = 0;
    for (const double x : v) scale = std::max(scale, std::abs(x));
    if (scale == 0) return 0;
    for (double& x : v) {
      x /= scale;
      square += x * x;
    }
    v[0] += v[0] < 0 ? -std::sqrt(square) : std::sqrt(square);
    for (const double x : v) norm += x * x;
    return 2 / norm;
  }

  // T = P T P and Z = Z P, P the reflection of rows from `row` on that maps v to its first axis; columns from `from`
  // on, rows up to `to`.
  void reflect(std::size_t row, Small v, std::size_t from, std::size_t to) {
    const double share = reflection(v);
    if (share == 0) return;
    from_left(T_, row, v, share, from);
    from_right(T_, n_, row, v, share, to);
    from_left(Z_, row, v, share, 0);
  }
  template <std::size_t N>
  void reflect(std::size_t row, double (&v)[N], std::size_t from, std::size_t to) {
    const double share = reflection(v);
    if (share == 0) return;
    krylov::from_left<N>(T_, n_, row, v, share, from);
    krylov::from_right<N>(T_, n_, row, v, share, to);
    krylov::from_left<N>(Z_, n_, row, v, share, 0);
  }
  void from_left(double* A, std::size_t row, Small v, double share, std::size_t from) {
    const Tiles& t = tiles();
    std::fill(sums_.begin() + from, sums_.end(), 0.0);
    for (std::size_t i = 0; i < v.size(); i++) t.axpy(v[i], A + (row + i) * n_, sums_.data(), from, n_);
    for (std::size_t i = 0; i < v.size(); i++) t.axpy(-share * v[i], sums_.data(), A + (row + i) * n_, from, n_);
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
    chain_.clear();
    for (std::size_t k = low; k + 1 < high; k++) {
      if (k > low)
        for (std::size_t i = 0; i < 3; i++) v[i] = t(k + i, k - 1);
      const double share = reflection(v);
      const double f[6] = {v[0], v[1], v[2], share * v[0], share * v[1], share * v[2]};
      chain_.insert(chain_.end(), f, f + 6);
      tiles().reflect_rows(T_ + k * n_, n_, f, k > low ? k - 1 : low, n_);
      tiles().reflect_rows(Z_ + k * n_, n_, f, 0, n_);
      // from the right those rows which the next reflections are made of, the others when all are known
      krylov::from_right<3>(T_ + k * n_, n_, k, v, share, std::min(high, k + 3) + 1 - k);
      if (k > low) t(k + 1, k - 1) = t(k + 2, k - 1) = 0;
    }
    tiles().reflect_columns(T_ + low, n_, high - 1, low, chain_.data(), high - 1 - low);
    double last[2] = {t(high - 1, high - 2), t(high, high - 2)};
    reflect(high - 1, last, high - 2, high + 1);
    t(high, high - 2) = 0;
  }

  // Makes the 2 x 2 block at `row` triangular where its eigenvalues are real.
  void split(std::size_t row) {
    const double half = (t(row, row) - t(row + 1, row + 1)) / 2, c = t(row + 1, row);
    const double root = half * half + t(row, row + 1) * c;
    if (c == 0 || root < 0) return;
    double v[2] = {half + (half < 0 ? -std::sqrt(root) : std::sqrt(root)), c};  // eigenvalue - d, c
    reflect(row, v, row, row + 2);
    t(row + 1, row) = 0;
  }

  double *T_, *Z_;
  std::size_t n_;
  double size_ = 0;
  std::vector<double> sums_, chain_;
};

}  // namespace

std::optional<RealSchur> real_schur(Control& control, std::vector<double> A, std::size_t n) {
  RealSchur form{std::move(A), std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; i++) form.Z[i * n + i] = 1;
  if (!Francis(form, n).run(control)) return std::nullopt;
  for (std::size_t i = 0; i < n; i++)
    for (std::size_t j = 0; j < i; j++) std::swap(form.Z[i * n + j], form.Z[j * n + i]);
  return form;
}

}  // namespace krylov

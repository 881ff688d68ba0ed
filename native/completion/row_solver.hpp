#pragma once
#include <cmath>

#include "completion/features.hpp"
#include "core/buffer.hpp"

namespace krylov {

inline constexpr double kLeast = 1e-15;     // share of the largest diagonal entry that counts as no direction
inline constexpr double kSingular = 1e-14;  // share of a diagonal entry of H that a pivot must keep
inline constexpr double kCancelled = 1e-6;  // share of a row's squares below which the errors are computed one by one
inline constexpr double kJitter = 1e-12;    // of the mean diagonal entry, added to a singular H: the shortest solution
inline constexpr int kDescents = 200;       // passes of coordinate descent at most
inline constexpr double kSettled = 1e-12;   // share of |x| that a pass changes when it is done
inline constexpr std::size_t kFetched = 1 << 18;  // bytes of a row that are fetched while the one before is solved

// Observations of one row of A, and the row of X that is wanted.
struct RidgeRow {
  const Index* columns;
  std::size_t count, reach;  // `columns` may be read as far as `reach`
  const double* values;
  const double* weights;  // or null
  double ridge;
  double* x;
};

// What all rows share: V, offsets of its rows or null, and what the diagonal of every H gets beside a ridge, or
// nothing.
struct RidgeSide {
  const Features& V;
  const double* offsets;
  ConstVector base;
  double diagonal(std::size_t c, double ridge) const { return (base.empty() ? 0 : base[c]) + ridge; }
};

// One row at a time: its observations y, the rows of V that they belong to, and vectors of `width` entries, of which
// those from the rank on are zero.
class Solver {
 public:
  Solver(std::size_t rank)
      : rank_(rank),
        width_((rank + kGatherWidth - 1) / kGatherWidth * kGatherWidth),
        vectors_(Buffer<double>::zeros(8 * width_)),
        normal_((width_ + 1) * width_) {}

  const double* base() const { return base_; }
  double* diagonal() { return vector(1); }
  const double* residual() const { return r_; }  // r of begin

  void gather(const RidgeSide& side, const RidgeRow& row) {
    const auto& [V, offsets, shared] = side;
    const auto& [columns, s, reach, values, weights, ridge, x] = row;
    for (std::size_t c = 0; c < rank_; c++) base_[c] = side.diagonal(c, ridge);
    count_ = (s + 3) / 4 * 4;
    if (y_.size() < count_) {
      y_ = Buffer<double>(2 * count_);
      roots_ = Buffer<double>(2 * count_);
    }
    if (v_.size() < count_ * width_) v_ = Buffer<double>(2 * count_ * width_);
    weight_ = weights == nullptr ? static_cast<double>(s) : 0;
    for (std::size_t e = 0; e < s; e++) {
      const std::size_t j = std::min<std::size_t>(static_cast<std::uint32_t>(columns[e]), V.last);
      y_[e] = values[e] - (offsets == nullptr ? 0 : offsets[j]);
      if (weights == nullptr) continue;
      weight_ += weights[e];
      roots_[e] = std::sqrt(weights[e]);
      y_[e] *= roots_[e];
    }
    for (std::size_t e = s; e < count_; e++) y_[e] = 0;
    const double* const roots = weights == nullptr ? nullptr : roots_.data();
    const auto last = static_cast<std::uint32_t>(V.last);
    if (V.singles == nullptr)
      tiles().gather_rows(V.doubles, V.length, width_, columns, s, reach, last, roots, v_.data());
    else
      tiles().gather_single_rows(V.singles, V.length, width_, columns, s, reach, last, roots, v_.data());
    const std::size_t bytes = s * V.row_bytes();
    const std::size_t fetched = bytes <= kFetched ? std::min(s, reach - s) : 0;
    ahead_ = {V.rows(), V.row_bytes(), columns + s, fetched};
  }
  double weight() const { return weight_; }

  // x is taken in, and r = V^T (y - V x) - B x; returns |y - V x|^2 + x . B x
  double begin(const double* x) {
    if (x != x_) std::copy_n(x, rank_, x_);
    double value = 0;
    for (std::size_t c = 0; c < rank_; c++) {
      r_[c] = -base_[c] * x_[c];
      value -= r_[c] * x_[c];
    }
    return value + tiles().gathered(v_.data(), count_, width_, x_, y_.data(), r_, nullptr);
  }

  // x is handed back; returns x . B x
  double end(double* x) const {
    double value = 0;
    for (std::size_t c = 0; c < rank_; c++) value += base_[c] * x_[c] * x_[c];
    std::copy_n(x_, rank_, x);
    return value;
  }

  // Preconditioned conjugate gradients; returns by how much the quadratic has fallen.
  double by_cg(int steps) {
    double* const d = diagonal();
    double *const p = vector(4), *const q = vector(5), most = *std::max_element(d, d + rank_), fallen = 0, rz = 0;
    for (std::size_t c = 0; c < rank_; c++) {
      d[c] = d[c] > kLeast * most ? 1 / d[c] : 0;
      p[c] = d[c] * r_[c];
      rz += p[c] * r_[c];
    }
    for (int step = 0; step < steps && rz > 0; step++) {
      for (std::size_t c = 0; c < width_; c++) q[c] = base_[c] * p[c];
      tiles().gathered(v_.data(), count_, width_, p, nullptr, q, step + 1 == steps ? &ahead_ : nullptr);
      double curvature = 0, next = 0;
      for (std::size_t c = 0; c < rank_; c++) curvature += p[c] * q[c];
      if (!(curvature > 0)) break;
      const double alpha = rz / curvature;
      fallen += alpha * rz;
      for (std::size_t c = 0; c < rank_; c++) {
        x_[c] += alpha * p[c];
        r_[c] -= alpha * q[c];
        next += d[c] * r_[c] * r_[c];
      }
      const double beta = next / rz;
      for (std::size_t c = 0; c < rank_; c++) p[c] = d[c] * r_[c] + beta * p[c];
      rz = next;
    }
    return fallen;
  }

  // By Cholesky's factors; a singular H gets a little on its diagonal.
  double exactly(bool singular) {
    double *const H = normal_.data(), *const kept = vector(4), *const step = vector(5);
    form();
    double trace = 0;
    for (std::size_t c = 0; c < rank_; c++) trace += kept[c] = H[c * width_ + c];
    const double least = kJitter * trace / static_cast<double>(rank_);
    if (!(least > 0 && std::isfinite(trace))) return 0;
    for (double jitter = singular ? least : 0;; jitter = std::max(100 * jitter, least)) {
      for (std::size_t c = 0; c < rank_; c++) H[c * width_ + c] += jitter;
      bool regular = tiles().factor_block(H, width_, rank_) < 0;
      for (std::size_t c = 0; regular && c < rank_; c++)
        regular = H[c * width_ + c] * H[c * width_ + c] > kSingular * (kept[c] + jitter);
      if (regular) break;
      form();
    }
    std::copy_n(r_, rank_, step);
    tiles().factor_solve(H, width_, rank_, step);
    double fallen = 0;
    for (std::size_t c = 0; c < rank_; c++) {
      x_[c] += step[c];
      fallen += step[c] * r_[c];
    }
    return fallen;
  }

  // The row that was gathered, solved exactly; returns the squares of its errors.
  double solve(const RidgeRow& row, bool singular) {
    const double before = begin(row.x);
    double value = before - exactly(singular);
    if (!(value > kCancelled * before)) value = begin(x_);
    return std::max(0.0, value - end(row.x));
  }

  // Coordinate descent over x >= 0.
  double by_descent() {
    double* const H = normal_.data();
    form();
    for (std::size_t a = 0; a < rank_; a++)
      for (std::size_t b = 0; b < a; b++) H[b * width_ + a] = H[a * width_ + b];
    double fallen = 0;
    for (int pass = 0; pass < kDescents; pass++) {
      double moved = 0, size = 0;
      for (std::size_t c = 0; c < rank_; c++) {
        const double curvature = H[c * width_ + c];
        if (!(curvature > 0)) continue;
        const double by = std::max(-x_[c], r_[c] / curvature);
        fallen += by * (2 * r_[c] - by * curvature);
        x_[c] += by;
        for (std::size_t a = 0; a < rank_; a++) r_[a] -= by * H[c * width_ + a];
        moved = std::max(moved, std::abs(by));
        size = std::max(size, x_[c]);
      }
      if (!(moved > kSettled * size)) break;
    }
    return fallen;
  }

 private:
  double* vector(std::size_t which) { return vectors_.data() + which * width_; }

  void form() {
    std::fill(normal_.begin(), normal_.begin() + width_ * width_, 0.0);
    tiles().gathered_gram(v_.data(), count_, width_, normal_.data());
    for (std::size_t c = 0; c < rank_; c++) normal_[c * width_ + c] += base_[c];
  }

  std::size_t rank_, width_, count_ = 0;
  RawAhead ahead_{};
  double weight_ = 0;
  Buffer<double> vectors_, normal_, v_, y_, roots_;
  double* const base_ = vector(0);
  double* const x_ = vector(2);
  double* const r_ = vector(3);
};

}  // namespace krylov

#pragma once
#include "completion/row_solver.hpp"

namespace krylov {

inline constexpr double kSafe = 1e-6;  // share of a diagonal entry of H that a pivot keeps where one solve is enough

// Rows solved exactly, eight at a time, where there are few columns: sums straight from the rows of V, and the factors
// of all side by side. The errors that a row leaves come with its solution, as sum w y^2 - x . c; where little is left
// of that, or H is near singular, from its residual, by which the solution is corrected once.
class RidgeBatch {
 public:
  RidgeBatch(std::size_t rank, const RidgeSide& side)
      : rank_(rank),
        width_(side.V.length),
        side_(side),
        solver_(rank),
        sums_(Buffer<double>::zeros((width_ + 1) * width_)),
        lanes_(Buffer<double>::zeros((rank * (rank + 1) / 2 + 3 * rank + 1) * kRidgeBatch)) {}

  // Squares of the errors of rows that have been solved meanwhile.
  double add(const RidgeRow& row) {
    const Features& V = side_.V;
    const double* y = row.values;
    if (side_.offsets != nullptr) {
      if (y_.size() < row.count) y_ = Buffer<double>(2 * row.count);
      for (std::size_t e = 0; e < row.count; e++)
        y_[e] = y[e] - side_.offsets[std::min<std::size_t>(static_cast<std::uint32_t>(row.columns[e]), V.last)];
      y = y_.data();
    }
    const auto last = static_cast<std::uint32_t>(V.last);
    const auto sums = [&](auto kernel, const auto* features) {
      return kernel(features, rank_, row.columns, row.count, row.reach, last, y, row.weights, sums_.data());
    };
    square_[used_] =
        V.singles == nullptr ? sums(tiles().ridge_sums, V.doubles) : sums(tiles().ridge_single_sums, V.singles);
    double* to = h_ + used_;
    for (std::size_t a = 0; a < rank_; a++) {
      for (std::size_t b = 0; b < a; b++, to += kRidgeBatch) *to = sums_[a * width_ + b];
      *to = sums_[a * width_ + a] + side_.diagonal(a, row.ridge);
      to += kRidgeBatch;
    }
    for (std::size_t c = 0; c < rank_; c++)
      x_[c * kRidgeBatch + used_] = right_[c * kRidgeBatch + used_] = sums_[ridge_last(rank_) * width_ + c];
    rows_[used_++] = row;
    return used_ == kRidgeBatch ? finish() : 0;
  }

  // The same of those that were left.
  double finish() {
    for (std::size_t lane = used_; used_ > 0 && lane < kRidgeBatch; lane++)
      for (double* at = h_; at < right_; at += kRidgeBatch) at[lane] = at[0];
    if (used_ > 0) tiles().ridge_factor(h_, rank_, least_);
    if (used_ > 0) tiles().ridge_solve(h_, rank_, x_);
    bool again = false;
    for (std::size_t lane = 0; lane < used_; lane++) {
      double left = square_[lane];
      for (std::size_t at = lane; at < rank_ * kRidgeBatch; at += kRidgeBatch) left -= x_[at] * right_[at];
      corrected_[lane] = !(left > kCancelled * square_[lane]) || !(least_[lane] > kSafe);
      square_[lane] = corrected_[lane] && least_[lane] > kSingular ? residual(lane) : left;
      again |= corrected_[lane];
    }
    std::copy_n(right_, rank_ * kRidgeBatch, step_);
    if (again) tiles().ridge_solve(h_, rank_, step_);
    double sum = 0;
    for (std::size_t lane = 0; lane < used_; lane++) sum += least_[lane] > kSingular ? solved(lane) : singular(lane);
    used_ = 0;
    return sum;
  }

 private:
  // The right side of a lane becomes its residual; returns |y - V x|^2 + x . B x.
  double residual(std::size_t lane) {
    solver_.gather(side_, rows_[lane]);
    double x[kRidgeColumns];
    for (std::size_t c = 0; c < rank_; c++) x[c] = x_[c * kRidgeBatch + lane];
    const double value = solver_.begin(x);
    for (std::size_t c = 0; c < rank_; c++) right_[c * kRidgeBatch + lane] = solver_.residual()[c];
    return value;
  }

  double solved(std::size_t lane) {
    const RidgeRow& row = rows_[lane];
    double left = square_[lane];
    for (std::size_t c = 0, at = lane; c < rank_; c++, at += kRidgeBatch) {
      row.x[c] = x_[at];
      if (corrected_[lane]) {
        row.x[c] += step_[at];
        left -= step_[at] * right_[at];
      }
      left -= side_.diagonal(c, row.ridge) * row.x[c] * row.x[c];
    }
    return std::max(0.0, left);
  }

  // By itself, from what the row was.
  double singular(std::size_t lane) {
    solver_.gather(side_, rows_[lane]);
    return solver_.solve(rows_[lane], false);
  }

  std::size_t rank_, width_, used_ = 0;
  const RidgeSide& side_;
  Solver solver_;
  Buffer<double> sums_, lanes_, y_;
  // entry by entry, those of the rows side by side
  double *const h_ = lanes_.data(), *const right_ = h_ + rank_ * (rank_ + 1) / 2 * kRidgeBatch,
                *const x_ = right_ + rank_ * kRidgeBatch, *const step_ = x_ + rank_ * kRidgeBatch,
                *const least_ = step_ + rank_ * kRidgeBatch;
  RidgeRow rows_[kRidgeBatch];
  double square_[kRidgeBatch];
  bool corrected_[kRidgeBatch];
};

}  // namespace krylov

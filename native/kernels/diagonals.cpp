#include "kernels/diagonals.hpp"

#include <algorithm>
#include <cmath>

namespace krylov {

namespace {

constexpr std::size_t kRowsPerPoll = 1 << 20;  // rows solved between polls: 1 to 3 ms
constexpr std::size_t kParallel = 1 << 15;     // rows below which one thread is faster than two
constexpr std::size_t kAhead = 256;  // rows fetched ahead within a long span; in short ones, the next period's
constexpr Index kMostOffsets = 16;

void need(bool fits) {
  if (!fits) throw Misuse("ERR_SHAPE", "the factor's plan does not describe its diagonals");
}

std::vector<Index> copy(ConstIndices list) { return {list.begin(), list.end()}; }

// Segments ascend from 0 to n, and none of them reads outside the vectors.
void check_segments(const std::vector<Index>& starts, const std::vector<Index>& masks,
                    const std::vector<Index>& offsets, Index n, bool up) {
  need(starts.size() == masks.size() + 1 && starts.front() == 0 && starts.back() == n);
  for (std::size_t s = 0; s < masks.size(); s++) {
    need(starts[s] < starts[s + 1] && masks[s] >= 0 && masks[s] < Index{1} << offsets.size());
    for (std::size_t d = 0; d < offsets.size(); d++)
      need(!(masks[s] >> d & 1) || (up ? starts[s] >= offsets[d] : starts[s + 1] <= n - offsets[d]));
  }
}

std::size_t segment_of(const std::vector<Index>& starts, std::size_t row) {
  return std::upper_bound(starts.begin(), starts.end(), static_cast<Index>(row)) - starts.begin() - 1;
}

}  // namespace

DiagonalSolve::DiagonalSolve(const Diagonals& factor) : DiagonalSolve(factor.plan, factor.values, factor.single) {}

DiagonalSolve::DiagonalSolve(const DiagonalPlan& plan, ConstVector values, ConstFloats single)
    : n_(std::max(plan.rows, 0)),
      period_(std::max(plan.period, 1)),
      group_(std::max(plan.group, 1)),
      lanes_(plan.cuts.size() - (plan.cuts.empty() ? 0 : 1)),
      periods_((n_ + period_ - 1) / period_),
      steps_((periods_ + group_ - 1) / group_),
      offsets_(copy(plan.offsets)),
      cuts_(copy(plan.cuts)),
      needs_(copy(plan.needs)),
      forward_starts_(copy(plan.forward_starts)),
      forward_masks_(copy(plan.forward_masks)),
      backward_starts_(copy(plan.backward_starts)),
      backward_masks_(copy(plan.backward_masks)),
      dots_(steps_ * lanes_) {
  const std::size_t count = offsets_.size(), length = n_ > 0 ? (count + 1) * n_ + 1 : 0;
  need(n_ > 0 && plan.rows >= 1 && plan.period >= 1 && plan.group >= 1 && count <= kMostOffsets);
  need(single.empty() ? values.size() == length : values.empty() && single.size() == length);
  for (std::size_t d = 0; d < count; d++)
    need(offsets_[d] > 1 && offsets_[d] < plan.rows && (d == 0 || offsets_[d] < offsets_[d - 1]));
  need(lanes_ >= 1 && lanes_ <= Wavefront::kLanes && needs_.size() == lanes_ * lanes_);
  need(cuts_.front() == 0 && static_cast<std::size_t>(cuts_.back()) == period_);
  for (std::size_t l = 0; l < lanes_; l++) {
    need(cuts_[l] < cuts_[l + 1]);
    for (std::size_t m = 0; m < lanes_; m++)
      need(needs_[l * lanes_ + m] == Wavefront::kNone || needs_[l * lanes_ + m] >= (m > l));
  }
  check_segments(forward_starts_, forward_masks_, offsets_, plan.rows, true);
  check_segments(backward_starts_, backward_masks_, offsets_, plan.rows, false);

  // backwards everything is mirrored: what needed a row is now needed by it
  back_needs_.resize(needs_.size());
  for (std::size_t l = 0; l < lanes_; l++)
    for (std::size_t m = 0; m < lanes_; m++)
      back_needs_[(lanes_ - 1 - m) * lanes_ + lanes_ - 1 - l] = needs_[l * lanes_ + m];
  const float* const floats = single.empty() ? nullptr : single.data();
  const double* const doubles = single.empty() ? values.data() : nullptr;
  up_ = {offsets_.data(), static_cast<int>(count), n_, doubles, floats, forward_starts_.data(), forward_masks_.data()};
  down_ = up_;
  down_.starts = backward_starts_.data();
  down_.masks = backward_masks_.data();
  chain_ = doubles ? doubles + count * n_ : nullptr;
  single_chain_ = floats ? floats + count * n_ : nullptr;
}

DiagonalSpan DiagonalSolve::span(std::size_t lane, std::size_t period) const {
  DiagonalSpan s{};
  s.from = std::min(n_, period * period_ + cuts_[lane]);
  s.to = std::min(n_, period * period_ + cuts_[lane + 1]);
  s.ahead = static_cast<std::ptrdiff_t>(s.to - s.from > 2 * kAhead || lanes_ == 1 ? kAhead : period_);
  return s;
}

template <class Body>
void DiagonalSolve::waves(Control& control, const std::vector<Index>& needs, std::size_t from, std::size_t to,
                          const Body& body) {
  const std::size_t steps = std::max<std::size_t>(1, kRowsPerPoll / (period_ * group_));
  const bool alone = control.crew.threads() == 1 || n_ < kParallel || lanes_ == 1;
  for (; from < to; from += std::min(steps, to - from), control.poll()) {
    const std::size_t end = std::min(to, from + steps);
    if (alone) {
      // in double precision memory is the limit, and in order it is read best
      if (up_.single == nullptr || lanes_ == 1) {
        for (std::size_t step = from; step < end; step++)
          for (std::size_t g = 0; g < group_; g++)
            for (std::size_t lane = 0; lane < lanes_; lane++) {
              const Task task{lane, step};
              body(&task, 1, g);
            }
        continue;
      }
    }
    Crew one(1);
    Wavefront(lanes_, needs)
        .run(alone ? one : control.crew, from, end, Wavefront::kBundle, [&](const Task* tasks, int count) {
          for (std::size_t g = 0; g < group_; g++) body(tasks, count, g);
        });
  }
}

void DiagonalSolve::forward(Control& control, ConstVector r, Vector z, std::size_t from, std::size_t to) {
  forward(control, up_, r, z, from, to);
}

double DiagonalSolve::forward_half(Control& control, double share, ConstVector inverse_diagonal, ConstVector q,
                                   ConstVector t, Vector v) {
  RawDiagonals U = up_;
  U.half = t.data();
  U.inverse_diagonal = inverse_diagonal.data();
  U.share = share;
  std::fill(dots_.begin(), dots_.end(), 0.0);
  forward(control, U, q, v, 0, steps_);
  return dots();
}

double DiagonalSolve::transposed_norm(Control& control, ConstVector y) {
  const Tiles& t = tiles();
  control.crew.run(steps_, [&](std::size_t from, std::size_t to) {
    for (std::size_t step = from; step < to; step++) {
      DiagonalSpan s{};
      s.from = step * group_ * period_;
      s.to = std::min(n_, s.from + group_ * period_);
      locate_up(s);
      dots_[step] = t.diagonal_transposed_square(up_, y.data(), s);
    }
  });
  double square = 0;
  for (std::size_t step = 0; step < steps_; step++) square += dots_[step];
  control.poll();
  return std::sqrt(square);
}

double DiagonalSolve::dots() const {
  double dot = 0;
  for (const double part : dots_) dot += part;
  return dot;
}

void DiagonalSolve::locate_up(DiagonalSpan& s) const {
  s.segment = segment_of(forward_starts_, s.from);
  s.until = forward_starts_[s.segment + 1];
  s.mask = static_cast<std::uint32_t>(forward_masks_[s.segment]);
}

void DiagonalSolve::forward(Control& control, const RawDiagonals& U, ConstVector r, Vector z, std::size_t from,
                            std::size_t to) {
  const Tiles& t = tiles();
  waves(control, needs_, from, std::min(to, steps_), [&](const Task* tasks, int count, std::size_t g) {
    DiagonalSpan spans[Wavefront::kBundle];
    std::size_t at[Wavefront::kBundle];
    int live = 0;
    for (int k = 0; k < count; k++) {
      DiagonalSpan s = span(tasks[k].lane, tasks[k].step * group_ + g);
      if (s.from >= s.to) continue;
      locate_up(s);
      at[live] = tasks[k].step * lanes_ + tasks[k].lane;
      const double u = chain_ ? chain_[s.from] : single_chain_[s.from];
      s.carry = s.from > 0 && u != 0 ? z[s.from - 1] : 0;
      spans[live++] = s;
    }
    if (live > 0) t.diagonal_forward(U, r.data(), z.data(), spans, live);
    if (U.half != nullptr)
      for (int k = 0; k < live; k++) dots_[at[k]] += spans[k].dot;
  });
}

double DiagonalSolve::backward(Control& control, ConstVector inverse_diagonal, Vector z, std::size_t from,
                               std::size_t to) {
  const Tiles& t = tiles();
  to = std::min(to, steps_);
  if (from >= to) return 0;
  std::fill(dots_.begin(), dots_.end(), 0.0);
  waves(control, back_needs_, steps_ - to, steps_ - from, [&](const Task* tasks, int count, std::size_t g) {
    DiagonalSpan spans[Wavefront::kBundle];
    std::size_t at[Wavefront::kBundle];
    int live = 0;
    for (int k = 0; k < count; k++) {
      const std::size_t lane = lanes_ - 1 - tasks[k].lane, step = steps_ - 1 - tasks[k].step;
      DiagonalSpan s = span(lane, step * group_ + group_ - 1 - g);
      if (s.from >= s.to) continue;
      s.segment = segment_of(backward_starts_, s.to - 1);
      s.until = backward_starts_[s.segment];
      s.mask = static_cast<std::uint32_t>(backward_masks_[s.segment]);
      const double u = chain_ ? chain_[s.to] : single_chain_[s.to];
      s.carry = s.to < n_ && u != 0 ? z[s.to] : 0;
      at[live] = step * lanes_ + lane;
      spans[live++] = s;
    }
    if (live > 0) t.diagonal_backward(down_, inverse_diagonal.data(), z.data(), spans, live);
    for (int k = 0; k < live; k++) dots_[at[k]] += spans[k].dot;
  });
  return dots();
}

}  // namespace krylov

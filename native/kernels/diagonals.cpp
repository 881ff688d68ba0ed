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

// Runs ascend and do not overlap.
void check_runs(const std::vector<Index>& runs, Index n) {
  need(runs.size() % 2 == 0);
  Index end = 0;
  for (const Index edge : runs) {
    need(edge >= end && edge <= n);
    end = edge;
  }
}

// Entries of an ascending list up to a row.
std::size_t edges_before(const std::vector<Index>& list, std::size_t row) {
  return std::upper_bound(list.begin(), list.end(), static_cast<Index>(row)) - list.begin();
}

std::size_t segment_of(const std::vector<Index>& starts, std::size_t row) { return edges_before(starts, row) - 1; }

}  // namespace

DiagonalSolve::DiagonalSolve(const Diagonals& factor)
    : n_(std::max(factor.plan.rows, 0)),
      period_(std::max(factor.plan.period, 1)),
      group_(std::max(factor.plan.group, 1)),
      lanes_(factor.plan.cuts.size() - (factor.plan.cuts.empty() ? 0 : 1)),
      periods_((n_ + period_ - 1) / period_),
      steps_((periods_ + group_ - 1) / group_),
      offsets_(copy(factor.plan.offsets)),
      cuts_(copy(factor.plan.cuts)),
      needs_(copy(factor.plan.needs)),
      forward_starts_(copy(factor.plan.forward_starts)),
      forward_masks_(copy(factor.plan.forward_masks)),
      backward_starts_(copy(factor.plan.backward_starts)),
      backward_masks_(copy(factor.plan.backward_masks)),
      forward_runs_(copy(factor.forward_runs)),
      backward_runs_(copy(factor.backward_runs)),
      dots_(steps_ * lanes_) {
  const DiagonalPlan& plan = factor.plan;
  const ConstVector values = factor.values;
  const ConstFloats single = factor.single;
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

  check_runs(forward_runs_, plan.rows);
  check_runs(backward_runs_, plan.rows);

  // backwards everything is mirrored: what needed a row is now needed by it
  back_needs_.resize(needs_.size());
  for (std::size_t l = 0; l < lanes_; l++)
    for (std::size_t m = 0; m < lanes_; m++)
      back_needs_[(lanes_ - 1 - m) * lanes_ + lanes_ - 1 - l] = needs_[l * lanes_ + m];
  const float* const floats = single.empty() ? nullptr : single.data();
  const double* const doubles = single.empty() ? values.data() : nullptr;
  up_ = {
      offsets_.data(),      static_cast<int>(count), n_, doubles, floats, forward_starts_.data(), forward_masks_.data(),
      forward_runs_.data(), forward_runs_.size()};
  down_ = up_;
  down_.starts = backward_starts_.data();
  down_.masks = backward_masks_.data();
  down_.edges = backward_runs_.data();
  down_.edge_count = backward_runs_.size();
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
    if (alone) {  // memory is read best in order
      for (std::size_t step = from; step < end; step++)
        for (std::size_t g = 0; g < group_; g++)
          for (std::size_t lane = 0; lane < lanes_; lane++) body(Task{lane, step}, g);
    } else {
      Wavefront(lanes_, needs).run(control.crew, from, end, [&](const Task& task) {
        for (std::size_t g = 0; g < group_; g++) body(task, g);
      });
    }
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
  s.run = edges_before(forward_runs_, s.from);
  s.edge = s.run < forward_runs_.size() ? forward_runs_[s.run] : n_;
}

void DiagonalSolve::locate_down(DiagonalSpan& s) const {
  s.segment = segment_of(backward_starts_, s.to - 1);
  s.until = backward_starts_[s.segment];
  s.mask = static_cast<std::uint32_t>(backward_masks_[s.segment]);
  s.run = edges_before(backward_runs_, s.to - 1);
  s.edge = s.run > 0 ? backward_runs_[s.run - 1] : 0;
}

void DiagonalSolve::forward(Control& control, const RawDiagonals& U, ConstVector r, Vector z, std::size_t from,
                            std::size_t to) {
  const Tiles& t = tiles();
  waves(control, needs_, from, std::min(to, steps_), [&](const Task& task, std::size_t g) {
    DiagonalSpan s = span(task.lane, task.step * group_ + g);
    if (s.from >= s.to) return;
    locate_up(s);
    const double u = chain_ ? chain_[s.from] : single_chain_[s.from];
    s.carry = s.from > 0 && u != 0 ? z[s.from - 1] : 0;
    t.diagonal_forward(U, r.data(), z.data(), s);
    if (U.half != nullptr) dots_[task.step * lanes_ + task.lane] += s.dot;
  });
}

double DiagonalSolve::backward(Control& control, ConstVector inverse_diagonal, Vector z, std::size_t from,
                               std::size_t to) {
  const Tiles& t = tiles();
  to = std::min(to, steps_);
  if (from >= to) return 0;
  std::fill(dots_.begin(), dots_.end(), 0.0);
  waves(control, back_needs_, steps_ - to, steps_ - from, [&](const Task& task, std::size_t g) {
    const std::size_t lane = lanes_ - 1 - task.lane, step = steps_ - 1 - task.step;
    DiagonalSpan s = span(lane, step * group_ + group_ - 1 - g);
    if (s.from >= s.to) return;
    locate_down(s);
    const double u = chain_ ? chain_[s.to] : single_chain_[s.to];
    s.carry = s.to < n_ && u != 0 ? z[s.to] : 0;
    t.diagonal_backward(down_, inverse_diagonal.data(), z.data(), s);
    dots_[step * lanes_ + lane] += s.dot;
  });
  return dots();
}

}  // namespace krylov

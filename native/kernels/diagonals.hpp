#pragma once
#include <vector>

#include "core/control.hpp"
#include "core/plain.hpp"
#include "kernels/tiles.hpp"
#include "kernels/wavefront.hpp"

namespace krylov {

// How a triangular solve by diagonals is cut into tasks, made once per pattern: rows in periods, these in lanes at
// `cuts`, and `group` periods of one lane are a step. See src/precondition/diagonals.ts for how they are chosen.
struct DiagonalPlan {
  Index rows = 0;
  ConstIndices offsets;  // of the far diagonals, farthest first
  Index period = 1, group = 1;
  ConstIndices cuts;   // lane l holds rows cuts[l] to cuts[l + 1] of each period
  ConstIndices needs;  // see Wavefront
  ConstIndices forward_starts, forward_masks, backward_starts, backward_masks;  // see RawDiagonals
  static constexpr auto fields = std::tuple{field("rows", &DiagonalPlan::rows),
                                            field("offsets", &DiagonalPlan::offsets),
                                            field("period", &DiagonalPlan::period),
                                            field("group", &DiagonalPlan::group),
                                            field("cuts", &DiagonalPlan::cuts),
                                            field("needs", &DiagonalPlan::needs),
                                            field("forwardStarts", &DiagonalPlan::forward_starts),
                                            field("forwardMasks", &DiagonalPlan::forward_masks),
                                            field("backwardStarts", &DiagonalPlan::backward_starts),
                                            field("backwardMasks", &DiagonalPlan::backward_masks)};
};

// A factor by its diagonals: what RawDiagonals says, with values in one of the two precisions and the other empty.
// Where a grid has one material, a factor settles to the last bit some 20 lines from the boundary: `forward_runs` and
// `backward_runs` list such rows, first and end by turns, whose coefficients are then read once.
struct Diagonals {
  DiagonalPlan plan;
  ConstVector values;
  ConstFloats single;
  ConstIndices forward_runs, backward_runs;
  static constexpr auto fields = std::tuple{
      field("plan", &Diagonals::plan), field("values", &Diagonals::values), field("single", &Diagonals::single),
      field("forwardRuns", &Diagonals::forward_runs), field("backwardRuns", &Diagonals::backward_runs)};
};

// Solves (U^T D U) z = r, U unit upper triangular and kept by its diagonals: all threads, the same bits on any number.
class DiagonalSolve {
 public:
  // Throws Misuse where a plan is not one. It is copied: the arrays are in the hands of whoever holds the record.
  explicit DiagonalSolve(const Diagonals& factor);

  std::size_t rows() const { return n_; }

  std::size_t steps() const { return steps_; }
  // Steps [from, to), in ascending order.
  void forward(Control& control, ConstVector r, Vector z, std::size_t from, std::size_t to);
  // v = U^-T (q - share D t), all steps; returns q . (t + D^-1 v).
  double forward_half(Control& control, double share, ConstVector inverse_diagonal, ConstVector q, ConstVector t,
                      Vector v);
  // |U^T y|
  double transposed_norm(Control& control, ConstVector y);
  // Steps [from, to), in descending order; returns their part of r . z.
  double backward(Control& control, ConstVector inverse_diagonal, Vector z, std::size_t from, std::size_t to);

 private:
  using Task = Wavefront::Task;

  void locate_up(DiagonalSpan& s) const;
  void locate_down(DiagonalSpan& s) const;
  DiagonalSpan span(std::size_t lane, std::size_t period) const;
  void forward(Control& control, const RawDiagonals& U, ConstVector r, Vector z, std::size_t from, std::size_t to);
  double dots() const;
  template <class Body>
  void waves(Control& control, const std::vector<Index>& needs, std::size_t from, std::size_t to, const Body& body);

  std::size_t n_, period_, group_, lanes_, periods_, steps_;
  std::vector<Index> offsets_, cuts_, needs_, forward_starts_, forward_masks_, backward_starts_, backward_masks_,
      forward_runs_, backward_runs_;
  std::vector<Index> back_needs_;
  std::vector<double> dots_;
  RawDiagonals up_, down_;
  const double* chain_ = nullptr;
  const float* single_chain_ = nullptr;
};

}  // namespace krylov

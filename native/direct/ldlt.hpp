#pragma once
#include "core/control.hpp"
#include "core/csr.hpp"
#include "direct/symbolic.hpp"

namespace krylov {

// S A S = P^T L D L^T P in panels: supernode s, columns starts[s] .. starts[s + 1] - 1 of L, holds its columns one
// after the other, each as long as its list of rows, the panels of all supernodes end to end in `values`.
struct LdltFactor {
  static constexpr const char* kind = "ldlt";
  ConstIndices order, starts, row_starts, rows;
  ConstVector values;    // of L: unit lower triangular, zero above its diagonal
  ConstVector diagonal;  // of D, in the order of L
  ConstVector scale;     // of S, powers of two, in the order of A
  static constexpr auto fields =
      std::tuple{field("order", &LdltFactor::order),          field("starts", &LdltFactor::starts),
                 field("rowStarts", &LdltFactor::row_starts), field("rows", &LdltFactor::rows),
                 field("values", &LdltFactor::values),        field("diagonal", &LdltFactor::diagonal),
                 field("scale", &LdltFactor::scale)};
  void check_order(std::size_t n) const;
};

// How a factorization went.
struct PivotReport {
  Index positive = 0, negative = 0, zero = 0;  // pivots by sign; those that are zero to rounding were replaced
  double growth = 1;                           // largest entry of |L| |D| |L|^T against the largest of A, both scaled
  static constexpr auto fields =
      std::tuple{field("positive", &PivotReport::positive), field("negative", &PivotReport::negative),
                 field("zero", &PivotReport::zero), field("growth", &PivotReport::growth)};
};

// A = L D L^T on a symbolic factor of its pattern. values: panel_entries doubles, zero; diagonal and scale: n.
PivotReport ldlt_numeric(Control& control, const Csr& A, const Symbolic& symbolic, Vector values, Vector diagonal,
                         Vector scale);

// Solves with a factor, for blocks of right-hand sides: keeps a checked copy of its indices, which somebody may write
// to, and workspace.
class LdltSolve {
 public:
  LdltSolve(Control& control, const LdltFactor& factor);

  // Z = A^-1 R, both n x s, row-major; they may be the same. `absolute`: with |D|, positive definite whatever A is.
  void operator()(ConstVector r, Vector z, std::size_t s, bool absolute);

 private:
  Control& control_;
  const LdltFactor& factor_;
  Symbolic symbolic_;
  Index highest_ = 0;  // rows of the highest panel
  Vector work_;
};

}  // namespace krylov

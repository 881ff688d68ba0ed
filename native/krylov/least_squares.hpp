#pragma once
#include <array>
#include <optional>

#include "core/matrix.hpp"
#include "kernels/sweeps.hpp"
#include "krylov/stopping.hpp"

namespace krylov {

// Why a least-squares solver ended.
enum class LeastReason { converged, max_iterations, time_limit, stagnated, not_finite };
constexpr auto names_of(LeastReason) {
  return std::array{"converged", "max-iterations", "time-limit", "stagnated", "not-finite"};
}

// What the inside of a least-squares solver returns; x is filled in place.
struct LeastOutcome {
  LeastReason reason{};
  Index iterations = 0;
  double residual_norm = 0, normal_norm = 0;  // of b - A x and of A^T (b - A x) - damp^2 x, recomputed
  double matrix_norm = 0, condition = 0;      // estimates of ||A|| (Frobenius) and cond [A; damp I]
  Index products = 0;                         // with A and with its transpose
  static constexpr auto fields = std::tuple{field("reason", &LeastOutcome::reason),
                                            field("iterations", &LeastOutcome::iterations),
                                            field("residualNorm", &LeastOutcome::residual_norm),
                                            field("normalNorm", &LeastOutcome::normal_norm),
                                            field("matrixNorm", &LeastOutcome::matrix_norm),
                                            field("condition", &LeastOutcome::condition),
                                            field("products", &LeastOutcome::products)};
};

// What a step knows of where it is; `residual` includes damp x.
struct LeastNorms {
  double residual = 0, normal = 0, matrix = 0, condition = 0;
};

// Golub and Kahan's bidiagonalization of A from the left vector b (Golub and Kahan 1965): A V = U B, U and V
// orthonormal, each step one product with A and one with its transpose. Workspace: 2 (m + n).
class Bidiagonal {
 public:
  Bidiagonal(Control& control, const Matrix& A, const Matrix& At);

  double alpha = 0, beta = 0;
  Index products = 0;
  Vector u, v;

  // beta u = b, alpha v = A^T u
  void start(ConstVector b);
  // beta u = A v - alpha u, alpha v = A^T u - beta v
  void step();

  Sweeps rows, columns;  // kernels for vectors of m and of n entries

 private:
  static double normalise(Sweeps& k, Vector w);
  const Matrix &A_, &At_;
  Vector mine_, other_;
};

// Where the least-squares solvers end: at ||b - A x|| <= max(rtol ||b||, atol), or at ||A^T r|| <= rtol ||A|| ||r||, r
// the residual of the damped problem. On apparent convergence both are recomputed from x; where they do not hold the
// solver goes on, and has to claim that much more. Workspace: m + n.
class LeastWatch {
 public:
  // Throws Misuse where A, its transpose, b and x do not fit, or indices are out of range.
  LeastWatch(Control& control, Bidiagonal& basis, const Matrix& A, const Matrix& At, ConstVector b, Vector x,
             double damp, const Stopping& stopping);

  // Before iteration i: whether it is over.
  std::optional<LeastOutcome> ended(Index i, const LeastNorms& norms);
  // Ends for another reason.
  LeastOutcome stop(LeastReason reason, Index i, const LeastNorms& norms);

 private:
  void truth();
  LeastOutcome end(LeastReason reason, Index i, const LeastNorms& norms) const;

  Control& control_;
  Bidiagonal& basis_;
  const Matrix &A_, &At_;
  ConstVector b_;
  Vector x_, r_, g_;
  double damp_;
  const Stopping& stopping_;
  double size_, share_ = 1, residual_ = 0, normal_ = 0, damped_ = 0;
};

}  // namespace krylov

#pragma once
#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "core/plain.hpp"

namespace krylov {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

// Why an iterative method ended.
enum class Reason {
  converged,
  max_iterations,
  time_limit,
  stagnated,
  diverged,
  indefinite_operator,
  indefinite_preconditioner,
  breakdown,
  not_finite,
  least_squares
};
constexpr auto names_of(Reason) {
  return std::array{"converged",
                    "max-iterations",
                    "time-limit",
                    "stagnated",
                    "diverged",
                    "indefinite-operator",
                    "indefinite-preconditioner",
                    "breakdown",
                    "not-finite",
                    "least-squares"};
}

// When an iteration ends: ||b - A x|| <= max(rtol ||b||, atol), or after max_iterations.
struct Stopping {
  double rtol = 0, atol = 0;
  Index max_iterations = 0;
  bool warm = false;     // x holds a first guess; otherwise it is zero
  bool history = false;  // keep the residual norm of every iteration
  double slow = 0;       // share of the residual that kSlow iterations may leave; more ends as stagnated. 0: any

  static constexpr auto fields = std::tuple{field("rtol", &Stopping::rtol),
                                            field("atol", &Stopping::atol),
                                            field("maxIterations", &Stopping::max_iterations),
                                            field("warm", &Stopping::warm),
                                            field("history", &Stopping::history),
                                            field("slow", &Stopping::slow)};
};

// What the inside of every solver returns; x is filled in place.
struct Outcome {
  Reason reason{};
  Index iterations = 0;
  double residual_norm = 0;        // of the true residual
  Index operator_count = 0;        // products with A
  Index preconditioner_count = 0;  // applications of M
  std::vector<double> history;     // residual norms, from the first guess on
  std::vector<double> diagonal;    // of the Lanczos matrix of M^-1 A
  std::vector<double> off_diagonal;

  static constexpr auto fields = std::tuple{field("reason", &Outcome::reason),
                                            field("iterations", &Outcome::iterations),
                                            field("residualNorm", &Outcome::residual_norm),
                                            field("operator", &Outcome::operator_count),
                                            field("preconditioner", &Outcome::preconditioner_count),
                                            field("history", &Outcome::history),
                                            field("diagonal", &Outcome::diagonal),
                                            field("offDiagonal", &Outcome::off_diagonal)};
};

constexpr double kDiverged = 1e10;  // beyond this growth the iteration has left any path that ends at the solution
constexpr Index kSlow = 8;          // iterations whose contraction is looked at together
constexpr Index kCheckpoint = 64;   // iterations between copies of x: 1/64 of a vector's traffic

constexpr double kStalled = 0.999;  // a residual counts as a new smallest one below this share of the last

// Iterations without a new smallest residual after which a method has stagnated.
inline Index patience(std::size_t n) {
  return static_cast<Index>(std::max<std::size_t>(2000, std::min<std::size_t>(2 * n, 20000)));
}

}  // namespace krylov

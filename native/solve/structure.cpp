#include <algorithm>
#include <cmath>
#include <limits>

#include "core/method.hpp"
#include "sparse/examine.hpp"

namespace krylov {

namespace {

// What one pass over a square matrix says of how it can be solved.
struct Structure {
  double couplings = 0;          // entries off the diagonal that are not zero
  double zero_diagonal = 0;      // diagonal entries that are zero or not stored
  double negative_diagonal = 0;  // diagonal entries below zero, or zero in a row with couplings
  double smallest = std::numeric_limits<double>::infinity(), largest = -smallest;  // diagonal entries
  double positive = 0;   // share of the off-diagonal magnitude that is positive: 0 for an M-matrix
  double dominance = 1;  // min (a_ii - sum |a_ij|) / a_ii over rows with a positive diagonal
  double dominant = 1;   // share of the rows with a_ii >= sum |a_ij|, up to rounding
  double row_sum = 0;    // max |sum_j a_ij| / sum_j |a_ij|
  double longest = 0;    // most couplings of a row
  double profile = 0;    // entries left of the diagonal from the first of each row on,
  double squares = 0;    // and the sum of the squares of their numbers
  static constexpr auto fields = std::tuple{field("couplings", &Structure::couplings),
                                            field("zeroDiagonal", &Structure::zero_diagonal),
                                            field("negativeDiagonal", &Structure::negative_diagonal),
                                            field("smallest", &Structure::smallest),
                                            field("largest", &Structure::largest),
                                            field("positive", &Structure::positive),
                                            field("dominance", &Structure::dominance),
                                            field("dominant", &Structure::dominant),
                                            field("rowSum", &Structure::row_sum),
                                            field("longest", &Structure::longest),
                                            field("profile", &Structure::profile),
                                            field("squares", &Structure::squares)};
};

constexpr double kRounding = 1e-12;
constexpr Index kRowsPerPoll = 1 << 16;

// Signs, dominance, row sums and lengths. Traffic: 12 nnz bytes.
Structure structure(Control& control, const Csr& A) {
  const auto& [rows, columns, pointers, indices] = A.pattern;
  Structure s;
  double positive = 0, total = 0, dominant_rows = 0;
  const auto nonzeros = static_cast<Index>(A.nonzeros());
  for (Index i = 0, at = 0; i < rows; i++) {
    if (i % kRowsPerPoll == 0) control.poll();
    double diagonal = 0, above = 0, below = 0;
    Index count = 0;
    const double left = at < std::min(pointers[i + 1], nonzeros) ? std::max(0, i - indices[at]) : 0;
    s.profile += left;
    s.squares += left * left;
    for (const Index end = std::min(pointers[i + 1], nonzeros); at < end; at++) {
      const double a = A.values[at];
      if (indices[at] == i) {
        diagonal = a;
      } else {
        count += a != 0;
        above += std::max(a, 0.0);
        below -= std::min(a, 0.0);
      }
    }
    const double off = above + below;
    s.couplings += count;
    positive += above;
    total += off;
    s.longest = std::max(s.longest, static_cast<double>(count));
    s.zero_diagonal += diagonal == 0;
    s.negative_diagonal += diagonal < 0 || (diagonal == 0 && count > 0);
    s.smallest = std::min(s.smallest, diagonal);
    s.largest = std::max(s.largest, diagonal);
    const double share = diagonal > 0 ? (diagonal - off) / diagonal : -1;
    s.dominance = std::min(s.dominance, share);
    dominant_rows += share >= -kRounding;
    const double size = std::abs(diagonal) + off;
    if (size > 0) s.row_sum = std::max(s.row_sum, std::abs(diagonal + above - below) / size);
  }
  s.positive = total > 0 ? positive / total : 0;
  s.dominant = rows > 0 ? dominant_rows / rows : 1;
  return s;
}

struct Look {
  Facts facts;
  Structure structure;
  static constexpr auto fields = std::tuple{field("facts", &Look::facts), field("structure", &Look::structure)};
};

// Both passes in one call, which costs as much as a pass over a small matrix. No structure where A is not square or has
// an entry that is not finite.
Look look(Control& control, const Csr& A) {
  Look found;
  found.facts = examine(control, A);
  if (A.pattern.rows == A.pattern.columns && found.facts.not_finite < 0) found.structure = structure(control, A);
  return found;
}

const Exposed look_{expose<look>("look")};

}  // namespace
}  // namespace krylov

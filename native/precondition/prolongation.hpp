#pragma once
#include "precondition/hierarchy.hpp"

namespace krylov {

// What the two ways to make P share, and the one where T = 1 and nodes are single unknowns.

// Whether a node is smoothed: with too many strong neighbours each of them would meet all others further down.
inline bool is_smoothed(const NodeGraph& graph, Index node) {
  constexpr Index kMostNeighbours = 256;
  const Index begin = graph.pattern.row_pointers[node], end = graph.pattern.row_pointers[node + 1];
  if (end - begin <= kMostNeighbours) return true;
  Index neighbours = 0;
  for (Index k = begin; k < end; k++) neighbours += graph.strong[k];
  return neighbours <= kMostNeighbours;
}

// The diagonal with the weak couplings; the diagonal alone where little of it is left.
inline double lumped_diagonal(double diagonal, double lumped) {
  constexpr double kLeast = 0.1;
  return lumped > kLeast * diagonal ? lumped : diagonal;
}

// Factors, one per entry of A, may be none.
Prolongation scalar_prolongation(Control&, const MatrixView<double>& A, const double* diagonal, const NodeGraph&,
                                 const Index* aggregates, Index count, double omega, const Buffer<float>& factors);
Buffer<double> scalar_prolongation_values(Control&, const MatrixView<double>& A, const double* diagonal,
                                          const NodeGraph&, const Index* aggregates, const PatternView& known,
                                          double omega);

}  // namespace krylov

#include "learned/terms.hpp"

namespace krylov {

Terms::Terms(Control& control, const MatrixView<double>& A, const double* diagonal, const NodeGraph& graph,
             const Aggregates& found)
    : A_(A),
      diagonal_(diagonal),
      graph_(graph),
      found_(found),
      sizes_(found.count, 0.0),
      degree_(A.pattern.rows),
      excess_(A.pattern.rows) {
  for (const Index c : found.of)
    if (c >= 0) sizes_[c]++;
  share_out(control, A.pattern.rows, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; i++) {
      double sum = 0, degree = 0;
      for (Index k = A.pattern.row_pointers[i]; k < A.pattern.row_pointers[i + 1]; k++) {
        sum += A.values[k];
        degree += graph.strong[k];
      }
      degree_[i] = degree;
      excess_[i] = sum / diagonal[i];
    }
  });
}

}  // namespace krylov

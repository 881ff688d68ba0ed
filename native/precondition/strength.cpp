#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <vector>

#include "core/shared_out.hpp"
#include "kernels/tiles.hpp"
#include "precondition/hierarchy.hpp"
#include "precondition/lanczos.hpp"
#include "precondition/lengths.hpp"

namespace krylov {

namespace {

// Nodes of several unknowns: the pattern of blocks, and the squares of their Frobenius norms.
NodeGraph block_graph(Control& control, const MatrixView<double>& A, Index size, double threshold) {
  const PatternView& p = A.pattern;
  const Index nodes = p.rows / size;
  NodeGraph graph;
  graph.own_pattern = {nodes, nodes, Buffer<Index>(nodes + 1), {}};
  Index* const row = graph.own_pattern.row_pointers.data();
  Buffer<Index> seen(nodes), place(nodes);
  std::fill(seen.begin(), seen.end(), -1);
  row[0] = 0;
  for (Index I = 0; I < nodes; I++) {
    if (I % (1 << 14) == 0) control.poll();
    row[I + 1] = row[I];
    for (Index k = p.row_pointers[I * size]; k < p.row_pointers[(I + 1) * size]; k++) {
      const Index J = p.column_indices[k] / size;
      if (seen[J] == I) continue;
      seen[J] = I;
      row[I + 1]++;
    }
  }
  graph.own_pattern.column_indices = Buffer<Index>(row[nodes]);
  graph.own_weights = Buffer<double>::zeros(row[nodes]);
  Index* const col = graph.own_pattern.column_indices.data();
  double* const weights = graph.own_weights.data();
  Buffer<double> own(nodes);
  std::fill(seen.begin(), seen.end(), -1);
  for (Index I = 0; I < nodes; I++) {
    if (I % (1 << 14) == 0) control.poll();
    Index end = row[I];
    for (Index k = p.row_pointers[I * size]; k < p.row_pointers[(I + 1) * size]; k++) {
      const Index J = p.column_indices[k] / size;
      if (seen[J] != I) {
        seen[J] = I;
        place[J] = end;
        col[end++] = J;
      }
      weights[place[J]] += A.values[k] * A.values[k];
    }
    own[I] = seen[I] == I ? std::sqrt(weights[place[I]]) : 0;
  }
  graph.strong = Buffer<unsigned char>(row[nodes]);
  for (Index I = 0; I < nodes; I++)
    for (Index k = row[I]; k < row[I + 1]; k++)
      graph.strong[k] = col[k] != I && weights[k] > threshold * threshold * own[I] * own[col[k]];
  graph.pattern = graph.own_pattern.view();
  graph.weights = weights;
  return graph;
}

constexpr Index kLanczosSteps = 10;
constexpr double kSafety = 1.1;     // Lanczos reaches the largest eigenvalue from below
constexpr double kDominant = 2.05;  // below this the bound of the sums of rows is nearly sharp

}  // namespace

// Strength of connection of smoothed aggregation (Vanek, Mandel and Brezina 1996): a_ij^2 > theta^2 a_ii a_jj; for
// nodes of several unknowns, the same of the Frobenius norms of blocks.
NodeGraph strength(Control& control, const MatrixView<double>& A, const double* diagonal, Index block_size,
                   double threshold) {
  if (block_size > 1) return block_graph(control, A, block_size, threshold);
  const PatternView& p = A.pattern;
  NodeGraph graph;
  graph.pattern = p;
  graph.weights = A.values;
  graph.strong = Buffer<unsigned char>(p.nonzeros());
  share_out(control, p.rows, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; i++) {
      const double bound = threshold * threshold * diagonal[i];
      for (Index k = p.row_pointers[i]; k < p.row_pointers[i + 1]; k++) {
        const Index j = p.column_indices[k];
        const double a = A.values[k];
        graph.strong[k] = j != static_cast<Index>(i) && a * a > bound * diagonal[j];
      }
    }
  });
  return graph;
}

// The largest sum of a row (Gershgorin), or 10 Lanczos steps times 1.1 where those are large. D is the diagonal, or
// the sums of magnitudes of the rows (l1), where the bound is 1.
bool scaling(Control& control, const MatrixView<double>& A, bool l1, Scaling& s) {
  const PatternView& p = A.pattern;
  const std::size_t n = p.rows;
  s.diagonal = Buffer<double>(n);
  s.inverse = Buffer<double>(n);
  std::atomic<bool> positive{true};
  std::vector<double> most((n + kRowsPerPiece - 1) / kRowsPerPiece, 0);
  share_out(control, n, [&](std::size_t from, std::size_t to) {
    bool fine = true;
    double largest = 0;
    for (std::size_t i = from; i < to; i++) {
      double sum = 0, diagonal = 0;
      for (Index k = p.row_pointers[i]; k < p.row_pointers[i + 1]; k++) {
        sum += std::abs(A.values[k]);
        if (p.column_indices[k] == static_cast<Index>(i)) diagonal = A.values[k];
      }
      fine &= diagonal > 0 && diagonal < std::numeric_limits<double>::infinity();
      s.diagonal[i] = diagonal;
      s.inverse[i] = 1 / diagonal;
      largest = std::max(largest, sum / diagonal);
    }
    if (!fine) positive.store(false, std::memory_order_relaxed);
    most[from / kRowsPerPiece] = largest;
  });
  if (!positive.load()) return false;
  double largest = 0;
  for (const double one : most) largest = std::max(largest, one);
  if (largest > kDominant) {
    RawLevel<double> level{p.row_pointers, p.column_indices, A.values, static_cast<Index>(p.nonzeros()),
                           static_cast<std::uint32_t>(p.rows - 1)};
    order_by_length(control, level, n);
    const Multiply multiply = [&](ConstVector v, Vector w) {
      share_out(control, n, [&](std::size_t from, std::size_t to) {
        tiles().double_levels.product(level, false, v.data(), w.data(), from, to);
      });
    };
    Buffer<double> start(n);
    for (std::size_t i = 0; i < n; i++) {
      const double turns = static_cast<double>(i + 1) * 0.6180339887498949;
      start[i] = turns - std::floor(turns) - 0.5;
    }
    const Extremes found = lanczos(control, multiply, s.inverse, start, kLanczosSteps, kLanczosSteps);
    largest = std::min(largest, kSafety * std::abs(found.largest));
  }
  s.diagonal_bound = largest > 0 ? largest : 1;
  s.largest = s.diagonal_bound;
  if (!l1) return true;
  s.largest = 1;
  share_out(control, n, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; i++) {
      double sum = 0;
      for (Index k = p.row_pointers[i]; k < p.row_pointers[i + 1]; k++) sum += std::abs(A.values[k]);
      s.inverse[i] = 1 / sum;
    }
  });
  return true;
}

}  // namespace krylov

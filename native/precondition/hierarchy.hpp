#pragma once
#include <vector>

#include "core/buffer.hpp"
#include "core/control.hpp"
#include "precondition/kinds.hpp"

namespace krylov {

// A level of a hierarchy in the making, in double; and the views that set-up and cycle take of one.

struct PatternView {
  Index rows = 0, columns = 0;
  const Index* row_pointers = nullptr;
  const Index* column_indices = nullptr;
  std::size_t nonzeros() const { return rows > 0 ? row_pointers[rows] : 0; }
};

template <class Real>
struct MatrixView {
  PatternView pattern;
  const Real* values = nullptr;
};

struct OwnedPattern {
  Index rows = 0, columns = 0;
  Buffer<Index> row_pointers, column_indices;
  PatternView view() const { return {rows, columns, row_pointers.data(), column_indices.data()}; }
};

// Numbers per level in Amg::levels: unknowns, entries of its matrix, entries of P, nodes.
inline constexpr std::size_t kLevelFields = 4;

// The strong couplings of a level's nodes.
struct NodeGraph {
  PatternView pattern;           // of nodes
  const double* weights;         // per entry: its value, or the square of the norm of the block of values
  Buffer<unsigned char> strong;  // per entry: 1 where it couples two different nodes strongly
  OwnedPattern own_pattern;      // where nodes have several unknowns
  Buffer<double> own_weights;
};

NodeGraph strength(Control&, const MatrixView<double>& A, const double* diagonal, Index block_size, double threshold);

struct Aggregates {
  Buffer<Index> of;  // aggregate of each node; -1 where a node has no strong neighbour
  Index count = 0;
};

Aggregates aggregate(Control&, const NodeGraph&);

// The tentative prolongation T: row i holds `columns` values; none where it is one.
struct Tentative {
  Index columns = 1, block_size = 1;
  Buffer<double> values;
  Buffer<double> coarse;  // the near-null space on the coarser level, by rows
};

Tentative tentative(Control&, const Index* aggregates, Index nodes, Index count, ConstVector near, Index columns,
                    Index block_size);

// P = (I - omega D_F^-1 A_F) T: on the pattern that aggregates give it, or on a known one. Where there are factors, one
// per entry of A, each term counts so much, and rows keep their sums; that is for T = 1.
struct Prolongation {
  OwnedPattern pattern;
  Buffer<double> values;
};

Prolongation prolongation(Control&, const MatrixView<double>& A, const double* diagonal, const NodeGraph&,
                          const Index* aggregates, Index count, const Tentative&, double omega,
                          const Buffer<float>& factors);
Buffer<double> prolongation_values(Control&, const MatrixView<double>& A, const double* diagonal, const NodeGraph&,
                                   const Index* aggregates, const Tentative&, const PatternView& known, double omega);

// P^T, and where each of its values stands in P.
struct Transposed {
  OwnedPattern pattern;
  Buffer<Index> source;
};

Transposed transpose(Control&, const PatternView& P);

struct Product {
  OwnedPattern pattern;
  Buffer<double> values;
};

// R A P, R = P^T with the values that stand at `source` in P.
Product galerkin(Control&, const PatternView& R, const Index* source, const MatrixView<double>& A,
                 const MatrixView<double>& P);
Buffer<double> galerkin_values(Control&, const PatternView& R, const Index* source, const MatrixView<double>& A,
                               const MatrixView<double>& P, const PatternView& known);

// The smoother's D^-1 and bounds of the spectrum; false where the diagonal is not positive.
struct Scaling {
  Buffer<double> diagonal, inverse;
  double largest = 1;         // of D^-1 A, D the smoother's
  double diagonal_bound = 1;  // D the diagonal
};

bool scaling(Control&, const MatrixView<double>& A, bool l1, Scaling&);

}  // namespace krylov

#pragma once
#include "core/control.hpp"
#include "core/csr.hpp"

namespace krylov {

// What a pattern and an ordering say of the factor: all that does not need values.
struct Symbolic {
  ConstIndices order;       // row k of the factor is row order[k] of A
  ConstIndices starts;      // columns starts[s] .. starts[s + 1] - 1 are supernode s: they share their rows below
  ConstIndices row_starts;  // rows of supernode s: rows[row_starts[s] .. row_starts[s + 1] - 1], its own columns first
  ConstIndices rows;
  double entries = 0;        // of L, the diagonal included, without the zeros that merged supernodes store
  double panel_entries = 0;  // doubles that the panels of all supernodes take
  double stack_entries = 0;  // doubles of the largest stack of update matrices
  double flops = 0;
  static constexpr auto fields = std::tuple{field("order", &Symbolic::order),
                                            field("starts", &Symbolic::starts),
                                            field("rowStarts", &Symbolic::row_starts),
                                            field("rows", &Symbolic::rows),
                                            field("entries", &Symbolic::entries),
                                            field("panelEntries", &Symbolic::panel_entries),
                                            field("stackEntries", &Symbolic::stack_entries),
                                            field("flops", &Symbolic::flops)};

  Index count() const { return static_cast<Index>(starts.size()) - 1; }
  Index width(Index s) const { return starts[s + 1] - starts[s]; }
  Index height(Index s) const { return row_starts[s + 1] - row_starts[s]; }

  // A checked copy that nobody else can reach. Throws Misuse.
  Symbolic own(Control& control) const;
};

// Of the pattern of a symmetric matrix in this order, a permutation.
Symbolic symbolic_factor(Control& control, const Pattern& pattern, ConstIndices order);

// Which supernode each column is in.
Indices owners(Control& control, ConstIndices starts);

}  // namespace krylov

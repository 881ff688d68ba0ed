#pragma once
#include "core/csr.hpp"

namespace krylov {

constexpr Index kLanes = 8;  // rows of a slice: eight doubles fill a cache line, and two registers of AVX2

// A symmetric pattern with its rows renumbered by colour, no two rows of a colour coupled, and stored without its
// diagonal in slices of eight rows: entry e of the slice's lane l stands at offsets[s] + 8 e + l, rows that are shorter
// than the longest of their slice are padded (SELL-8; Kreutzer et al. 2014).
struct Colouring {
  ConstIndices order;    // position p holds row order[p]; -1 where a colour's last slice is padded
  ConstIndices starts;   // slices starts[c] .. starts[c + 1] - 1 are colour c
  ConstIndices offsets;  // per slice, where its entries begin, and the end
  ConstIndices columns;  // position that an entry multiplies; a padded one its own
  ConstIndices source;   // where the entry's value is in the matrix; -1 for a padded one
  static constexpr auto fields = std::tuple{field("order", &Colouring::order), field("starts", &Colouring::starts),
                                            field("offsets", &Colouring::offsets),
                                            field("columns", &Colouring::columns), field("source", &Colouring::source)};

  void check() const {
    const std::size_t slices = order.size() / kLanes;
    const bool fits = order.size() % kLanes == 0 && !starts.empty() && offsets.size() == slices + 1 &&
                      columns.size() == source.size() && source.size() % kLanes == 0;
    if (!fits) throw Misuse("ERR_SHAPE", "the arrays of a colouring must fit each other");
  }
};

}  // namespace krylov

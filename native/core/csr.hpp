#pragma once
#include <string>
#include <tuple>

#include "core/plain.hpp"

namespace krylov {

// Where a sparse matrix may be non-zero: compressed rows, columns strictly ascending in each.
struct Pattern {
  Index rows = 0;
  Index columns = 0;
  ConstIndices row_pointers;    // rows + 1 offsets
  ConstIndices column_indices;  // one per stored entry

  static constexpr auto fields =
      std::tuple{field("rows", &Pattern::rows), field("columns", &Pattern::columns),
                 field("rowPointers", &Pattern::row_pointers), field("columnIndices", &Pattern::column_indices)};

  std::size_t nonzeros() const { return column_indices.size(); }

  // Lengths agree. Whoever wrote into the arrays since they were checked is found out by check_indices.
  void check() const {
    if (rows < 0 || columns < 0 || row_pointers.size() != static_cast<std::size_t>(rows) + 1)
      throw Misuse("ERR_SHAPE", "rowPointers must be rows + 1 long");
  }

  // Every offset ascends and every column exists. Throws Misuse.
  void check_indices() const {
    check_pointers();
    check_columns(0, nonzeros());
  }

  void check_pointers() const {
    const std::size_t n = rows;
    bool bad = row_pointers[0] != 0 || static_cast<std::size_t>(row_pointers[n]) != nonzeros();
    for (std::size_t i = 0; i < n; i++) bad |= row_pointers[i] > row_pointers[i + 1];
    if (bad) throw Misuse("ERR_INDEX", "rowPointers must ascend from 0 to the number of stored entries");
  }

  // The columns of entries [from, to): by their signs, for which every processor has vectors.
  void check_columns(std::size_t from, std::size_t to) const {
    const unsigned last = static_cast<unsigned>(columns) - 1;
    unsigned signs = to > from ? static_cast<unsigned>(columns - 1) : 0;
    for (std::size_t e = from; e < to; e++) {
      const auto j = static_cast<unsigned>(column_indices[e]);
      signs |= j | (last - j);
    }
    if (signs >> 31 != 0) throw Misuse("ERR_INDEX", "columnIndices must be from 0 to columns - 1");
  }
};

// First row of diagonal block b of `blocks` equal ones.
inline Index block_start(Index rows, Index blocks, Index b) {
  return static_cast<Index>(static_cast<std::int64_t>(rows) * b / blocks);
}

// A sparse matrix: a pattern and one value per stored entry.
struct Csr {
  Pattern pattern;
  ConstVector values;

  static constexpr auto fields = std::tuple{field("pattern", &Csr::pattern), field("values", &Csr::values)};

  std::size_t rows() const { return pattern.rows; }
  std::size_t nonzeros() const { return values.size(); }

  void check() const {
    if (values.size() != pattern.nonzeros()) throw Misuse("ERR_SHAPE", "values must be as long as columnIndices");
  }
};

// A x = b with a first guess x: A is square, all are of one order, and every index of A is inside. Throws Misuse.
inline void check_system(const Csr& A, ConstVector b, ConstVector x) {
  if (A.rows() != b.size() || A.pattern.columns != A.pattern.rows || x.size() != b.size())
    throw Misuse("ERR_SHAPE", "A, b and x must have the same order");
  A.pattern.check_indices();
}

}  // namespace krylov

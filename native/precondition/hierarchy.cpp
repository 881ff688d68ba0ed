#include "precondition/hierarchy.hpp"

#include <algorithm>

namespace krylov {

namespace {

void need(bool fits) {
  if (!fits) throw Misuse("ERR_SHAPE", "option preconditioner must be a hierarchy that fits A");
}

void check_matrix(Index rows, Index columns, ConstIndices pointers, ConstIndices indices) {
  Pattern{rows, columns, pointers, indices}.check_indices();
}

}  // namespace

// Every table entry, offset and index: the arrays may come from anywhere.
void Amg::check_order(std::size_t n) const {
  const std::size_t count = levels.size() / kLevelFields;
  const std::size_t k = std::max<Index>(columns, 1);
  need(pattern.rows == pattern.columns && static_cast<std::size_t>(pattern.rows) == n && count >= 1 &&
       levels.size() == count * kLevelFields && finest.size() == pattern.nonzeros() && largest.size() == count &&
       ratios.size() == count && thresholds.size() + 1 == count && degree >= 1 && block_size >= 1 && columns >= 0 &&
       near.size() == n * columns && values.size() == column_indices.size());
  need(values.singles.empty() == finest.singles.empty() || values.size() == 0 || finest.size() == 0);
  need(inverse_diagonal.singles.empty() == finest.singles.empty() || finest.size() == 0);
  pattern.check_indices();
  std::size_t row = 0, entry = 0, unknowns = 0, nodes = 0;
  for (std::size_t l = 0; l < count; l++) {
    const auto at = [&](std::size_t level, std::size_t f) {
      const Index value = levels[level * kLevelFields + f];
      need(value >= 0);
      return static_cast<std::size_t>(value);
    };
    const std::size_t rows = at(l, 0);
    need(l > 0 || rows == n);
    unknowns += rows;
    if (l + 1 == count) {
      need(coarse.empty() || coarse.size() == rows * rows);
      break;
    }
    const std::size_t coarser = at(l + 1, 0);
    need(at(l, 3) * (l == 0 ? block_size : k) == rows && coarser % k == 0);
    for (std::size_t c = 0; c < at(l, 3); c++) {
      need(nodes + c < aggregates.size());
      const Index aggregate = aggregates[nodes + c];
      need(aggregate >= -1 && (aggregate < 0 || aggregate * k < coarser));
    }
    nodes += at(l, 3);
    const auto next = [&](std::size_t r, std::size_t wide, std::size_t entries) {
      need(row + r + 1 <= row_pointers.size() && entry + entries <= column_indices.size());
      check_matrix(static_cast<Index>(r), static_cast<Index>(wide), row_pointers.subspan(row, r + 1),
                   column_indices.subspan(entry, entries));
      row += r + 1;
      entry += entries;
    };
    next(rows, coarser, at(l, 2));
    next(coarser, rows, at(l, 2));
    next(coarser, coarser, at(l + 1, 1));
  }
  need(unknowns == inverse_diagonal.size() && row == row_pointers.size() && entry == column_indices.size() &&
       nodes == aggregates.size());
}

}  // namespace krylov

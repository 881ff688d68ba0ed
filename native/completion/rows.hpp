#pragma once
#include <algorithm>
#include <vector>

#include "core/csr.hpp"
#include "core/shared_out.hpp"

namespace krylov {

// Rows of a matrix for a team to share: pieces of about `kEntriesPerPiece` entries, the same for any number of threads.
inline constexpr std::size_t kEntriesPerPiece = 1 << 12;

inline std::vector<std::size_t> row_pieces(const Pattern& pattern) {
  std::vector<std::size_t> starts{0};
  const std::size_t rows = pattern.rows;
  std::size_t begun = 0;
  for (std::size_t i = 0; i < rows; i++) {
    const std::size_t end = static_cast<std::uint32_t>(pattern.row_pointers[i + 1]) + i;  // empty rows are work as well
    if (end - begun < kEntriesPerPiece) continue;
    starts.push_back(i + 1);
    begun = end;
  }
  if (starts.back() < rows) starts.push_back(rows);
  return starts;
}

// Runs body(from, to, piece) over the pieces on the call's threads.
template <class Body>
void each_piece(Control& control, const std::vector<std::size_t>& starts, Body&& body) {
  in_pieces(control, starts.size() - 1, 1,
            [&](std::size_t piece, std::size_t) { body(starts[piece], starts[piece + 1], piece); });
}

}  // namespace krylov

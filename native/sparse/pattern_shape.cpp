#include <algorithm>

#include "core/csr.hpp"
#include "core/method.hpp"
#include "core/slices.hpp"

namespace krylov {

namespace {

// What the choice of a storage plan counts.
struct PatternShape {
  Index runs = 0;           // maximal runs of rows with the same offsets from the diagonal
  Index changes = 0;        // rows that are not as long as the row before
  Index longest = 0;        // entries of the longest row
  Index short_entries = 0;  // entries in rows that slices hold, those shorter than 64
  Index lower = 0, upper = 0;
  static constexpr auto fields =
      std::tuple{field("runs", &PatternShape::runs),       field("changes", &PatternShape::changes),
                 field("longest", &PatternShape::longest), field("shortEntries", &PatternShape::short_entries),
                 field("lower", &PatternShape::lower),     field("upper", &PatternShape::upper)};
};

constexpr Index kRowsPerPoll = 1 << 14;

// One pass over a pattern. Traffic: 4 nnz bytes.
PatternShape pattern_shape(Control& control, const Pattern& pattern) {
  pattern.check_indices();
  const Index n = pattern.rows;
  const Index nonzeros = static_cast<Index>(pattern.nonzeros());
  const Index *const row = pattern.row_pointers.data(), *const col = pattern.column_indices.data();
  PatternShape shape;
  Index before = 0, length = -1, next = 0;  // the row before: its offset and length
  for (Index i = 0; i < n; i++) {
    if (i % kRowsPerPoll == 0) control.poll();
    // ascending and inside, since somebody may write into the pattern after the check
    const Index at = next, m = std::clamp(row[i + 1], next, nonzeros) - next;
    next += m;
    bool same = m == length;
    if (!same) shape.changes++;
    for (Index k = 0; same && k < m; k++) same = col[at + k] == col[before + k] + 1;
    if (!same) shape.runs++;
    shape.longest = std::max(shape.longest, m);
    if (m < kSliceLengths) shape.short_entries += m;
    if (m > 0) {
      shape.lower = std::max(shape.lower, i - col[at]);
      shape.upper = std::max(shape.upper, col[next - 1] - i);
    }
    before = at;
    length = m;
  }
  return shape;
}

const Exposed pattern_shape_{expose<pattern_shape>("patternShape")};

}  // namespace
}  // namespace krylov

#include "core/method.hpp"
#include "core/slices.hpp"
#include "sparse/runs_of_rows.hpp"

namespace krylov {

namespace {

// What the choice of a storage plan counts.
struct PatternShape {
  Index runs = 0;           // maximal runs of rows with the same offsets from the diagonal
  Index changes = 0;        // rows that are not as long as the row before
  Index short_entries = 0;  // entries in rows that slices hold, those shorter than 64
  Index far = 0;            // such rows with a column that is not in reach of 16 bits from the first row of a window
  static constexpr auto fields =
      std::tuple{field("runs", &PatternShape::runs), field("changes", &PatternShape::changes),
                 field("shortEntries", &PatternShape::short_entries), field("far", &PatternShape::far)};
};

// One pass over a pattern.
PatternShape pattern_shape(Control& control, const Pattern& pattern) {
  PatternShape shape;
  const Index* const columns = pattern.column_indices.data();
  each_row(control, pattern, [&](Index i, const MetRow& row) {
    shape.changes += !row.as_long;
    shape.runs += !row.same;
    if (row.length >= kSliceLengths || row.length == 0) return;
    shape.short_entries += row.length;
    shape.far += !within_reach(i, columns[row.at], columns[row.at + row.length - 1]);
  });
  return shape;
}

const Exposed pattern_shape_{expose<pattern_shape>("patternShape")};

}  // namespace
}  // namespace krylov

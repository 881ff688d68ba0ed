#pragma once

namespace krylov {

// Of a sliced matrix, see Sell. Rows are sorted by length in windows of so many rows, and those that are not shorter
// than kSliceLengths are left to the compressed rows: on a graph of a power law, rows of 16 to 63 entries took a fifth
// of a product that left them there.
constexpr int kSliceWindow = 1024;
constexpr int kSliceLengths = 64;
constexpr int kSliceRows = 8;  // that lie side by side

}  // namespace krylov

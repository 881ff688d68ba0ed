#pragma once
#include <cstdint>

namespace krylov {

// Of a sliced matrix, see Sell. Rows are sorted by length in windows of so many rows, and those that are not shorter
// than kSliceLengths are left to the compressed rows: on a graph of a power law, rows of 16 to 63 entries took a fifth
// of a product that left them there.
constexpr int kSliceWindow = 1024;
constexpr int kSliceLengths = 64;
constexpr int kSliceRows = 8;  // that lie side by side

// Whether the columns from `first` to `last` of row i are in reach of 16 bits from the first row of i's window.
constexpr bool within_reach(std::int32_t i, std::int32_t first, std::int32_t last) {
  const std::int32_t base = i - i % kSliceWindow;
  return first >= base - 32768 && last - 32767 <= base;
}

}  // namespace krylov

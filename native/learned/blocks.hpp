#pragma once
#include <array>
#include <vector>

#include "core/plain.hpp"

namespace krylov {

constexpr std::size_t kColumns = 8;  // right-hand sides of a sample, which are iterated together

// A block of kColumns vectors, by rows.
using Block = std::vector<double>;
using Sums = std::array<double, kColumns>;

inline void axpy(double a, const double* x, double* y) {
  for (std::size_t c = 0; c < kColumns; c++) y[c] += a * x[c];
}

// y += sign A x, A in compressed rows
inline void add_product(ConstIndices row_pointers, ConstIndices column_indices, ConstVector values, double sign,
                        const Block& x, Block& y) {
  for (std::size_t i = 0; i + 1 < row_pointers.size(); i++)
    for (Index k = row_pointers[i]; k < row_pointers[i + 1]; k++)
      axpy(sign * values[k], x.data() + column_indices[k] * kColumns, y.data() + i * kColumns);
}

inline Sums dots(const Block& x, const Block& y) {
  Sums sums{};
  for (std::size_t i = 0; i < x.size(); i += kColumns)
    for (std::size_t c = 0; c < kColumns; c++) sums[c] += x[i + c] * y[i + c];
  return sums;
}

// y += sign a x, column by column
inline void add_columns(const Sums& a, double sign, const Block& x, Block& y) {
  for (std::size_t i = 0; i < x.size(); i += kColumns)
    for (std::size_t c = 0; c < kColumns; c++) y[i + c] += sign * a[c] * x[i + c];
}

}  // namespace krylov

#pragma once
#include <vector>

#include "core/control.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

// A B of small matrices stored by columns; A has `rows` rows.
inline std::vector<double> product(Control& control, ConstVector A, std::size_t rows, ConstVector B) {
  const std::size_t m = A.size() / rows, columns = B.size() / m;
  std::vector<double> C(rows * columns);
  for (std::size_t j = 0; j < columns; j++, control.poll())
    for (std::size_t k = 0; k < m; k++)
      for (std::size_t i = 0; i < rows; i++) C[j * rows + i] += A[k * rows + i] * B[j * m + k];
  return C;
}

// A^T B of small matrices stored by columns; both have `rows` rows.
inline std::vector<double> transposed_product(Control& control, ConstVector A, std::size_t rows, ConstVector B) {
  const std::size_t m = A.size() / rows, columns = B.size() / rows;
  std::vector<double> C(m * columns);
  for (std::size_t j = 0; j < columns; j++, control.poll())
    for (std::size_t i = 0; i < m; i++) C[j * m + i] = tiles().dot(A.data() + i * rows, B.data() + j * rows, 0, rows);
  return C;
}

// Rows [from, to) of S, m rows.
inline std::vector<double> part(ConstVector S, std::size_t m, std::size_t from, std::size_t to) {
  std::vector<double> rows;
  for (std::size_t at = 0; at < S.size(); at += m) rows.insert(rows.end(), &S[at] + from, &S[at] + to);
  return rows;
}

}  // namespace krylov

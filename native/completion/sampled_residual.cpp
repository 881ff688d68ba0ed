#include "completion/rows.hpp"
#include "core/buffer.hpp"
#include "core/method.hpp"
#include "kernels/tiles.hpp"

namespace krylov {
namespace {

// e = y - rowOffset - columnOffset - u . v on the entries of A, which go to `errors` where it is not empty; returns
// sum w e^2. Rows are shared out by their entries; the sum is that of pieces in their order. 2 r flops for each entry.
double sampled_residual(Control& control, const Csr& A, ConstVector weights, ConstVector row_offsets,
                        ConstVector column_offsets, ConstVector U, ConstVector V, Index rank_, Vector errors) {
  const std::size_t rank = std::max<Index>(rank_, 0), rows = A.rows(), columns = A.pattern.columns;
  const auto fits = [](ConstVector list, std::size_t n) { return list.empty() || list.size() == n; };
  if (U.size() != rows * rank || V.size() != columns * rank || !fits(weights, A.nonzeros()) ||
      !fits(errors, A.nonzeros()) || !fits(row_offsets, rows) || !fits(column_offsets, columns))
    throw Misuse("ERR_SHAPE", "A, its weights and offsets, U, V and errors must fit");
  A.pattern.check_indices();
  if (rows == 0 || A.nonzeros() == 0) return 0;
  const std::vector<std::size_t> starts = row_pieces(A.pattern);
  std::vector<double> squares(starts.size());
  each_piece(control, starts, [&](std::size_t from, std::size_t to, std::size_t piece) {
    std::vector<double> products;
    double sum = 0;
    for (std::size_t i = from; i < to; i++) {
      const auto bound = [&](std::size_t row) {
        return std::min<std::size_t>(static_cast<std::uint32_t>(A.pattern.row_pointers[row]), A.nonzeros());
      };
      const std::size_t at = bound(i), end = std::max(at, bound(i + 1));
      products.resize(end - at);
      tiles().row_products_at(V.data(), rank, A.pattern.column_indices.data() + at, end - at,
                              static_cast<std::uint32_t>(columns - 1), U.data() + i * rank, products.data());
      const double offset = row_offsets.empty() ? 0 : row_offsets[i];
      for (std::size_t e = at; e < end; e++) {
        const std::size_t j =
            std::min<std::size_t>(static_cast<std::uint32_t>(A.pattern.column_indices[e]), columns - 1);
        const double error = A.values[e] - offset - (column_offsets.empty() ? 0 : column_offsets[j]) - products[e - at];
        if (!errors.empty()) errors[e] = error;
        sum += (weights.empty() ? 1 : weights[e]) * error * error;
      }
    }
    squares[piece] = sum;
  });
  double square = 0;
  for (const double part : squares) square += part;
  return square;
}

const Exposed sampled_residual_{expose<sampled_residual>("sampledResidual")};

}  // namespace
}  // namespace krylov

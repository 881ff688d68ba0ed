#pragma once
#include <algorithm>

#include "core/control.hpp"
#include "dense/blas.hpp"

// What reductions to a band are made of, by columns: products, pieces that threads share, QR factors of panels.
namespace krylov {

// C = alpha A B + beta C by columns, C m x n, on this thread.
struct ByColumns {
  const double* a;
  std::size_t ld;
  bool transposed = false;
};
inline void columns_product(double alpha, const ByColumns& A, const ByColumns& B, double beta, double* c,
                            std::size_t ldc, std::size_t m, std::size_t n, std::size_t k) {
  if (m > 0 && n > 0 && k > 0)
    multiply(alpha, {B.a, B.ld, B.transposed}, {A.a, A.ld, A.transposed}, beta, c, ldc, n, m, k);
}

// body(i, end) for pieces of [from, to) that end at multiples of a size, shared out.
template <class Body>
void for_each_piece(Control& control, std::size_t from, std::size_t to, Body&& body) {
  constexpr std::size_t kPiece = 128;
  const std::size_t first = from / kPiece;
  control.crew.run((to + kPiece - 1) / kPiece - first, [&](std::size_t at, std::size_t last) {
    for (; at < last; at++) {
      const std::size_t piece = (first + at) * kPiece;
      body(std::max(piece, from), std::min(piece + kPiece, to));
    }
  });
}

// The panel, m x b by columns, m >= b, becomes its triangle R with zeros below; I - V T V^T is the orthogonal factor.
void panel_qr(double* panel, std::size_t ld, std::size_t m, std::size_t b, double* V, double* T);

// The exponent of the largest of n entries, by which they were divided where their squares are no numbers; else 0.
int scale_to_squarable(double* a, std::size_t n);

}  // namespace krylov

#pragma once
#include <algorithm>

#include "core/buffer.hpp"
#include "dense/transpose.hpp"
#include "matfun/batch.hpp"

// Products of square matrices, n x n by rows, in pieces that depend on n alone: the same bits on any number of threads.
namespace krylov {

// Calls body(from, to) for pieces of the rows.
template <class Body>
void by_rows(Control& control, std::size_t n, Body&& body) {
  constexpr std::size_t kAlone = 96;  // rows that are not worth a second thread
  const std::size_t wanted = n <= kAlone ? 1 : (n + 2 * kAlone - 1) / (2 * kAlone) * 2;
  const std::size_t size = (n / wanted + kLine) / kLine * kLine, pieces = (n + size - 1) / size;
  control.crew.run(pieces, [&](std::size_t first, std::size_t last) {
    for (; first < last; first++) body(first * size, std::min((first + 1) * size, n));
  });
}

// C = A^T B, or with `add` C + A^T B.
inline void cross_square(Control& control, const double* A, const double* B, std::size_t n, double* C,
                         bool add = false) {
  control.poll();
  by_rows(control, n, [&](std::size_t from, std::size_t to) {
    Buffer<double> work(Products::doubles(n));
    const Products products(n, work.data());
    const Products::Rows left{A + from, n, to - from}, right{B, n, n};
    if (add)
      products.add(left, right, n, C + from * n, n);
    else
      products.cross(left, right, n, C + from * n, n);
  });
}

// The same with A for A^T. `turned`: room for A^T.
inline void multiply_square(Control& control, const double* A, const double* B, std::size_t n, double* C,
                            double* turned, bool add = false) {
  transpose(control, A, n, n, turned);
  cross_square(control, turned, B, n, C, add);
}

}  // namespace krylov

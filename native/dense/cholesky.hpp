#pragma once
#include "core/control.hpp"

namespace krylov {

// A = L L^T, n x n, row-major, in place: only the lower triangle is read, and L stands in it;
// what is above means nothing. Returns the first row
// whose pivot is not positive and finite, or -1. The same bits for any number of threads. n^3 / 3 flops.
Index cholesky_factor(Control& control, Vector a, std::size_t n);

// X = L^-T L^-1 X in place, X n x s, row-major. 2 n^2 s flops, on this thread.
void cholesky_solve(ConstVector l, std::size_t n, Vector x, std::size_t s = 1);

}  // namespace krylov

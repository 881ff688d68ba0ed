#pragma once
#include "core/control.hpp"

// Eigenvalues and singular values in two stages: a band by products, then its eigenvalues. The same bits for any number
// of threads.
namespace krylov {

// Order from which they are faster than dsytrd and dgebrd: 45 against 60 ms and 116 against 170 at 1024 on two threads,
// while at 512 dgebrd wins.
constexpr std::size_t kTwoStages = 1024;

// Eigenvalues, ascending, of a symmetric matrix, n x n, of which the triangle that is upper by rows is read and the
// whole overwritten. Returns what dsterf says. 4/3 n^3 flops.
int two_stage_eigenvalues(Control& control, double* a, std::size_t n, double* w);

// Singular values, descending, of A, m x n by columns, m >= n, which is overwritten. Likewise. 4 m n^2 - 4/3 n^3 flops.
int two_stage_singular_values(Control& control, double* a, std::size_t m, std::size_t n, double* s);

}  // namespace krylov

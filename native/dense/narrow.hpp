#pragma once
#include "core/control.hpp"
#include "dense/blas.hpp"

namespace krylov {

constexpr std::size_t kNarrowest = 32;  // columns: a library's packing of A costs more than what it saves

// Whether C = op(A) op(B), C m x n, is worth it.
constexpr bool is_narrow(std::size_t m, std::size_t n, std::size_t k) {
  return n <= kNarrowest && m >= 64 && m * k >= (1 << 14);
}

// C = alpha op(A) op(B) + beta C, C m x n by rows with few columns: A is read once, as it lies. The same bits for any
// number of threads. 2 m n k flops; workspace k times n rounded up to 8 or 16.
void narrow_product(Control& control, double alpha, const Operand& A, const Operand& B, double beta, double* c,
                    std::size_t m, std::size_t n, std::size_t k);

}  // namespace krylov

#pragma once
#include "core/control.hpp"
#include "core/error.hpp"
#include "kernels/lapack.hpp"

// Calls of OpenBLAS on matrices by rows: what is row-major here is column-major and transposed there.
namespace krylov {

// OpenBLAS, which the TypeScript half has asked for before it calls.
inline const Lapack& openblas() {
  const Lapack* const table = lapack();
  if (table == nullptr) throw Misuse("ERR_BACKEND", "there is no OpenBLAS");
  return *table;
}

inline void need_shape(bool fits, const char* what) {
  if (!fits) throw Misuse("ERR_SHAPE", what);
}

// Pieces of a product begin at multiples of all widths of OpenBLAS's kernels (4, 8, 12, 16, 24): every entry meets the
// same kernel, and so has the same bits, wherever the product is cut. None is so small that it would go to the kernels
// for small matrices.
constexpr std::size_t kPieceUnit = 48;
constexpr double kPieceWork = 8e6;  // flops

// How one side of a product is shared out: pieces of `size`, a multiple of kPieceUnit.
struct Pieces {
  std::size_t count, size;
};

inline Pieces pieces_of(const Crew& crew, std::size_t length, double flops) {
  const double most = std::min(flops / kPieceWork, static_cast<double>(length) / kPieceUnit);
  const std::size_t wanted = crew.threads() <= 1 ? 1 : static_cast<std::size_t>(2 * crew.threads());
  const std::size_t count = std::max<std::size_t>(1, std::min(wanted, static_cast<std::size_t>(most)));
  const std::size_t size = (length / count + kPieceUnit) / kPieceUnit * kPieceUnit;
  return {(length + size - 1) / size, size};
}

// A matrix by rows, or the transpose of one.
struct Operand {
  const double* a;
  std::size_t stride;
  bool transposed;

  const double* row(std::size_t i) const { return transposed ? a + i : a + i * stride; }
  const double* column(std::size_t j) const { return transposed ? a + j * stride : a + j; }
};

// C = alpha A B + beta C, C m x n by rows, on this thread.
inline void multiply(double alpha, const Operand& A, const Operand& B, double beta, double* c, std::size_t ldc,
                     std::size_t m, std::size_t n, std::size_t k) {
  const int rows = static_cast<int>(n), columns = static_cast<int>(m), inner = static_cast<int>(k);
  const int ldb = static_cast<int>(B.stride), lda = static_cast<int>(A.stride), stride = static_cast<int>(ldc);
  openblas().dgemm(B.transposed ? "T" : "N", A.transposed ? "T" : "N", &rows, &columns, &inner, &alpha, B.a, &ldb, A.a,
                   &lda, &beta, c, &stride, 1, 1);
}

// The same, shared out by rows or columns of C, whichever are more.
void product(Control& control, double alpha, const Operand& A, const Operand& B, double beta, double* c,
             std::size_t ldc, std::size_t m, std::size_t n, std::size_t k);

// X = T^-1 X or T^-T X in place: T n x n triangular, X n x s.
struct Triangle {
  const double* t;
  std::size_t n;
  bool lower, transposed, unit;
};
void solve_triangular(Control& control, const Triangle& T, double* x, std::size_t s);

}  // namespace krylov

#pragma once
#include "kernels/lapack.hpp"
#include "kernels/tiles.hpp"

namespace krylov {

// C -= A B^T for the blocks of a factorization of order n, all row-major: by OpenBLAS where n is worth loading it, else
// by our own kernel. The choice depends on n alone, so that the same call gives the same bits.
class Products {
 public:
  explicit Products(std::size_t n) : blas_(n >= kFromBlas ? lapack() : nullptr) {}

  void subtract(const double* a, std::size_t lda, const double* b, std::size_t ldb, double* c, std::size_t ldc,
                std::size_t m, std::size_t n, std::size_t k) const {
    if (blas_ == nullptr) return tiles().subtract_products(a, lda, b, ldb, c, ldc, m, n, k);
    if (k == 0) return;
    // what is row-major here is column-major and transposed there: C^T -= B A^T
    const double minus = -1, one = 1;
    const int rows = static_cast<int>(n), columns = static_cast<int>(m), inner = static_cast<int>(k);
    const int stride_b = static_cast<int>(ldb), stride_a = static_cast<int>(lda), stride_c = static_cast<int>(ldc);
    blas_->dgemm("T", "N", &rows, &columns, &inner, &minus, b, &stride_b, a, &stride_a, &one, c, &stride_c, 1, 1);
  }

 private:
  static constexpr std::size_t kFromBlas = 1024;

  const Lapack* blas_;
};

}  // namespace krylov

#pragma once
#include <cstddef>
#include <string>

namespace krylov {

// The system's OpenBLAS, loaded by the first call of lapack() and never before: loading starts a thread and takes
// 50 ms. Its thread count is set to one then, once: the threads are ours, so that bits do not depend on how many there
// are. Fortran symbols alone, since Debian's has no LAPACKE.
struct Lapack {
  using Int = int;
  using Length = std::size_t;  // of a character argument, passed last by gfortran

  void (*dgemm)(const char* transa, const char* transb, const Int* m, const Int* n, const Int* k, const double* alpha,
                const double* a, const Int* lda, const double* b, const Int* ldb, const double* beta, double* c,
                const Int* ldc, Length, Length);
  void (*dsytrf)(const char* uplo, const Int* n, double* a, const Int* lda, Int* pivots, double* work, const Int* size,
                 Int* info, Length);
};

// Null where there is no OpenBLAS, or KRYLOV_BLAS=off.
const Lapack* lapack();

struct FoundBlas {
  std::string path;     // empty: none
  std::string version;  // as its file is named; empty where that does not say
};

// Where the library lies that lapack() would load: KRYLOV_BLAS, or what stands in the usual folders. Loads nothing.
FoundBlas find_blas();

bool lapack_is_loaded();

}  // namespace krylov

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
  using Char = const char*;
  using Size = const Int*;
  using In = const double*;

  void (*dgemm)(Char transa, Char transb, Size m, Size n, Size k, In alpha, In a, Size lda, In b, Size ldb, In beta,
                double* c, Size ldc, Length, Length);
  void (*dsyrk)(Char uplo, Char trans, Size n, Size k, In alpha, In a, Size lda, In beta, double* c, Size ldc, Length,
                Length);
  void (*dtrsm)(Char side, Char uplo, Char trans, Char diagonal, Size m, Size n, In alpha, In a, Size lda, double* b,
                Size ldb, Length, Length, Length, Length);
  void (*dsytrf)(Char uplo, Size n, double* a, Size lda, Int* pivots, double* work, Size size, Int* info, Length);
  void (*dpotrf)(Char uplo, Size n, double* a, Size lda, Int* info, Length);
  void (*dgetrf)(Size m, Size n, double* a, Size lda, Int* pivots, Int* info);
  void (*dgeqrf)(Size m, Size n, double* a, Size lda, double* tau, double* work, Size size, Int* info);
  void (*dgeqp3)(Size m, Size n, double* a, Size lda, Int* pivots, double* tau, double* work, Size size, Int* info);
  void (*dorgqr)(Size m, Size n, Size k, double* a, Size lda, In tau, double* work, Size size, Int* info);
  void (*dgeqrt3)(Size m, Size n, double* a, Size lda, double* t, Size ldt, Int* info);
  void (*dtpqrt)(Size m, Size n, Size l, Size block, double* a, Size lda, double* b, Size ldb, double* t, Size ldt,
                 double* work, Int* info);
  void (*dsytrd)(Char uplo, Size n, double* a, Size lda, double* d, double* e, double* tau, double* work, Size size,
                 Int* info, Length);
  void (*dstedc)(Char compz, Size n, double* d, double* e, double* z, Size ldz, double* work, Size size, Int* iwork,
                 Size isize, Int* info, Length);
  void (*dsterf)(Size n, double* d, double* e, Int* info);
  void (*dsyevd)(Char jobz, Char uplo, Size n, double* a, Size lda, double* w, double* work, Size size, Int* iwork,
                 Size isize, Int* info, Length, Length);
  void (*dgees)(Char jobvs, Char sort, int (*select)(const double* real, const double* imaginary), Size n, double* a,
                Size lda, Int* leading, double* real, double* imaginary, double* vs, Size ldvs, double* work, Size size,
                Int* bwork, Int* info, Length, Length);
  void (*dgesdd)(Char jobz, Size m, Size n, double* a, Size lda, double* s, double* u, Size ldu, double* vt, Size ldvt,
                 double* work, Size size, Int* iwork, Int* info, Length);
  void (*dgelsd)(Size m, Size n, Size s, double* a, Size lda, double* b, Size ldb, double* singular, In rcond,
                 Int* rank, double* work, Size size, Int* iwork, Int* info);
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

// The processor whose kernels it chose; empty before it is loaded, and where it does not say.
std::string lapack_core();

}  // namespace krylov

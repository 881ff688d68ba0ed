#pragma once

// What the shim (shim.cpp, a library of its own that links SuiteSparse) offers the addon, which loads it when it is
// wanted. Plain C: the two may come from different compilers.
extern "C" {

struct KrylovCholmodReport {
  int out_of_memory;
  int failed;  // column whose pivot is not positive, or -1
  int negative;
  double entries, flops, bytes, log_determinant;
};

struct KrylovSuiteSparse {
  int abi;
  int compiled[3], loaded[3];  // versions of CHOLMOD
  // Of the lower triangle of a symmetric matrix in compressed columns. Null: no memory.
  void* (*analyze)(int n, const int* pointers, const int* indices);
  void* (*factor)(void* analysis, int n, const int* pointers, const int* indices, const double* values,
                  KrylovCholmodReport* report);
  // x: n x s, column by column, in place. False: no memory.
  bool (*solve)(void* factor, int n, int s, double* x);
  void (*destroy)(void* handle);
};

const KrylovSuiteSparse* krylov_suitesparse();
}

constexpr int kKrylovSuiteSparseAbi = 1;

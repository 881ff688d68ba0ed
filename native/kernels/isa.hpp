#pragma once

// The one header with macros: each tiles_<isa>.cpp defines KRYLOV_ISA before it includes the loops, so that the same
// text is compiled once per instruction set, into a namespace of its own, and KRYLOV_LANES, the doubles in one of its
// vector registers.
#define KRYLOV_PREFETCH(address) __builtin_prefetch(address, 0, 0)
// For functions that do nothing but prefetch: GCC 12 takes calls of them for calls without effect, and drops them.
#define KRYLOV_INLINE __attribute__((always_inline))
#define KRYLOV_SIMD_SUM(...) _Pragma(KRYLOV_TEXT(omp simd reduction(+ : __VA_ARGS__)))
#define KRYLOV_SIMD_MOST(...) _Pragma(KRYLOV_TEXT(omp simd reduction(max : __VA_ARGS__)))
#define KRYLOV_UNROLL _Pragma("GCC unroll 8")
#define KRYLOV_SIMD _Pragma("omp simd")
#define KRYLOV_TEXT(...) #__VA_ARGS__
#define KRYLOV_TEXT_OF(name) KRYLOV_TEXT(name)

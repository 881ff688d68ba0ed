#pragma once
#include <cstddef>
#include <cstdint>

namespace krylov {

// A matrix of a multigrid level; offsets and columns are clamped likewise.
template <class Real>
struct RawLevel {
  const std::int32_t* row_pointers;
  const std::int32_t* column_indices;
  const Real* values;
  std::int32_t nonzeros;
  std::uint32_t last_column;
};

// The same of a matrix with few diagonals: entry (i, i + offsets[d]) is values[d rows + i], zero where there is none.
template <class Real>
struct RawBands {
  const std::int64_t* offsets;
  const Real* values;
  std::size_t count, rows;
};

// Multigrid on levels whose numbers are doubles or singles.
template <class Real>
struct LevelTiles {
  // x = size D^-1 b
  void (*start)(const Real* inverse_diagonal, double size, const double* b, double* x, std::size_t from,
                std::size_t to);
  // next = x + momentum (x - before) + size D^-1 (b - A x); before null: zero. next may be before.
  void (*smooth)(const RawLevel<Real>&, const Real* inverse_diagonal, double momentum, double size, const double* b,
                 const double* x, const double* before, double* next, std::size_t from, std::size_t to);
  void (*residual)(const RawLevel<Real>&, const double* b, const double* x, double* r, std::size_t from,
                   std::size_t to);
  // the same on diagonals
  void (*smooth_bands)(const RawBands<Real>&, const Real* inverse_diagonal, double momentum, double size,
                       const double* b, const double* x, const double* before, double* next, std::size_t from,
                       std::size_t to);
  void (*residual_bands)(const RawBands<Real>&, const double* b, const double* x, double* r, std::size_t from,
                         std::size_t to);
  // y = A x, or y += A x
  void (*product)(const RawLevel<Real>&, bool add, const double* x, double* y, std::size_t from, std::size_t to);
};

}  // namespace krylov

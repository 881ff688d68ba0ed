#pragma once
#include <cstddef>
#include <cstdint>

namespace krylov {

inline constexpr std::size_t kStrip = 256;  // rows; their sums stay in the first cache
inline constexpr int kLengths = 24;         // rows with as many entries or more are long

// A matrix of a multigrid level; offsets and columns are clamped likewise. Rows of one length follow each other inside
// a strip: the end of a row that differs from those before it costs a wrong guess, as much as ten entries. Strip s has
// counts[kLengths s + m] rows of m entries, then its long ones; order[kStrip s ...] names them from its first row on.
template <class Real>
struct RawLevel {
  const std::int32_t* row_pointers;
  const std::int32_t* column_indices;
  const Real* values;
  std::int32_t nonzeros;
  std::uint32_t last_column;
  const std::uint16_t* counts = nullptr;
  const std::uint8_t* order = nullptr;
};

// The same of a matrix with few diagonals: entry (i, i + offsets[d]) is values[d rows + i], zero where there is none.
// Where the entries of strip s of its rows are one number, constants[d strips + s] is that, and else not a number;
// number `count` stands for the inverse diagonal.
template <class Real>
struct RawBands {
  const std::int64_t* offsets;
  const Real *values, *constants;
  std::size_t count, rows, strips;
};

// A step of a smoother: next = x + momentum (x - before) + size D^-1 (b - A x); before null: zero. next may be before.
// Where `out` is set, factor times that goes there instead.
template <class Real>
struct RawStep {
  const Real *inverse_diagonal, *b, *x, *before;
  Real momentum, size;
  Real* next;
  double* out = nullptr;
  double factor = 1;
};

// Multigrid on levels of doubles or of singles.
template <class Real>
struct LevelTiles {
  // b = factor r, x = size D^-1 b; returns the largest magnitude in r
  double (*enter)(const Real* inverse_diagonal, double factor, double size, const double* r, Real* b, Real* x,
                  std::size_t from, std::size_t to);
  // x = size D^-1 b
  void (*start)(const Real* inverse_diagonal, double size, const Real* b, Real* x, std::size_t from, std::size_t to);
  // this and what follows, but for dot: from a multiple of kStrip on, to another or the end
  void (*smooth)(const RawLevel<Real>&, const RawStep<Real>&, std::size_t from, std::size_t to);
  void (*residual)(const RawLevel<Real>&, const Real* b, const Real* x, Real* r, std::size_t from, std::size_t to);
  // the same on diagonals
  void (*smooth_bands)(const RawBands<Real>&, const RawStep<Real>&, std::size_t from, std::size_t to);
  void (*residual_bands)(const RawBands<Real>&, const Real* b, const Real* x, Real* r, std::size_t from,
                         std::size_t to);
  // y = A x, or y += A x
  void (*product)(const RawLevel<Real>&, bool add, const Real* x, Real* y, std::size_t from, std::size_t to);
  double (*dot)(const Real* x, const Real* y, std::size_t from, std::size_t to);
};

}  // namespace krylov

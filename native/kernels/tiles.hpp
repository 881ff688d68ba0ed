#pragma once
#include <cstddef>
#include <cstdint>

#include "core/slices.hpp"
#include "kernels/level_tiles.hpp"

namespace krylov {

// A sparse matrix as the loops see it. Offsets are clamped to `nonzeros` and columns to `last_column`, so that arrays
// which somebody writes to meanwhile give wrong numbers and never a wild read.
struct RawCsr {
  const std::int32_t* row_pointers;
  const std::int32_t* column_indices;
  const double* values;
  std::int32_t nonzeros;
  std::uint32_t last_column;
  std::int32_t rows;
};

// The plans as the loops see them; what does not fit the matrix is left to the compressed rows, row by row.
struct RawRuns {
  const std::int32_t *starts, *stencils, *pointers, *offsets, *at;
  const double *constants, *values;
  std::int32_t runs, stencil_count, offset_count;
  std::size_t constant_count, value_count;
};
struct RawSell {
  const std::int32_t *starts, *counts, *order, *columns;
  const std::int16_t* distances;  // in place of the columns where these are null
  const double* values;
  std::size_t rows, windows, entries;
};

struct RawMatrix {
  RawCsr csr;
  enum class Kind : std::uint8_t { csr, runs, sell } kind;
  union {
    RawRuns runs;
    RawSell sell;
  };
};

// A unit triangular factor kept by its diagonals: `count` far ones at `offsets`, farthest first, each n values by the
// row of U; then the one next to the main diagonal, n + 1 values, of which number i couples rows i - 1 and i. A value
// that U does not have is zero. `single`: the values in single precision, instead of `values`.
struct RawDiagonals {
  const std::int32_t* offsets;
  int count;
  std::size_t n;
  const double* values;
  const float* single;
  const std::int32_t* starts;  // rows from starts[s] to starts[s + 1] need the far diagonals in masks[s]
  const std::int32_t* masks;
  // rows from edges[2 k] to edges[2 k + 1] have the coefficients of the first of them
  const std::int32_t* edges = nullptr;
  std::size_t edge_count = 0;
  // where set, a forward solve is for r - share D half, and its spans sum r . (half + D^-1 solution)
  const double* half = nullptr;
  const double* inverse_diagonal = nullptr;
  double share = 0;
};

// Rows [from, to) in the course of a solve; both it and its rest shrink from the end that is solved first.
struct DiagonalSpan {
  std::size_t from, to;
  std::size_t segment, until;  // where among the starts, and where that ends
  std::uint32_t mask;
  std::size_t run, edge;  // edges at or before the row that is next, and where that changes
  std::ptrdiff_t ahead;   // rows from here to those that are fetched meanwhile
  double carry;           // the neighbour's solution, zero where it is not needed
  double dot;
};

// A sparse matrix without its diagonal in slices of eight rows: entry e of lane l of slice s stands at offsets[s] + 8 e
// + l. Clamped likewise.
struct RawSlices {
  const std::int32_t* offsets;
  const std::int32_t* columns;
  const double* values;
  std::int32_t nonzeros;
  std::uint32_t last_column;
};

// The lower triangle of a matrix, entry (i, j) at at[i] + j from the first column of row i on, behind kEnvelopePad
// zeros. Rows of a group, those from a multiple of kEnvelopeGroup on, have the same first column; those left over each
// their own. inverse: of the diagonal of the factor.
struct RawEnvelope {
  double* values;
  const std::int64_t* at;
  const std::int32_t* first;
  double* inverse;
};

// Rows columns[0], .. of a factor, each of so many bytes.
struct RawAhead {
  const char* rows;
  std::size_t bytes;
  const std::int32_t* columns;
  std::size_t count;
};

// Of a small network: terms evaluated at a time, rows of a layer computed together, and the most inputs and rows.
constexpr float kNetworkFar = 5;  // standard deviations, beyond which an input says no more
constexpr std::size_t kNetworkLanes = 32, kNetworkRows = 4, kNetworkInputs = 16, kNetworkWidth = 64;

constexpr std::size_t kEnvelopeGroup = 4, kEnvelopePad = 7;

constexpr std::size_t kBasisRows = 64;  // of a block that is read more than once: of 40 vectors 20 KB

// The innermost loops, on rows [from, to): one table per instruction set, chosen at load.
struct Tiles {
  const char* isa;

  // y[i - from] = row i of A x, the sum in the same order whatever the plan; the same for s vectors, row-major
  void (*spmv)(const RawMatrix&, const double* x, double* y, std::size_t from, std::size_t to);
  void (*spmm)(const RawMatrix&, const double* x, double* y, std::size_t s, std::size_t from, std::size_t to);

  double (*dot)(const double* x, const double* y, std::size_t from, std::size_t to);
  // sums[0] = x . y, sums[1] = y . D y; d null: D is the identity
  void (*dots)(const double* d, const double* x, const double* y, double* sums, std::size_t from, std::size_t to);
  // r = b - y on n entries, y may be r; returns r . r
  double (*difference)(const double* b, const double* y, double* r, std::size_t n);
  void (*axpy)(double a, const double* x, double* y, std::size_t from, std::size_t to);
  void (*axpby)(double a, const double* x, double b, double* y, std::size_t from, std::size_t to);
  double (*advance)(double a, const double* p, const double* q, double* x, double* r, std::size_t from, std::size_t to);
  // x += a p, r -= a q, p = D r + b p; sums[0] = r . r, sums[1] = r . D r; d null: D is the identity
  void (*advance_direction)(double a, double b, const double* d, double* p, const double* q, double* x, double* r,
                            double* sums, std::size_t from, std::size_t to);
  double (*scale)(const double* d, const double* r, double* z, std::size_t from, std::size_t to);
  // direction = a D (r - product) + b direction, out = z + direction; product: of row `from` on
  void (*chebyshev_step)(double a, double b, const double* d, const double* r, const double* product, double* direction,
                         const double* z, double* out, std::size_t from, std::size_t to);

  // blocks of s vectors, row-major, one scalar per column; `out` gets the sums of these rows
  void (*column_dots)(const double* x, const double* y, std::size_t s, double* out, std::size_t from, std::size_t to);
  void (*column_xpby)(const double* x, const double* b, double* y, std::size_t s, std::size_t from, std::size_t to);
  void (*column_advance)(const double* a, const double* p, const double* q, double* x, double* r, std::size_t s,
                         double* out, std::size_t from, std::size_t to);

  // A basis V of `count` vectors, ld entries each: out[j] = v_j . w; and w -= V h, then out[j] = v_j . w for `products`
  // of them, and w . w last.
  void (*basis_dots)(const double* V, std::size_t ld, std::size_t count, const double* w, double* out, std::size_t from,
                     std::size_t to);
  void (*basis_subtract)(const double* V, std::size_t ld, std::size_t count, const double* h, double* w,
                         std::size_t products, double* out, std::size_t from, std::size_t to);
  // sums += V^T X, of p and of q vectors, by columns
  void (*basis_products)(const double* V, std::size_t ldv, std::size_t p, const double* X, std::size_t ldx,
                         std::size_t q, double* sums, std::size_t from, std::size_t to);
  // X = V S + beta X, S by columns; sums: kBasisRows for each of them
  void (*basis_combine)(const double* V, std::size_t ld, std::size_t count, const double* S, std::size_t columns,
                        double beta, double* X, double* sums, std::size_t from, std::size_t to);

  // rows [0, count) of A, `width` <= 32 columns, lda apart, are added to those of C, ldc apart: row r to row entry / 2
  // for entries pointers[r] .. pointers[r + 1] - 1, subtracted where the entry is odd
  void (*sketch_rows)(const std::size_t* pointers, const std::uint32_t* entries, std::size_t count, const double* A,
                      std::size_t lda, std::size_t width, double* C, std::size_t ldc);

  // w = b - A x on `count` rows of a dense A with n columns, or A x where b is null, and y += A^T w; returns w . w
  double (*normal_rows)(const double* a, std::size_t n, std::size_t count, const double* x, const double* b, double* w,
                        double* y);

  // Rows columns[0], ... of V, `rank` long, one after the other with zeros up to `width`, times roots[e] where those
  // are given; then rows of zeros up to a multiple of four. columns[.. reach) may be read as well.
  void (*gather_rows)(const double* V, std::size_t rank, std::size_t width, const std::int32_t* columns,
                      std::size_t count, std::size_t reach, std::uint32_t last, const double* roots, double* out);
  void (*gather_single_rows)(const float* V, std::size_t rank, std::size_t width, const std::int32_t* columns,
                             std::size_t count, std::size_t reach, std::uint32_t last, const double* roots,
                             double* out);
  // of `count` such rows V, a multiple of four, `width` a multiple of kGatherWidth: q += V^T (V p), or V^T (y - V p)
  // where y is given; returns |y - V p|^2. Rows that will be gathered next may be fetched meanwhile.
  double (*gathered)(const double* v, std::size_t count, std::size_t width, const double* p, const double* y, double* q,
                     const RawAhead* ahead);
  // lower triangle of H += V^T V, width x width; what lies above it may be anything
  void (*gathered_gram)(const double* v, std::size_t count, std::size_t width, double* h);
  // x = (L L^T)^-1 x, L by rows
  void (*factor_solve)(const double* l, std::size_t ld, std::size_t n, double* x);
  // out[e] = x . v for rows columns[e] of V, or rows 0, 1, ... where `columns` is null
  void (*row_products_at)(const double* V, std::size_t rank, const std::int32_t* columns, std::size_t count,
                          std::uint32_t last, const double* x, double* out);
  // over rows columns[e] of V, ridge_width(rank) apart with zeros from the rank on: the lower triangle of
  // H = sum w v v^T, as far apart, and in its row ridge_last(rank) sum w y v; returns sum w y^2. Null weights are ones.
  // columns[.. reach) may be read as well: those of later rows, whose rows of V are fetched.
  double (*ridge_sums)(const double* V, std::size_t rank, const std::int32_t* columns, std::size_t count,
                       std::size_t reach, std::uint32_t last, const double* y, const double* weights, double* h);
  double (*ridge_single_sums)(const float* V, std::size_t rank, const std::int32_t* columns, std::size_t count,
                              std::size_t reach, std::uint32_t last, const double* y, const double* weights, double* h);
  // of kRidgeBatch matrices of order n <= kRidgeColumns, entry by entry side by side, lower triangles by rows: factors
  // in place; least: for each the least share of a diagonal entry that a pivot has kept
  void (*ridge_factor)(double* h, std::size_t n, double* least);
  // x = H^-1 x with those factors
  void (*ridge_solve)(const double* h, std::size_t n, double* x);
  // C += A X, C m x width, width <= packed, which is 8 or 16; X k x packed by rows, entry (i, p) of A at a[i row + p
  // step]
  void (*narrow_product)(const double* a, std::size_t row, std::size_t step, const double* x, std::size_t packed,
                         std::size_t k, double* c, std::size_t ldc, std::size_t width, std::size_t m);

  // x_i += omega u_i with u = D^-1 (b - R x) - x, R the matrix without its diagonal, rows in ascending or descending
  // order; returns u . u
  double (*relax_rows)(const RawCsr&, const double* inverse_diagonal, const double* b, double omega, double* x,
                       std::size_t from, std::size_t to);
  double (*relax_rows_backward)(const RawCsr&, const double* inverse_diagonal, const double* b, double omega, double* x,
                                std::size_t from, std::size_t to);
  // the same on slices [from, to), none of which couples with another
  double (*relax_slices)(const RawSlices&, const double* inverse_diagonal, const double* b, double omega, double* x,
                         std::size_t from, std::size_t to);

  // U^T y = z in place
  void (*forward_solve)(const RawCsr&, double* z, std::size_t n, std::size_t from, std::size_t to);
  // U z = D^-1 y in place; returns the part of y . D^-1 y
  double (*backward_solve)(const RawCsr&, const double* inverse_diagonal, double* z, std::size_t n, std::size_t from,
                           std::size_t to);

  // the same renumbered: rows [from, to) of one level, or of several in order
  void (*level_forward)(const RawCsr& lower, const std::int32_t* order, const double* r, double* y, std::size_t from,
                        std::size_t to);
  double (*level_backward)(const RawCsr& upper, const double* inverse_diagonal, const std::int32_t* order, double* y,
                           double* z, std::size_t from, std::size_t to);

  // Dense, column-major. C (m x n) minus A (m x k) diag(d) B^T (B n x k), or the negative product in its place; only
  // entries i + lower >= j are wanted, and others may be written. work: rank_work(m, n) doubles.
  void (*rank_update)(double* c, std::size_t ldc, std::size_t m, std::size_t n, const double* a, std::size_t lda,
                      const double* b, std::size_t ldb, const double* d, std::size_t k, std::size_t lower,
                      bool overwrite, double* work);
  // B = A^T of A m x n by rows, apart from it
  void (*turn)(const double* a, std::size_t lda, std::size_t m, std::size_t n, double* b, std::size_t ldb);
  // S = (A + A^T) / 2, n x n, apart from A; facts: max |a - a^T|, and max |a|, NaN where an entry is not finite
  void (*symmetrise)(const double* a, std::size_t n, double* s, double* facts);
  // Reflections I - v w^T of three neighbours, six numbers v and w each. One of three rows, columns [from, to)
  void (*reflect_rows)(double* a, std::size_t lda, const double* f, std::size_t from, std::size_t to);
  // A chain of them, the k-th of columns k, k + 1 and k + 2: row r is touched by those from k = r - first + 1 on
  void (*reflect_columns)(double* a, std::size_t lda, std::size_t rows, std::size_t first, const double* f,
                          std::size_t count);
  // L D L^T of n <= kLdlBlock columns in place, their first n rows; pivots up to `tiny` are replaced.
  // signs: counts of positive, negative, replaced pivots
  void (*ldl_diagonal)(double* p, std::size_t ld, std::size_t n, double* d, double tiny, double replacement,
                       std::int32_t* signs);
  // rows [from, to) of L below them
  void (*ldl_rows)(double* p, std::size_t ld, std::size_t n, const double* d, std::size_t from, std::size_t to);
  // y[i] -= sum over p < k of f[p] x[i + p ld], rows [from, to)
  void (*combine)(double* y, const double* x, std::size_t ld, const double* f, std::size_t k, std::size_t from,
                  std::size_t to);
  // the same by diagonals, one span
  void (*diagonal_forward)(const RawDiagonals&, const double* r, double* z, DiagonalSpan& span);
  void (*diagonal_backward)(const RawDiagonals&, const double* inverse_diagonal, double* z, DiagonalSpan& span);
  // a span's part of |U^T z|^2
  double (*diagonal_transposed_square)(const RawDiagonals&, const double* z, const DiagonalSpan&);
  // q = y + b q, t = q
  void (*eisenstat_direction)(double b, const double* y, double* q, double* t, std::size_t from, std::size_t to);
  // x += a t, y -= a share (D t + v); returns y . D^-1 y
  double (*eisenstat_advance)(double a, double share, const double* inverse_diagonal, const double* t, const double* v,
                              double* x, double* y, std::size_t from, std::size_t to);

  // dense, row-major, the rows of x ldx apart; every entry is the same sum in the same order, however it is cut up
  // C -= A B^T, C m x n, A m x k, B n x k
  void (*subtract_products)(const double* a, std::size_t lda, const double* b, std::size_t ldb, double* c,
                            std::size_t ldc, std::size_t m, std::size_t n, std::size_t k);
  // X = X L^-T, X m x n, L lower triangular
  void (*solve_rows)(const double* l, std::size_t ldl, double* x, std::size_t ldx, std::size_t m, std::size_t n);
  // lower triangle of A = L L^T in place; the first row whose pivot is not positive and finite, or -1
  std::intptr_t (*factor_block)(double* a, std::size_t lda, std::size_t n);
  // A = L L^T in its envelope in place, rows [from, to) from the lower ones, `from` a multiple of the group; likewise
  std::intptr_t (*envelope_factor)(const RawEnvelope&, std::size_t from, std::size_t to);
  // y = (L L^T)^-1 y; kEnvelopePad zeros stand before y
  void (*envelope_solve)(const RawEnvelope&, double* y, std::size_t n);

  // A = Q T Q^T of a symmetric matrix, full, its rows ld >= n + kRowPad long with zeros behind n: d and e are T's
  // diagonals, row j of A from j + 1 is the reflection j, v_j, with 1 in front. `work`: 4 ld
  void (*tridiagonalise)(double* a, std::size_t ld, std::size_t n, double* d, double* e, double* tau, double* work);
  // step k of sweep s of the chase of a band, see kTridiagonalBand; `state` takes kTridiagonalBand + 1
  void (*band_step)(double* band, std::size_t s, std::size_t k, double* state);

  // exp(reach tanh(network)) of kNetworkLanes terms; x holds feature after feature, w what pack_network made
  void (*network_factors)(const float* w, std::size_t inputs, std::size_t first, std::size_t second, float reach,
                          const float* x, float* factors);

  LevelTiles<float> single_levels;
  LevelTiles<double> double_levels;
};

constexpr std::size_t kRankDepth = 192;  // columns of A and B packed at a time: with 128 rows 192 KB, half of an L2
constexpr std::size_t kGatherWidth = 8;
constexpr std::size_t kRidgeBatch = 8, kRidgeColumns = 16;
constexpr std::size_t ridge_width(std::size_t rank) { return rank <= 8 ? 8 : 16; }
constexpr std::size_t ridge_last(std::size_t rank) { return rank <= 8 ? 8 : (rank + 1) / 2 * 2; }
constexpr std::size_t kLdlBlock = 64;
constexpr std::size_t rank_work(std::size_t m, std::size_t n) { return (m + n + 64) * kRankDepth; }

constexpr std::size_t kRowPad = 8;

// A symmetric matrix with b diagonals on either side, by columns: entry (i, j) at b + i + j kBandStride, kept for
// -b < i - j <= 2 b, of which those above the main diagonal are copies where both indices are in the same block of a
// sweep. Sweep s makes column s tridiagonal; what that fills is chased down by its steps k, over rows from
// s + 1 + k b. A step may come when step k + 1 of the last sweep is done. Zeros stand for rows from n on.
constexpr std::size_t kTridiagonalBand = 32, kBandStride = 3 * kTridiagonalBand;

const Tiles& tiles();

}  // namespace krylov

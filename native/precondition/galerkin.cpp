#include <algorithm>
#include <cmath>
#include <vector>

#include "core/shared_out.hpp"
#include "precondition/hierarchy.hpp"

namespace krylov {

namespace {

// Parts of the rows that a transposition counts apart, so that threads can fill at the same time.
constexpr std::size_t kParts = 8;

// The dense rows of one thread. A stamp is the row + 1 that an entry was last met in, so that zero pages will do.
struct DenseRows {
  Buffer<double> fine;
  Buffer<Index> met, touched;  // touched: the fine columns of this row
  Buffer<double> coarse;
  Buffer<Index> seen;

  DenseRows(Index fine_rows, Index coarse_rows)
      : fine(fine_rows),
        met(Buffer<Index>::zeros(fine_rows)),
        touched(fine_rows),
        coarse(coarse_rows),
        seen(Buffer<Index>::zeros(coarse_rows)) {}

  // Row c of R A; returns the number of its columns.
  Index multiply(Index c, const PatternView& R, const Index* source, const MatrixView<double>& A,
                 const double* transfer) {
    Index count = 0;
    const Index* const row = A.pattern.row_pointers;
    for (Index r = R.row_pointers[c]; r < R.row_pointers[c + 1]; r++) {
      const Index i = R.column_indices[r];
      const double weight = transfer[source[r]];
      for (Index a = row[i]; a < row[i + 1]; a++) {
        const Index j = A.pattern.column_indices[a];
        const double value = weight * A.values[a];
        if (met[j] == c + 1) {
          fine[j] += value;
        } else {
          met[j] = c + 1;
          fine[j] = value;
          touched[count++] = j;
        }
      }
    }
    return count;
  }
};

// The upper rows of some coarse unknowns, as one thread computed them.
struct Rows {
  std::size_t from = 0, to = 0;
  std::vector<Index> lengths;
  Buffer<Index> columns;
  Buffer<double> values;
  std::size_t end = 0;
};

// The full symmetric matrix of its upper rows: what is left of the diagonal is the mirror image.
Product mirrored(Control& control, Index n, std::vector<Rows>& parts) {
  std::sort(parts.begin(), parts.end(), [](const Rows& a, const Rows& b) { return a.from < b.from; });
  Product C;
  C.pattern = {n, n, Buffer<Index>::zeros(n + 1), {}};
  Index* const pointers = C.pattern.row_pointers.data();
  Buffer<Index> next(n);
  for (const Rows& part : parts) {
    const Index* at = part.columns.data();
    for (std::size_t c = part.from; c < part.to; c++) {
      const Index length = part.lengths[c - part.from];
      pointers[c + 1] += length;
      for (Index k = 1; k < length; k++) pointers[at[k] + 1]++;
      at += length;
    }
  }
  control.poll();
  for (Index c = 0; c < n; c++) {
    next[c] = pointers[c];
    pointers[c + 1] += pointers[c];
  }
  C.pattern.column_indices = Buffer<Index>(pointers[n]);
  C.values = Buffer<double>(pointers[n]);
  Index* const col = C.pattern.column_indices.data();
  double* const values = C.values.data();
  for (const Rows& part : parts) {
    const Index* at = part.columns.data();
    const double* value = part.values.data();
    for (std::size_t c = part.from; c < part.to; c++) {
      const Index length = part.lengths[c - part.from];
      std::copy_n(at, length, col + next[c]);
      std::copy_n(value, length, values + next[c]);
      for (Index k = 1; k < length; k++) {
        const Index to = next[at[k]]++;
        col[to] = static_cast<Index>(c);
        values[to] = value[k];
      }
      at += length;
      value += length;
    }
    control.poll();
  }
  return C;
}

}  // namespace

Transposed transpose(Control& control, const PatternView& P) {
  const std::size_t rows = P.rows, columns = P.columns;
  Transposed T;
  T.pattern = {P.columns, P.rows, Buffer<Index>(columns + 1), Buffer<Index>(P.nonzeros())};
  T.source = Buffer<Index>(P.nonzeros());
  Buffer<Index> counts = Buffer<Index>::zeros(kParts * columns);
  const auto part = [&](std::size_t p) { return rows * p / kParts; };
  control.crew.run(kParts, [&](std::size_t first, std::size_t last) {
    for (std::size_t p = first; p < last; p++) {
      Index* const own = counts.data() + p * columns;
      for (Index k = P.row_pointers[part(p)]; k < P.row_pointers[part(p + 1)]; k++) own[P.column_indices[k]]++;
    }
  });
  Index end = 0;
  for (std::size_t c = 0; c < columns; c++) {
    T.pattern.row_pointers[c] = end;
    for (std::size_t p = 0; p < kParts; p++) {
      const Index count = counts[p * columns + c];
      counts[p * columns + c] = end;
      end += count;
    }
  }
  T.pattern.row_pointers[columns] = end;
  control.poll();
  control.crew.run(kParts, [&](std::size_t first, std::size_t last) {
    for (std::size_t p = first; p < last; p++) {
      Index* const next = counts.data() + p * columns;
      for (std::size_t i = part(p); i < part(p + 1); i++)
        for (Index k = P.row_pointers[i]; k < P.row_pointers[i + 1]; k++) {
          const Index at = next[P.column_indices[k]]++;
          T.pattern.column_indices[at] = static_cast<Index>(i);
          T.source[at] = k;
        }
    }
  });
  control.poll();
  return T;
}

// Row by row, first (R A), then times P (Gustavson 1978, twice), right of the diagonal. The diagonal of a zero row
// becomes 1.
Product galerkin(Control& control, const PatternView& R, const Index* source, const MatrixView<double>& A,
                 const MatrixView<double>& P) {
  const Index n = R.rows;
  const Index* const row = P.pattern.row_pointers;
  const Index* const col = P.pattern.column_indices;
  std::vector<Rows> parts;
  std::mutex guard;
  Pool<DenseRows> pool;
  share_out(control, n, [&](std::size_t from, std::size_t to) {
    Rows out;
    out.from = from;
    out.to = to;
    out.lengths.reserve(to - from);
    out.columns.grow(8 * (to - from));
    out.values.grow(8 * (to - from));
    pool.with([&] { return DenseRows(A.pattern.rows, n); },
              [&](DenseRows& dense) {
                std::vector<Index> list;
                for (Index c = from; c < static_cast<Index>(to); c++) {
                  const Index touched = dense.multiply(c, R, source, A, P.values);
                  list.clear();
                  list.push_back(c);
                  dense.seen[c] = c + 1;
                  dense.coarse[c] = 0;
                  for (Index t = 0; t < touched; t++) {
                    const Index j = dense.touched[t];
                    const double value = dense.fine[j];
                    for (Index p = row[j]; p < row[j + 1]; p++) {
                      const Index d = col[p];
                      if (d < c) continue;
                      const double product = value * P.values[p];
                      if (dense.seen[d] == c + 1) {
                        dense.coarse[d] += product;
                      } else {
                        dense.seen[d] = c + 1;
                        dense.coarse[d] = product;
                        list.push_back(d);
                      }
                    }
                  }
                  std::sort(list.begin(), list.end());
                  if (out.end + list.size() > out.columns.size()) {
                    const std::size_t room = out.columns.size() + out.columns.size() / 2 + list.size();
                    out.columns.grow(room);
                    out.values.grow(room);
                  }
                  bool zero = true;
                  for (const Index d : list) {
                    out.columns[out.end] = d;
                    out.values[out.end++] = dense.coarse[d];
                    zero &= dense.coarse[d] == 0;
                  }
                  if (zero) out.values[out.end - list.size()] = 1;
                  out.lengths.push_back(static_cast<Index>(list.size()));
                }
              });
    const std::lock_guard lock(guard);
    parts.push_back(std::move(out));
  });
  return mirrored(control, n, parts);
}

Buffer<double> galerkin_values(Control& control, const PatternView& R, const Index* source, const MatrixView<double>& A,
                               const MatrixView<double>& P, const PatternView& known) {
  const Index n = R.rows;
  const Index* const row = P.pattern.row_pointers;
  const Index* const col = P.pattern.column_indices;
  const Index* const known_row = known.row_pointers;
  const Index* const known_col = known.column_indices;
  Buffer<double> values(known.nonzeros());
  Pool<DenseRows> pool;
  const auto upper = [&](Index c) {
    return static_cast<Index>(std::lower_bound(known_col + known_row[c], known_col + known_row[c + 1], c) - known_col);
  };
  share_out(control, n, [&](std::size_t from, std::size_t to) {
    pool.with([&] { return DenseRows(A.pattern.rows, n); },
              [&](DenseRows& dense) {
                for (Index c = from; c < static_cast<Index>(to); c++) {
                  const Index touched = dense.multiply(c, R, source, A, P.values);
                  for (Index k = upper(c); k < known_row[c + 1]; k++) dense.coarse[known_col[k]] = 0;
                  for (Index t = 0; t < touched; t++) {
                    const Index j = dense.touched[t];
                    for (Index p = row[j]; p < row[j + 1]; p++)
                      if (col[p] >= c) dense.coarse[col[p]] += dense.fine[j] * P.values[p];
                  }
                  bool zero = true;
                  for (Index k = upper(c); k < known_row[c + 1]; k++) {
                    values[k] = dense.coarse[known_col[k]];
                    zero &= values[k] == 0;
                  }
                  if (zero && upper(c) < known_row[c + 1]) values[upper(c)] = 1;
                }
              });
  });
  share_out(control, n, [&](std::size_t from, std::size_t to) {
    for (Index c = from; c < static_cast<Index>(to); c++)
      for (Index k = known_row[c]; k < known_row[c + 1] && known_col[k] < c; k++) {
        const Index d = known_col[k];
        const Index at =
            static_cast<Index>(std::lower_bound(known_col + known_row[d], known_col + known_row[d + 1], c) - known_col);
        values[k] = at < known_row[d + 1] && known_col[at] == c ? values[at] : 0;
      }
  });
  return values;
}

}  // namespace krylov

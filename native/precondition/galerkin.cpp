#include <algorithm>
#include <vector>

#include "precondition/hierarchy.hpp"
#include "precondition/row_parts.hpp"
#include "precondition/sparse_row.hpp"

namespace krylov {

namespace {

// Parts of the rows that a transposition counts apart, so that threads can fill at the same time.
constexpr std::size_t kParts = 8;

// What a thread needs for a row of R A P.
struct Scratch {
  struct Term {
    Index column;
    double value;
  };
  static constexpr Index kFew = 4;
  SparseRow fine, coarse;
  Buffer<Term> terms;
  Scratch(Index fine_rows, Index coarse_rows) : fine(fine_rows), coarse(coarse_rows) {}

  // Makes room in a row for these rows of M, which lie anywhere: all of them are on their way before the first is read.
  static void await(SparseRow& row, const MatrixView<double>& M, const Index* rows, Index count) {
    std::size_t room = 1;
    for (Index r = 0; r < count; r++) {
      const Index first = M.pattern.row_pointers[rows[r]];
      room += M.pattern.row_pointers[rows[r] + 1] - first;
      __builtin_prefetch(M.pattern.column_indices + first);
      __builtin_prefetch(M.values + first);
    }
    row.clear();
    row.expect(room);
  }

  // Row c of R A, then times P (Gustavson 1978, twice), from the diagonal on.
  void multiply(Index c, const PatternView& R, const Index* source, const MatrixView<double>& A,
                const MatrixView<double>& P) {
    const Index begin = R.row_pointers[c], end = R.row_pointers[c + 1];
    await(fine, A, R.column_indices + begin, end - begin);
    SparseRow::Adder into_fine(fine);
    for (Index r = begin; r < end; r++) {
      const Index i = R.column_indices[r], last = A.pattern.row_pointers[i + 1];
      const double weight = P.values[source[r]];
      for (Index a = A.pattern.row_pointers[i]; a < last; a++)
        into_fine.add(A.pattern.column_indices[a], weight * A.values[a]);
    }
    into_fine.done();
    await(coarse, P, fine.columns.data(), fine.count);
    if (terms.size() < coarse.columns.size() + kFew) terms = Buffer<Term>(coarse.columns.size() + kFew);
    Term* next = terms.data();
    for (Index t = 0; t < fine.count; t++) next = right_of(c, P, fine.columns[t], fine.values[t], next);
    SparseRow::Adder into_coarse(coarse);
    into_coarse.add(c, 0);
    for (const Term* term = terms.data(); term < next; term++) into_coarse.add(term->column, term->value);
    into_coarse.done();
  }

  // Appends the part of row j of P that is not left of column c. Rows are short, and how short is anybody's guess: some
  // entries are always written, and what was none is written over. P has room to be read beyond its end.
  static Term* right_of(Index c, const MatrixView<double>& P, Index j, double factor, Term* next) {
    const Index first = P.pattern.row_pointers[j], length = P.pattern.row_pointers[j + 1] - first;
    const Index* const columns = P.pattern.column_indices + first;
    const double* const values = P.values + first;
    const auto append = [&](Index k) {
      *next = {columns[k], factor * values[k]};
      next += (k < length) & (columns[k] >= c);
    };
    for (Index k = 0; k < kFew; k++) append(k);
    for (Index k = kFew; k < length; k++) append(k);
    return next;
  }
};

// The full symmetric matrix of its upper rows. What is left of the diagonal is the mirror image, which groups of rows
// count apart, so that threads can fill at the same time.
Product mirrored(Control& control, Index n, const std::vector<RowPart>& parts) {
  const auto groups = [&](auto&& body) {
    control.crew.run(kParts, [&](std::size_t first, std::size_t last) {
      for (std::size_t g = first; g < last; g++)
        for (std::size_t p = parts.size() * g / kParts; p < parts.size() * (g + 1) / kParts; p++) body(g, parts[p]);
    });
    control.poll();
  };
  Buffer<Index> mirror = Buffer<Index>::zeros(kParts * n), upper(n);
  groups([&](std::size_t g, const RowPart& part) {
    Index* const counts = mirror.data() + g * n;
    const Index* at = part.columns.data();
    for (std::size_t c = part.from; c < part.to; c++) {
      const Index length = upper[c] = part.lengths[c - part.from];
      for (Index k = 1; k < length; k++) counts[at[k]]++;
      at += length;
    }
  });
  Product C;
  C.pattern = {n, n, Buffer<Index>(n + 1), {}};
  Index end = 0;
  const auto place = [&end](Index& count) {
    const Index length = count;
    count = end;
    end += length;
  };
  for (Index c = 0; c < n; c++) {
    C.pattern.row_pointers[c] = end;
    for (std::size_t g = 0; g < kParts; g++) place(mirror[g * n + c]);
    place(upper[c]);
  }
  C.pattern.row_pointers[n] = end;
  C.pattern.column_indices = Buffer<Index>(end);
  C.values = Buffer<double>(end);
  Index* const col = C.pattern.column_indices.data();
  double* const values = C.values.data();
  groups([&](std::size_t g, const RowPart& part) {
    Index* const next = mirror.data() + g * n;
    const Index* at = part.columns.data();
    const double* value = part.values.data();
    for (std::size_t c = part.from; c < part.to; c++) {
      const Index length = part.lengths[c - part.from];
      std::copy_n(at, length, col + upper[c]);
      std::copy_n(value, length, values + upper[c]);
      for (Index k = 1; k < length; k++) {
        const Index to = next[at[k]]++;
        col[to] = static_cast<Index>(c);
        values[to] = value[k];
      }
      at += length;
      value += length;
    }
  });
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

// The upper half row by row; the diagonal of a zero row becomes 1.
Product galerkin(Control& control, const PatternView& R, const Index* source, const MatrixView<double>& A,
                 const MatrixView<double>& P) {
  const Index n = R.rows;
  Pool<Scratch> pool;
  return mirrored(control, n, parts_of(control, n, 8, [&](RowPart& part) {
                    pool.with([&] { return Scratch(A.pattern.rows, n); },
                              [&](Scratch& scratch) {
                                SparseRow& row = scratch.coarse;
                                for (std::size_t c = part.from; c < part.to; c++) {
                                  scratch.multiply(static_cast<Index>(c), R, source, A, P);
                                  row.sort();
                                  double* const values = row.values.data();
                                  if (std::all_of(values, values + row.count, [](double v) { return v == 0; }))
                                    values[0] = 1;
                                  part.append(row.columns.data(), values, row.count);
                                }
                              });
                  }));
}

Buffer<double> galerkin_values(Control& control, const PatternView& R, const Index* source, const MatrixView<double>& A,
                               const MatrixView<double>& P, const PatternView& known) {
  const Index n = R.rows;
  const Index* const known_row = known.row_pointers;
  const Index* const known_col = known.column_indices;
  Buffer<double> values(known.nonzeros());
  Pool<Scratch> pool;
  const auto upper = [&](Index c) {
    return static_cast<Index>(std::lower_bound(known_col + known_row[c], known_col + known_row[c + 1], c) - known_col);
  };
  share_out(control, n, [&](std::size_t from, std::size_t to) {
    pool.with([&] { return Scratch(A.pattern.rows, n); },
              [&](Scratch& scratch) {
                for (Index c = from; c < static_cast<Index>(to); c++) {
                  scratch.multiply(c, R, source, A, P);
                  const Index first = upper(c), end = known_row[c + 1];
                  bool zero = true;
                  for (Index k = first; k < end; k++) {
                    values[k] = scratch.coarse.at(known_col[k]);
                    zero &= values[k] == 0;
                  }
                  if (zero && first < end) values[first] = 1;
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

#include <algorithm>
#include <vector>

#include "core/shared_out.hpp"
#include "precondition/hierarchy.hpp"
#include "precondition/sparse_row.hpp"

namespace krylov {

namespace {

// Parts of the rows that a transposition counts apart, so that threads can fill at the same time.
constexpr std::size_t kParts = 8;

constexpr Index kSoon = 6;  // rows ahead that are fetched meanwhile, and their offsets twice as far: they lie anywhere

// What a thread needs for a row of R A P.
struct Scratch {
  SparseRow fine, coarse;
  Scratch(Index fine_rows, Index coarse_rows) : fine(fine_rows), coarse(coarse_rows) {}

  static void fetch(const MatrixView<double>& M, Index k) {
    __builtin_prefetch(M.pattern.column_indices + k);
    __builtin_prefetch(M.values + k);
  }

  // Row c of R A, then times P (Gustavson 1978, twice), from the diagonal on.
  void multiply(Index c, const PatternView& R, const Index* source, const MatrixView<double>& A,
                const MatrixView<double>& P) {
    fine.clear();
    const Index* const row = A.pattern.row_pointers;
    const Index last = R.row_pointers[c + 1];
    for (Index r = R.row_pointers[c]; r < last; r++) {
      if (r + 2 * kSoon < last) __builtin_prefetch(row + R.column_indices[r + 2 * kSoon]);
      if (r + kSoon < last) fetch(A, row[R.column_indices[r + kSoon]]);
      const Index i = R.column_indices[r];
      const double weight = P.values[source[r]];
      fine.expect(row[i + 1] - row[i]);
      for (Index a = row[i]; a < row[i + 1]; a++) fine.add(A.pattern.column_indices[a], weight * A.values[a]);
    }
    const Index* const wide = P.pattern.row_pointers;
    const Index* const col = P.pattern.column_indices;
    coarse.clear();
    coarse.expect(1);
    coarse.add(c, 0);
    for (Index t = 0; t < fine.count; t++) {
      if (t + 2 * kSoon < fine.count) __builtin_prefetch(wide + fine.columns[t + 2 * kSoon]);
      if (t + kSoon < fine.count) fetch(P, wide[fine.columns[t + kSoon]]);
      const Index j = fine.columns[t];
      const double value = fine.values[t];
      coarse.expect(wide[j + 1] - wide[j]);
      // columns ascend: those left of the diagonal are not even looked at
      for (Index p = wide[j + 1] - 1; p >= wide[j] && col[p] >= c; p--) coarse.add(col[p], value * P.values[p]);
    }
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

// The full symmetric matrix of its upper rows. What is left of the diagonal is the mirror image, which groups of rows
// count apart, so that threads can fill at the same time.
Product mirrored(Control& control, Index n, std::vector<Rows>& parts) {
  std::sort(parts.begin(), parts.end(), [](const Rows& a, const Rows& b) { return a.from < b.from; });
  const auto groups = [&](auto&& body) {
    control.crew.run(kParts, [&](std::size_t first, std::size_t last) {
      for (std::size_t g = first; g < last; g++)
        for (std::size_t p = parts.size() * g / kParts; p < parts.size() * (g + 1) / kParts; p++) body(g, parts[p]);
    });
    control.poll();
  };
  Buffer<Index> mirror = Buffer<Index>::zeros(kParts * n), upper(n);
  groups([&](std::size_t g, const Rows& part) {
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
  groups([&](std::size_t g, const Rows& part) {
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
  std::vector<Rows> parts;
  std::mutex guard;
  Pool<Scratch> pool;
  share_out(control, n, [&](std::size_t from, std::size_t to) {
    Rows out;
    out.from = from;
    out.to = to;
    out.lengths.reserve(to - from);
    out.columns.grow(8 * (to - from));
    out.values.grow(8 * (to - from));
    pool.with([&] { return Scratch(A.pattern.rows, n); },
              [&](Scratch& scratch) {
                SparseRow& row = scratch.coarse;
                for (Index c = from; c < static_cast<Index>(to); c++) {
                  scratch.multiply(c, R, source, A, P);
                  row.sort();
                  const std::size_t count = row.count;
                  if (out.end + count > out.columns.size()) {
                    const std::size_t room = out.columns.size() + out.columns.size() / 2 + count;
                    out.columns.grow(room);
                    out.values.grow(room);
                  }
                  const double* const values = row.values.data();
                  std::copy_n(row.columns.data(), count, out.columns.data() + out.end);
                  std::copy_n(values, count, out.values.data() + out.end);
                  if (std::all_of(values, values + count, [](double v) { return v == 0; })) out.values[out.end] = 1;
                  out.end += count;
                  out.lengths.push_back(row.count);
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

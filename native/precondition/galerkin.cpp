#include <algorithm>
#include <tuple>
#include <vector>

#include "core/shared_out.hpp"
#include "precondition/hierarchy.hpp"

namespace krylov {

namespace {

// Parts of the rows that a transposition counts apart, so that threads can fill at the same time.
constexpr std::size_t kParts = 8;

// A sparse row in the making: columns and values in the order in which they are met.
class SparseRow {
 public:
  explicit SparseRow(Index columns) : places_(Buffer<Index>::zeros(columns)) {}

  void clear() {
    before_ += count;
    count = 0;
    if (before_ < kMostPlaces) return;
    std::fill(places_.begin(), places_.end(), 0);
    before_ = 0;
  }

  // Makes room for as many columns more.
  void expect(std::size_t more) {
    if (count + more <= columns.size()) return;
    columns.grow(2 * (count + more));
    values.grow(2 * (count + more));
  }

  void add(Index j, double value) {
    const Index at = places_[j] - before_;
    if (at > 0) {
      values[at - 1] += value;
    } else {
      columns[count] = j;
      values[count] = value;
      places_[j] = before_ + ++count;
    }
  }

  double at(Index j) const { return places_[j] > before_ ? values[places_[j] - before_ - 1] : 0; }

  // Rows of a coarse matrix are 5 to 60 entries long: insertion is faster than std::sort.
  void sort() {
    if (count > kLong) return sort_long();
    for (Index k = 1; k < count; k++) {
      const Index column = columns[k];
      const double value = values[k];
      Index at = k;
      for (; at > 0 && columns[at - 1] > column; at--) {
        columns[at] = columns[at - 1];
        values[at] = values[at - 1];
      }
      columns[at] = column;
      values[at] = value;
    }
  }

  Index count = 0;
  Buffer<Index> columns;
  Buffer<double> values;

 private:
  void sort_long() {
    std::vector<std::pair<Index, double>> row(count);
    for (Index k = 0; k < count; k++) row[k] = {columns[k], values[k]};
    std::sort(row.begin(), row.end());
    for (Index k = 0; k < count; k++) std::tie(columns[k], values[k]) = row[k];
  }

  static constexpr Index kLong = 64;
  static constexpr Index kMostPlaces = 1 << 30;
  Buffer<Index> places_;  // of a column in this row, from 1 on, plus before_; those up to before_ are of earlier rows
  Index before_ = 0;
};

// What a thread needs for a row of R A P.
struct Scratch {
  SparseRow fine, coarse;
  Scratch(Index fine_rows, Index coarse_rows) : fine(fine_rows), coarse(coarse_rows) {}

  // Row c of R A, then times P (Gustavson 1978, twice), from the diagonal on.
  void multiply(Index c, const PatternView& R, const Index* source, const MatrixView<double>& A,
                const MatrixView<double>& P) {
    fine.clear();
    const Index* const row = A.pattern.row_pointers;
    for (Index r = R.row_pointers[c]; r < R.row_pointers[c + 1]; r++) {
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

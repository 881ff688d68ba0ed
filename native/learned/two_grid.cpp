#include "learned/two_grid.hpp"

#include <algorithm>

#include "dense/semidefinite_cholesky.hpp"

namespace krylov {

namespace {

constexpr double kSingular = 1e-12;

void check_pointers(ConstIndices pointers, std::size_t last) {
  bool fine = pointers.front() == 0 && static_cast<std::size_t>(pointers.back()) == last;
  for (std::size_t i = 1; i < pointers.size(); i++) fine &= pointers[i - 1] <= pointers[i];
  if (!fine) throw Misuse("ERR_INDEX", "a sample's rows must be in order");
}

void check_below(ConstIndices indices, std::size_t bound) {
  bool fine = true;
  for (const Index j : indices) fine &= static_cast<std::size_t>(j) < bound;
  if (!fine) throw Misuse("ERR_INDEX", "a sample's indices are out of range");
}

}  // namespace

Sample::Sample(const SampleSet& set, std::size_t features, std::size_t s) {
  const std::size_t count = set.table.size() / kSampleFields;
  if (s >= count) throw Misuse("ERR_INDEX", "there is no such sample");
  std::size_t row = 0, entry = 0, unknown = 0, term = 0, transfer = 0;
  const auto at = [&](std::size_t of, std::size_t f) {
    const Index value = set.table[kSampleFields * of + f];
    if (value < 0) throw Misuse("ERR_SHAPE", "a table of samples has no negative numbers");
    return static_cast<std::size_t>(value);
  };
  for (std::size_t of = 0; of < s; of++) {
    row += at(of, 0) + 1;
    unknown += at(of, 0);
    entry += at(of, 2);
    term += at(of, 3);
    transfer += at(of, 4);
  }
  unknowns = at(s, 0);
  coarse = at(s, 1);
  network = at(s, 5);
  const auto part = [](auto array, std::size_t from, std::size_t length) {
    if (from + length > array.size()) throw Misuse("ERR_SHAPE", "the arrays of a set of samples must fit its table");
    return array.subspan(from, length);
  };
  row_pointers = part(set.row_pointers, row, unknowns + 1);
  column_indices = part(set.column_indices, entry, at(s, 2));
  values = part(set.values, entry, at(s, 2));
  inverse_diagonal = part(set.inverse_diagonal, unknown, unknowns);
  term_pointers = part(set.term_pointers, row, unknowns + 1);
  term_places = part(set.term_places, term, at(s, 3));
  term_values = part(set.term_values, term, at(s, 3));
  inputs = part(set.inputs, features * term, features * at(s, 3));
  coarse_pointers = part(set.coarse_pointers, row, unknowns + 1);
  coarse_columns = part(set.coarse_columns, transfer, at(s, 4));
  const std::size_t steps = 2 * static_cast<std::size_t>(std::max<Index>(0, set.degree));
  smoother = part(set.smoother, steps * s, steps);
  scale = part(set.scale, s, 1)[0];
  error = part(set.error, kColumns * unknown, kColumns * unknowns);
  residual = part(set.residual, kColumns * unknown, kColumns * unknowns);
  check();
}

void Sample::check() const {
  check_pointers(row_pointers, column_indices.size());
  check_pointers(term_pointers, term_places.size());
  check_pointers(coarse_pointers, coarse_columns.size());
  check_below(column_indices, unknowns);
  check_below(term_places, coarse_columns.size());
  check_below(coarse_columns, coarse);
}

TwoGrid::TwoGrid(const Sample& sample, const std::vector<double>& P)
    : sample_(sample), P_(P), factor_(sample.coarse * sample.coarse, 0.0) {
  const Sample& s = sample;
  std::vector<double> row(s.coarse, 0.0);
  std::vector<Index> met;
  std::vector<char> seen(s.coarse, 0);
  for (std::size_t i = 0; i < s.unknowns; i++) {
    met.clear();
    for (Index k = s.row_pointers[i]; k < s.row_pointers[i + 1]; k++) {
      const std::size_t j = s.column_indices[k];
      for (Index at = s.coarse_pointers[j]; at < s.coarse_pointers[j + 1]; at++) {
        const Index c = s.coarse_columns[at];
        row[c] += s.values[k] * P[at];
        if (!seen[c]) met.push_back(c);
        seen[c] = 1;
      }
    }
    for (Index at = s.coarse_pointers[i]; at < s.coarse_pointers[i + 1]; at++) {
      double* const to = factor_.data() + s.coarse_columns[at] * s.coarse;
      for (const Index c : met) to[c] += P[at] * row[c];
    }
    for (const Index c : met) {
      row[c] = 0;
      seen[c] = 0;
    }
  }
  ok_ = semidefinite_cholesky(s.coarse, factor_.data(), kSingular, [] {});
}

void TwoGrid::add_product(double sign, const Block& x, Block& y) const {
  krylov::add_product(sample_.row_pointers, sample_.column_indices, sample_.values, sign, x, y);
}

void TwoGrid::add_prolonged(double scale, const Block& x, Block& y) const {
  const Sample& s = sample_;
  for (std::size_t i = 0; i < s.unknowns; i++)
    for (Index k = s.coarse_pointers[i]; k < s.coarse_pointers[i + 1]; k++)
      axpy(scale * P_[k], x.data() + s.coarse_columns[k] * kColumns, y.data() + i * kColumns);
}

// y = (P^T A P)^-1 P^T r
void TwoGrid::coarse_solve(const Block& r, Block& y) const {
  const Sample& s = sample_;
  y.assign(s.coarse * kColumns, 0.0);
  for (std::size_t i = 0; i < s.unknowns; i++)
    for (Index k = s.coarse_pointers[i]; k < s.coarse_pointers[i + 1]; k++)
      axpy(P_[k], r.data() + i * kColumns, y.data() + s.coarse_columns[k] * kColumns);
  const double* const L = factor_.data();
  for (std::size_t i = 0; i < s.coarse; i++) {
    double* const yi = y.data() + i * kColumns;
    for (std::size_t k = 0; k < i; k++) axpy(-L[i * s.coarse + k], y.data() + k * kColumns, yi);
    for (std::size_t c = 0; c < kColumns; c++) yi[c] /= L[i * s.coarse + i];
  }
  for (std::size_t i = s.coarse; i-- > 0;) {
    double* const yi = y.data() + i * kColumns;
    for (std::size_t c = 0; c < kColumns; c++) yi[c] /= L[i * s.coarse + i];
    for (std::size_t k = 0; k < i; k++) axpy(-L[i * s.coarse + k], yi, y.data() + k * kColumns);
  }
}

// x += S (b - A x), S the smoother.
void TwoGrid::smooth(const Block& b, Block& x) const {
  const Sample& s = sample_;
  Block d(x.size(), 0.0), r;
  for (std::size_t step = 0; step < s.smoother.size(); step += 2) {
    const double momentum = s.smoother[step], size = s.smoother[step + 1];
    r = b;
    add_product(-1, x, r);
    for (std::size_t i = 0; i < s.unknowns; i++)
      for (std::size_t at = i * kColumns; at < (i + 1) * kColumns; at++) {
        d[at] = momentum * d[at] + size * s.inverse_diagonal[i] * r[at];
        x[at] += d[at];
      }
  }
}

void TwoGrid::apply(const Block& r, Applied& out) const {
  out.z.assign(r.size(), 0.0);
  smooth(r, out.z);
  out.before = r;
  add_product(-1, out.z, out.before);
  coarse_solve(out.before, out.y);
  add_prolonged(sample_.scale, out.y, out.z);
  smooth(r, out.z);
}

void TwoGrid::back(const Applied& applied, const Block& g, Block& z, std::vector<double>& gP) const {
  const Sample& s = sample_;
  z.assign(g.size(), 0.0);
  smooth(g, z);
  Block u = g, t, Pt(g.size(), 0.0), Py(g.size(), 0.0);
  add_product(-1, z, u);
  coarse_solve(u, t);
  add_prolonged(1, t, Pt);
  add_product(-1, Pt, u);  // u = g' - A P t
  for (std::size_t i = 0; i < z.size(); i++) z[i] += s.scale * Pt[i];
  smooth(g, z);
  add_prolonged(1, applied.y, Py);
  Block v = applied.before;
  add_product(-1, Py, v);
  for (std::size_t i = 0; i < s.unknowns; i++)
    for (Index k = s.coarse_pointers[i]; k < s.coarse_pointers[i + 1]; k++) {
      const std::size_t j = s.coarse_columns[k] * kColumns;
      double sum = 0;
      for (std::size_t c = 0; c < kColumns; c++)
        sum += u[i * kColumns + c] * applied.y[j + c] + v[i * kColumns + c] * t[j + c];
      gP[k] += s.scale * sum;
    }
}

}  // namespace krylov

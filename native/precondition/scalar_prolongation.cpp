#include <cmath>
#include <limits>

#include "core/choice.hpp"
#include "precondition/prolongation.hpp"
#include "precondition/row_parts.hpp"

namespace krylov {

namespace {

constexpr double kLeastSum = 0.2;  // of weighed terms' magnitudes: below it their sum is not scaled

struct Given {
  const MatrixView<double>& A;
  const double* diagonal;
  const NodeGraph& graph;
  const Index* aggregates;
  double omega;
  const float* factors;  // one per entry of A, or none
};

// One row of P at a time: a sum per aggregate, in the order in which they are met, after one of the weak couplings and
// one of the diagonal, so that nothing branches on what A holds.
class ScalarRow {
 public:
  ScalarRow(const Given& given, Index count) : given_(given), places_(Buffer<Index>::zeros(count + 1)) {}

  // Row i on the aggregates that it meets.
  void compute(Index i) {
    const Index own = given_.aggregates[i];
    start(i, own >= 0 ? &own : nullptr, own >= 0);
    given_.factors == nullptr ? sum<true, false>(i) : sum<true, true>(i);
    smooth(i);
    sort();
  }

  // Row i on known aggregates; couplings to others are weak.
  void compute(Index i, const Index* known, Index count) {
    start(i, known, count);
    sum<false, false>(i);
    smooth(i);
  }

  Index length() const { return count_ - kFirst; }
  const Index* columns() const { return columns_.data() + kFirst; }
  const double* values() const { return values_.data() + kFirst; }

 private:
  static constexpr Index kWeak = 0, kSelf = 1, kFirst = 2;
  static constexpr Index kMostPlaces = 1 << 30;

  void start(Index i, const Index* first, Index count) {
    const Index* const row = given_.A.pattern.row_pointers;
    before_ += count_;
    if (before_ >= kMostPlaces) {
      std::fill(places_.begin(), places_.end(), 0);
      before_ = 0;
    }
    count_ = kFirst + count;
    const std::size_t room = count_ + row[i + 1] - row[i] + 1;
    if (room > columns_.size()) {
      columns_ = Buffer<Index>(2 * room);
      values_ = Buffer<double>(2 * room);
      weighed_ = Buffer<double>(2 * room);
    }
    places_[0] = before_ + kWeak + 1;
    for (Index c = 0; c < count; c++) {
      columns_[kFirst + c] = first[c];
      places_[first[c] + 1] = before_ + kFirst + c + 1;
    }
    std::fill_n(values_.data(), count_ + 1, 0.0);
    std::fill_n(weighed_.data(), count_ + 1, 0.0);
    values_[kWeak] = -given_.diagonal[i];
  }

  // Columns not met before get a slot of their own where the row grows, and are weak where it does not.
  template <bool Grows, bool Weighed>
  void sum(Index i) {
    const PatternView& p = given_.A.pattern;
    const unsigned char* const strong = given_.graph.strong.data();
    Index* const places = places_.data();
    Index* const columns = columns_.data();
    double *const values = values_.data(), *const weighed = weighed_.data();
    const Index begin = p.row_pointers[i], end = p.row_pointers[i + 1], before = before_ + 1;
    const bool smoothed = is_smoothed(given_.graph, i);
    Index count = count_;
    double magnitude = 0, own = 1;
    for (Index k = begin; k < end; k++) {
      const Index j = p.column_indices[k], c = given_.aggregates[j] + 1;  // 0 for weak couplings and for none
      const Index key = c & -static_cast<Index>(strong[k] & smoothed), at = places[key] - before, fresh = at < 0;
      const Index slot = Grows ? at + ((count - at) & -fresh) : at & (fresh - 1);
      const Index self = j == i, to = slot + self;
      values[to] -= given_.A.values[k];
      if (Weighed) {
        const double term = given_.factors[k] * given_.A.values[k];
        weighed[to] -= term;
        magnitude += std::abs(term) * kIf[to >= kFirst];
        own += kIf[self] * (given_.factors[k] - 1);
      }
      if (!Grows) continue;
      columns[slot] = key - 1;
      places[key] = before + slot;
      count += fresh;
      values[count] = 0;
      if (Weighed) weighed[count] = 0;
    }
    count_ = count;
    magnitude_ = magnitude;
    own_ = own;
  }

  // (I - omega D_F^-1 A_F) T of the sums; D_F has the weak couplings.
  void smooth(Index i) {
    const double diagonal = given_.diagonal[i];
    const double step = given_.omega / lumped_diagonal(diagonal, -values_[kWeak]);
    const Index c = given_.aggregates[i], at = places_[c + 1] - before_ - 1;
    const bool has_own = c >= 0 && at >= kFirst;
    for (Index s = kFirst; s < count_; s++) values_[s] *= step;
    if (has_own) values_[at] += 1 - given_.omega;
    if (given_.factors == nullptr) return;
    for (Index s = kFirst; s < count_; s++) weighed_[s] *= step;
    magnitude_ *= step;
    if (has_own) {
      weighed_[at] += own_ * (1 - given_.omega);
      magnitude_ += std::abs(own_ * (1 - given_.omega));
    }
    rescale();
  }

  // Takes the weighed row, with the sum that the row had.
  void rescale() {
    double sum = 0, wanted = 0;
    for (Index s = kFirst; s < count_; s++) {
      sum += weighed_[s];
      wanted += values_[s];
    }
    if (!(sum > kLeastSum * magnitude_ && wanted > 0 && magnitude_ < std::numeric_limits<double>::infinity())) return;
    for (Index s = kFirst; s < count_; s++) values_[s] = wanted / sum * weighed_[s];
  }

  // A row has two to five aggregates.
  void sort() {
    for (Index s = kFirst + 1; s < count_; s++)
      for (Index at = s; at > kFirst && columns_[at - 1] > columns_[at]; at--) {
        std::swap(columns_[at - 1], columns_[at]);
        std::swap(values_[at - 1], values_[at]);
      }
  }

  const Given& given_;
  Buffer<Index> places_;  // per aggregate, none first: its slot in this row + 1 + before_; up to before_ in none
  Index before_ = 0, count_ = 0;
  Buffer<Index> columns_;
  Buffer<double> values_, weighed_;
  double magnitude_ = 0, own_ = 1;  // of the weighed terms; the factor of the diagonal
};

}  // namespace

Prolongation scalar_prolongation(Control& control, const MatrixView<double>& A, const double* diagonal,
                                 const NodeGraph& graph, const Index* aggregates, Index count, double omega,
                                 const Buffer<float>& factors) {
  const Given given{A, diagonal, graph, aggregates, omega, factors.size() > 0 ? factors.data() : nullptr};
  const Index rows = A.pattern.rows;
  Pool<ScalarRow> pool;
  const std::vector<RowPart> parts = parts_of(control, rows, 3, [&](RowPart& part) {
    pool.with([&] { return ScalarRow(given, count); },
              [&](ScalarRow& row) {
                for (std::size_t i = part.from; i < part.to; i++) {
                  row.compute(static_cast<Index>(i));
                  part.append(row.columns(), row.values(), row.length());
                }
              });
  });
  Prolongation P;
  P.pattern = {rows, count, Buffer<Index>(rows + 1), {}};
  Index end = 0;
  P.pattern.row_pointers[0] = 0;
  for (const RowPart& part : parts)
    for (std::size_t i = part.from; i < part.to; i++)
      P.pattern.row_pointers[i + 1] = end += part.lengths[i - part.from];
  P.pattern.column_indices = Buffer<Index>(end);
  P.values = Buffer<double>(end);
  control.crew.run(parts.size(), [&](std::size_t first, std::size_t last) {
    for (std::size_t p = first; p < last; p++) {
      const RowPart& part = parts[p];
      const Index at = P.pattern.row_pointers[part.from];
      std::copy_n(part.columns.data(), part.end, P.pattern.column_indices.data() + at);
      std::copy_n(part.values.data(), part.end, P.values.data() + at);
    }
  });
  return P;
}

Buffer<double> scalar_prolongation_values(Control& control, const MatrixView<double>& A, const double* diagonal,
                                          const NodeGraph& graph, const Index* aggregates, const PatternView& known,
                                          double omega) {
  const Given given{A, diagonal, graph, aggregates, omega, nullptr};
  Buffer<double> values(known.nonzeros());
  Pool<ScalarRow> pool;
  share_out(control, A.pattern.rows, [&](std::size_t from, std::size_t to) {
    pool.with([&] { return ScalarRow(given, known.columns); },
              [&](ScalarRow& row) {
                for (std::size_t i = from; i < to; i++) {
                  const Index first = known.row_pointers[i], length = known.row_pointers[i + 1] - first;
                  row.compute(static_cast<Index>(i), known.column_indices + first, length);
                  std::copy_n(row.values(), length, values.data() + first);
                }
              });
  });
  return values;
}

}  // namespace krylov

#pragma once
#include <algorithm>
#include <tuple>
#include <vector>

#include "core/buffer.hpp"
#include "core/types.hpp"

namespace krylov {

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

  // Without a branch: whether a column has been met is anybody's guess.
  void add(Index j, double value) {
    const Index at = places_[j] - before_;
    const bool met = at > 0;
    const Index to = met ? at - 1 : count;
    values[to] = (met ? values[to] : 0) + value;
    columns[to] = j;
    places_[j] = before_ + to + 1;
    count += !met;
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

}  // namespace krylov

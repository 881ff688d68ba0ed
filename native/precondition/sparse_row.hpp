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
    if (count + more < columns.size()) return;
    columns.grow(2 * (count + more + 1));
    values.grow(2 * (count + more + 1));
  }

  // Adds to a row that has room for one more than that, with what it needs in registers; done() tells the row.
  class Adder {
   public:
    explicit Adder(SparseRow& row)
        : row_(row),
          places_(row.places_.data()),
          columns_(row.columns.data()),
          values_(row.values.data()),
          before_(row.before_),
          count_(row.count) {
      values_[count_] = 0;
    }

    // Without a branch, which compilers like to make of a choice: whether a column has been met is anybody's guess.
    void add(Index j, double value) {
      const Index at = places_[j] - before_ - 1, fresh = at < 0, to = at + ((count_ - at) & -fresh);
      values_[to] += value;
      columns_[to] = j;
      places_[j] = before_ + to + 1;
      count_ += fresh;
      values_[count_] = 0;
    }

    void done() { row_.count = count_; }

   private:
    SparseRow& row_;
    Index* const places_;
    Index* const columns_;
    double* const values_;
    const Index before_;
    Index count_;
  };

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

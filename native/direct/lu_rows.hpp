#pragma once
#include <algorithm>
#include <vector>

#include "core/csr.hpp"
#include "core/meter.hpp"

namespace krylov {

constexpr std::int64_t kSorting = 16;  // what sorting an entry costs, in entries

// Rows of a triangle in the making, one after the other; columns in no order.
struct LuRows {
  std::vector<Index> pointers{0}, columns;
  std::vector<double> values;

  explicit LuRows(std::size_t entries) {
    columns.reserve(entries);
    values.reserve(entries);
  }

  void push(Index column, double value) {
    columns.push_back(column);
    values.push_back(value);
  }
  void end() {
    if (columns.size() > 0x7fffffff) throw Misuse("ERR_MEMORY", "the factor has 2^31 entries or more");
    pointers.push_back(static_cast<Index>(columns.size()));
  }

  // The triangle, columns renumbered where `place` is not empty, and ascending in each row.
  Csr assembled(Control& control, ConstIndices place) const {
    const Index n = static_cast<Index>(pointers.size()) - 1;
    const Indices starts = control.allocate<Index>(n + 1), indices = control.allocate<Index>(columns.size());
    const Vector entries = control.allocate<double>(columns.size());
    std::copy(pointers.begin(), pointers.end(), starts.begin());
    std::vector<std::pair<Index, double>> row;
    Meter meter(control);
    for (Index i = 0; i < n; i++) {
      row.clear();
      for (Index e = pointers[i]; e < pointers[i + 1]; e++)
        row.emplace_back(place.empty() ? columns[e] : place[columns[e]], values[e]);
      std::sort(row.begin(), row.end());
      for (Index e = pointers[i]; e < pointers[i + 1]; e++) {
        indices[e] = row[e - pointers[i]].first;
        entries[e] = row[e - pointers[i]].second;
      }
      meter.spend(kSorting * (pointers[i + 1] - pointers[i]) + 1);
    }
    return {{n, n, starts, indices}, entries};
  }
};

}  // namespace krylov

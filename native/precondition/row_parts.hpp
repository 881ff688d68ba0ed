#pragma once
#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "core/shared_out.hpp"

namespace krylov {

// Neighbouring rows of a sparse matrix in the making, as one thread computed them.
struct RowPart {
  RowPart(std::size_t from, std::size_t to, std::size_t each)
      : from(from), to(to), lengths(to - from), columns(each * (to - from)), values(each * (to - from)) {}

  // Both arrays can be read a few entries beyond `length`: short rows are copied without a look at how short.
  void append(const Index* row_columns, const double* row_values, Index length) {
    if (end + length + kFew > columns.size()) {
      const std::size_t room = columns.size() + columns.size() / 2 + length + kFew;
      columns.grow(room);
      values.grow(room);
    }
    std::copy_n(row_columns, kFew, columns.data() + end);
    std::copy_n(row_values, kFew, values.data() + end);
    if (length > kFew) {
      std::copy_n(row_columns + kFew, length - kFew, columns.data() + end + kFew);
      std::copy_n(row_values + kFew, length - kFew, values.data() + end + kFew);
    }
    lengths[rows++] = length;
    end += length;
  }

  std::size_t from, to;
  Buffer<Index> lengths, columns;
  Buffer<double> values;
  std::size_t end = 0;

 private:
  static constexpr Index kFew = 4;
  std::size_t rows = 0;
};

// The parts of a matrix with `rows` rows, first rows first: fill(part) appends the rows that its part is made for, some
// `each` entries a row.
template <class Fill>
std::vector<RowPart> parts_of(Control& control, std::size_t rows, std::size_t each, Fill&& fill) {
  std::vector<RowPart> parts;
  std::mutex guard;
  share_out(control, rows, [&](std::size_t from, std::size_t to) {
    RowPart part(from, to, each);
    fill(part);
    const std::lock_guard lock(guard);
    parts.push_back(std::move(part));
  });
  std::sort(parts.begin(), parts.end(), [](const RowPart& a, const RowPart& b) { return a.from < b.from; });
  return parts;
}

}  // namespace krylov

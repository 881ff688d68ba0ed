#include <algorithm>
#include <array>

#include "core/lookout.hpp"
#include "core/matrix.hpp"
#include "core/method.hpp"

namespace krylov {

namespace {

// The symbolic part of a sliced matrix: see Sell.
struct SlicePattern {
  ConstIndices starts, counts, order;
  Columns columns;
  static constexpr auto fields =
      std::tuple{field("starts", &SlicePattern::starts), field("counts", &SlicePattern::counts),
                 field("order", &SlicePattern::order), field("columns", &SlicePattern::columns)};
};

Index windows_of(Index n) { return n / kSliceWindow + (n % kSliceWindow > 0 ? 1 : 0); }

// Calls entry(at, k) for the entries of a window in their new order: `at` is the place, k the old offset.
template <class Entry>
void each_entry(const Index* counts, const Index* order, const Index* pointers, std::size_t at, const Entry& entry) {
  for (Index m = 0; m < kSliceLengths; m++)
    for (Index left = counts[m]; left > 0; left -= kSliceRows) {
      const Index wide = std::min(left, kSliceRows);
      for (Index k = 0; k < m; k++)
        for (Index l = 0; l < wide; l++) entry(at++, std::int64_t{pointers[order[l]]} + k);
      order += wide;
    }
}

// Sorts the rows of each window by length. Traffic: 8 nnz + 8 n bytes.
SlicePattern slice_pattern(Control& control, const Pattern& given) {
  given.check_indices();
  const Index n = given.rows, windows = windows_of(n);
  const Indices starts = control.allocate<Index>(windows), counts = control.allocate<Index>(kSliceLengths * windows);
  const Indices order = control.allocate<Index>(n);
  // of the call's own, since somebody may write into the pattern after the check
  const Indices pointers = control.arena.indices(n + 1);
  std::copy(given.row_pointers.begin(), given.row_pointers.end(), pointers.begin());
  const Index nonzeros = static_cast<Index>(given.nonzeros());
  pointers[0] = 0;
  for (Index i = 0; i < n; i++) pointers[i + 1] = std::clamp(pointers[i + 1], pointers[i], nonzeros);
  Index total = 0;
  bool near = true;
  for (Index w = 0; w < windows; w++) {
    if (w % 64 == 0) control.poll();
    const Index first = w * kSliceWindow, last = first + std::min(kSliceWindow, n - first);
    const auto length = [&](Index i) { return std::min(pointers[i + 1] - pointers[i], kSliceLengths); };
    std::array<Index, kSliceLengths + 2> next{};
    for (Index i = first; i < last; i++) next[length(i) + 1]++;
    std::copy_n(next.begin() + 1, kSliceLengths, counts.begin() + kSliceLengths * w);
    starts[w] = total;
    for (Index m = 0; m < kSliceLengths; m++) {
      total += m * next[m + 1];
      next[m + 1] += next[m];
    }
    const Index* const column = given.column_indices.data();
    for (Index i = first; i < last; i++) {
      order[first + next[length(i)]++] = i;
      const Index m = length(i);
      if (m == 0 || m == kSliceLengths) continue;
      near = near && within_reach(i, column[pointers[i]], column[pointers[i] + m - 1]);
    }
  }
  control.poll();
  const auto arranged = [&](auto columns, auto column) {
    Lookout lookout(control);
    control.crew.run(windows, [&](std::size_t from, std::size_t to) {
      for (std::size_t w = from; w < to && !lookout.look(); w++)
        each_entry(counts.data() + kSliceLengths * w, order.data() + kSliceWindow * w, pointers.data(), starts[w],
                   [&](std::size_t at, std::int64_t k) { columns[at] = column(w, given.column_indices[k]); });
    });
    lookout.rethrow();
    return columns;
  };
  if (!near)
    return {
        starts, counts, order, {arranged(control.allocate<Index>(total), [](std::size_t, Index j) { return j; }), {}}};
  const auto distance = [](std::size_t w, Index j) {
    return static_cast<std::int16_t>(j - static_cast<Index>(kSliceWindow * w));
  };
  return {starts, counts, order, {{}, arranged(control.allocate<std::int16_t>(total), distance)}};
}

// to[...] = the values of a matrix in the order of its slices. Traffic: 24 nnz bytes.
void slice_values(Control& control, const Csr& A, const SlicePattern& slices, Vector to) {
  const Index n = A.pattern.rows, windows = static_cast<Index>(slices.starts.size());
  const bool bad = windows != windows_of(n) || slices.order.size() != A.rows() ||
                   slices.counts.size() != static_cast<std::size_t>(kSliceLengths) * windows ||
                   (A.nonzeros() == 0 && !to.empty());
  if (bad) throw Misuse("ERR_SHAPE", "the slices do not belong to the matrix");
  if (to.empty()) return;
  const std::int64_t last = static_cast<std::int64_t>(A.nonzeros()) - 1;
  Lookout lookout(control);
  control.crew.run(windows, [&](std::size_t from, std::size_t end) {
    for (std::size_t w = from; w < end && !lookout.look(); w++) {
      std::array<Index, kSliceLengths> counts;
      std::array<Index, kSliceWindow> order;  // clamped copies, since a record may come from anywhere
      const std::size_t first = w * kSliceWindow, rows = std::min<std::size_t>(kSliceWindow, n - first);
      std::size_t short_rows = 0, entries = 0;
      for (Index m = 0; m < kSliceLengths; m++) {
        counts[m] = std::clamp<Index>(slices.counts[kSliceLengths * w + m], 0, static_cast<Index>(rows - short_rows));
        short_rows += counts[m];
        entries += static_cast<std::size_t>(counts[m]) * m;
      }
      for (std::size_t l = 0; l < rows; l++) order[l] = std::clamp(slices.order[first + l], 0, n - 1);
      const Index start = slices.starts[w];
      if (start < 0 || start + entries > to.size()) continue;
      each_entry(counts.data(), order.data(), A.pattern.row_pointers.data(), start,
                 [&](std::size_t at, std::int64_t k) { to[at] = A.values[std::clamp<std::int64_t>(k, 0, last)]; });
    }
  });
  lookout.rethrow();
}

const Exposed slice_pattern_{expose<slice_pattern>("slicePattern")};
const Exposed slice_values_{expose<slice_values>("sliceValues")};

}  // namespace
}  // namespace krylov

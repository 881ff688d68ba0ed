#include <algorithm>
#include <array>
#include <vector>

#include "core/csr.hpp"
#include "core/method.hpp"

namespace krylov {

namespace {

constexpr Index kMostOffsets = 16;   // far diagonals
constexpr Index kRowsASegment = 32;  // rows with the same diagonals, on average at least

// The diagonals of a strictly upper triangle.
struct DiagonalShape {
  ConstIndices offsets;  // of all but the one next to the main diagonal, farthest first
  ConstIndices starts;   // rows from starts[s] to starts[s + 1] have the far diagonals of masks[s]
  ConstIndices masks;
  static constexpr auto fields =
      std::tuple{field("offsets", &DiagonalShape::offsets), field("starts", &DiagonalShape::starts),
                 field("masks", &DiagonalShape::masks)};
};

// Finds the diagonals of a triangle that has few: the one next to the main diagonal, and up to 16 that lie 16 rows off
// or farther, kept in no more bytes than its rows take. All lists are empty where it is none.
DiagonalShape diagonal_shape(Control& control, const Pattern& pattern) {
  pattern.check_indices();
  const Index n = pattern.rows, nonzeros = static_cast<Index>(pattern.nonzeros());
  const ConstIndices row = pattern.row_pointers, col = pattern.column_indices;
  const DiagonalShape none{control.handed_over<Index>({}), control.handed_over<Index>({}),
                           control.handed_over<Index>({})};
  std::vector<Index> offsets;  // ascending
  const auto known = [&](Index offset) { return std::binary_search(offsets.begin(), offsets.end(), offset); };
  for (Index i = 0, at = 0; i < n; i++) {
    if (i % (1 << 16) == 0) control.poll();
    for (const Index end = std::clamp(row[i + 1], at, nonzeros); at < end; at++) {
      const Index offset = col[at] - i;
      if (known(offset)) continue;
      if (offset < 1 || (offset > 1 && offset < 16) || offsets.size() > kMostOffsets) return none;
      offsets.insert(std::upper_bound(offsets.begin(), offsets.end(), offset), offset);
    }
  }
  if (offsets.empty() || offsets.front() != 1 || 2.0 * n * offsets.size() > 3.0 * nonzeros) return none;
  offsets.erase(offsets.begin());
  std::reverse(offsets.begin(), offsets.end());

  std::vector<Index> starts, masks;
  for (Index i = 0, at = 0; i < n; i++) {
    if (i % (1 << 16) == 0) control.poll();
    Index mask = 0;
    std::size_t d = offsets.size();
    for (const Index end = std::clamp(row[i + 1], at, nonzeros); at < end; at++) {
      const Index offset = col[at] - i;
      while (d > 0 && offsets[d - 1] < offset) d--;
      if (d > 0 && offsets[d - 1] == offset) mask |= Index{1} << (d - 1);
    }
    if (!masks.empty() && masks.back() == mask) continue;
    if (starts.size() > static_cast<std::size_t>(n / kRowsASegment)) return none;
    starts.push_back(i);
    masks.push_back(mask);
  }
  starts.push_back(n);
  return {control.handed_over(offsets), control.handed_over(starts), control.handed_over(masks)};
}

// The values of a triangle by its diagonals, see RawDiagonals: in `values`, or in `single` precision. The other is
// empty. Traffic: 28 bytes per entry.
double fill_diagonals(Control& control, const Csr& upper, ConstIndices given, Vector values, Floats single) {
  upper.pattern.check_indices();
  const std::size_t n = upper.rows(), count = given.size();
  const std::size_t length = n > 0 ? (count + 1) * n + 1 : 0;
  if (count > kMostOffsets || values.size() + single.size() != length || (!values.empty() && !single.empty()))
    throw Misuse("ERR_SHAPE", "the values must fit the diagonals");
  std::array<Index, kMostOffsets + 1> offsets{};
  std::copy(given.begin(), given.end(), offsets.begin());
  std::fill(values.begin(), values.end(), 0.0);
  std::fill(single.begin(), single.end(), 0.0f);
  const Index nonzeros = static_cast<Index>(upper.nonzeros());
  const ConstIndices row = upper.pattern.row_pointers, col = upper.pattern.column_indices;
  Index at = 0;
  for (std::size_t i = 0; i < n; i++) {
    if (i % (1 << 16) == 0) control.poll();
    std::size_t d = count;
    for (const Index end = std::clamp(row[i + 1], at, nonzeros); at < end; at++) {
      const Index offset = col[at] - static_cast<Index>(i);
      std::size_t place = count * n + i + 1;
      if (offset != 1) {
        while (d > 0 && offsets[d - 1] < offset) d--;
        if (d == 0 || offsets[d - 1] != offset) continue;
        place = (d - 1) * n + i;
      }
      if (single.empty())
        values[place] = upper.values[at];
      else
        single[place] = static_cast<float>(upper.values[at]);
    }
  }
  return static_cast<double>(length);
}

constexpr Index kShortest = 128;  // rows of a run: in shorter ones as much is lost at its ends as there is gained

// Rows of a factor with the same coefficients, see Diagonals. `backward`: rows of U, else of U^T. Empty where runs hold
// less than a quarter of the rows. Traffic: what the values take.
template <class Value>
std::vector<Index> runs_of(Control& control, ConstIndices offsets, std::span<const Value> values, ConstVector inverse,
                           bool backward) {
  const Index n = static_cast<Index>(inverse.size());
  const Value* const next = values.data() + offsets.size() * inverse.size() + (backward ? 1 : 0);
  const auto same = [&](Index i) {
    bool equal = inverse[i] == inverse[i - 1] && next[i] == next[i - 1];
    for (std::size_t d = 0; equal && d < offsets.size(); d++) {
      const Index from = backward ? 0 : offsets[d];
      const Value* const far = values.data() + d * inverse.size();
      equal = (i < from ? Value{0} : far[i - from]) == (i <= from ? Value{0} : far[i - 1 - from]);
    }
    return equal;
  };
  std::vector<Index> edges;
  double held = 0;
  for (Index i = 1, first = 0; i <= n; i++) {
    if (i % (1 << 18) == 0) control.poll();
    if (i < n && same(i)) continue;
    if (i - first >= kShortest) {
      edges.insert(edges.end(), {first, i});
      held += i - first;
    }
    first = i;
  }
  if (4 * held < n) edges.clear();
  return edges;
}

ConstIndices diagonal_runs(Control& control, ConstIndices given, ConstVector values, ConstFloats single,
                           ConstVector inverse_diagonal, bool backward) {
  const std::vector<Index> offsets{given.begin(), given.end()};
  const std::size_t n = inverse_diagonal.size(), length = n > 0 ? (offsets.size() + 1) * n + 1 : 0;
  bool fits = values.size() + single.size() == length && (values.empty() || single.empty());
  for (const Index offset : offsets) fits = fits && offset >= 0 && static_cast<std::size_t>(offset) <= n;
  if (!fits) throw Misuse("ERR_SHAPE", "the values must fit the diagonals");
  return control.handed_over(single.empty() ? runs_of<double>(control, offsets, values, inverse_diagonal, backward)
                                            : runs_of<float>(control, offsets, single, inverse_diagonal, backward));
}

const Exposed methods[] = {Exposed{expose<diagonal_shape>("diagonalShape")},
                           Exposed{expose<fill_diagonals>("fillDiagonals")},
                           Exposed{expose<diagonal_runs>("diagonalRuns")}};

}  // namespace
}  // namespace krylov

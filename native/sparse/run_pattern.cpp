#include <algorithm>
#include <bit>
#include <vector>

#include "core/matrix.hpp"
#include "core/method.hpp"

namespace krylov {

namespace {

// The symbolic part of a run pattern: see Runs.
struct RunPattern {
  ConstIndices starts, stencils, pointers, offsets;
  static constexpr auto fields =
      std::tuple{field("starts", &RunPattern::starts), field("stencils", &RunPattern::stencils),
                 field("pointers", &RunPattern::pointers), field("offsets", &RunPattern::offsets)};
};

struct RunValues {
  ConstIndices at;
  ConstVector constants, values;
  static constexpr auto fields = std::tuple{field("at", &RunValues::at), field("constants", &RunValues::constants),
                                            field("values", &RunValues::values)};
};

constexpr Index kRowsPerPoll = 1 << 14;
constexpr std::size_t kRemembered = 32;  // stencils that a new one is compared with: a grid in space has 27
constexpr Index kBlock = 8;

template <class T>
std::span<T> handed_over(Control& control, const std::vector<T>& list) {
  const std::span<T> out = control.allocate<T>(list.size());
  std::copy(list.begin(), list.end(), out.begin());
  return out;
}

// Finds the runs of a pattern. Traffic: 4 nnz bytes.
RunPattern run_pattern(Control& control, const Pattern& pattern) {
  pattern.check_indices();
  const Index n = pattern.rows;
  const Index nonzeros = static_cast<Index>(pattern.nonzeros());
  const Index *const row = pattern.row_pointers.data(), *const col = pattern.column_indices.data();
  std::vector<Index> starts, stencils, pointers{0}, offsets, given;
  Index before = 0, length = -1, next = 0;
  for (Index i = 0; i < n; i++) {
    if (i % kRowsPerPoll == 0) control.poll();
    // ascending and inside, since somebody may write into the pattern after the check
    const Index at = next, m = std::clamp(row[i + 1], next, nonzeros) - next;
    next += m;
    bool same = m == length;
    for (Index k = 0; same && k < m; k++) same = col[at + k] == col[before + k] + 1;
    before = at;
    length = m;
    if (same) continue;
    starts.push_back(i);
    given.clear();
    for (Index k = 0; k < m; k++) given.push_back(col[at + k] - i);
    const std::size_t known = pointers.size() - 1, oldest = known > kRemembered ? known - kRemembered : 0;
    std::size_t s = known;
    while (s-- > oldest)
      if (std::equal(given.begin(), given.end(), offsets.begin() + pointers[s], offsets.begin() + pointers[s + 1]))
        break;
    if (s + 1 <= oldest) {
      s = known;
      offsets.insert(offsets.end(), given.begin(), given.end());
      pointers.push_back(static_cast<Index>(offsets.size()));
    }
    stencils.push_back(static_cast<Index>(s));
  }
  starts.push_back(n);
  return {handed_over(control, starts), handed_over(control, stencils), handed_over(control, pointers),
          handed_over(control, offsets)};
}

bool same_bits(const double* a, const double* b, Index m) {
  bool same = true;
  for (Index k = 0; k < m; k++) same &= std::bit_cast<std::uint64_t>(a[k]) == std::bit_cast<std::uint64_t>(b[k]);
  return same;
}

// The values of a matrix in the order of its runs; where all rows of a run have the same ones they are kept once, and
// not again where the last run with that stencil had them too. Traffic: 24 nnz bytes, 8 where all is constant.
RunValues run_values(Control& control, const Csr& A, const RunPattern& runs) {
  const std::size_t count = runs.stencils.size(), nonzeros = A.nonzeros(), rows = A.rows();
  if (runs.starts.size() != count + 1) throw Misuse("ERR_SHAPE", "the runs do not belong to the matrix");
  const Indices at = control.allocate<Index>(count);
  std::vector<std::size_t> source(count);  // offset of a run's first entry in A
  std::vector<Index> width(count);         // entries of its rows
  std::vector<Index> latest(runs.pointers.size(), -1);
  std::vector<double> constants;
  std::size_t total = 0;
  for (std::size_t r = 0; r < count; r++) {
    if (r % 256 == 0) control.poll();
    const Index start = runs.starts[r], end = runs.starts[r + 1], stencil = runs.stencils[r];
    if (start < 0 || end <= start || static_cast<std::size_t>(end) > rows || stencil < 0 ||
        static_cast<std::size_t>(stencil) + 1 >= runs.pointers.size())
      throw Misuse("ERR_INDEX", "the runs do not belong to the matrix");
    const std::size_t first = A.pattern.row_pointers[start], length = end - start;
    const Index m = runs.pointers[stencil + 1] - runs.pointers[stencil];
    if (m < 0 || first + length * m > nonzeros) throw Misuse("ERR_INDEX", "the runs do not belong to the matrix");
    source[r] = first;
    width[r] = m;
    const double* const a = A.values.data() + first;
    bool constant = true;
    for (std::size_t l = 1; l < length && constant; l++) constant = same_bits(a, a + l * m, m);
    if (!constant) {
      at[r] = static_cast<Index>(total);
      total += length * m;
    } else if (latest[stencil] >= 0 && same_bits(a, constants.data() + latest[stencil], m)) {
      at[r] = ~latest[stencil];
    } else {
      latest[stencil] = static_cast<Index>(constants.size());
      at[r] = ~latest[stencil];
      constants.insert(constants.end(), a, a + m);
    }
  }
  const Vector values = control.allocate<double>(total);
  control.crew.run(count, [&](std::size_t from, std::size_t to) {
    for (std::size_t r = from; r < to; r++) {
      if (at[r] < 0) continue;
      const Index length = runs.starts[r + 1] - runs.starts[r], m = width[r];
      const double* a = A.values.data() + source[r];
      double* out = values.data() + at[r];
      for (Index block = 0; block < length; block += kBlock) {
        const Index wide = std::min(kBlock, length - block);
        for (Index k = 0; k < m; k++)
          for (Index l = 0; l < wide; l++) *out++ = a[l * m + k];
        a += wide * m;
      }
    }
  });
  return {at, handed_over(control, constants), values};
}

const Exposed run_pattern_{expose<run_pattern>("runPattern")};
const Exposed run_values_{expose<run_values>("runValues")};

}  // namespace
}  // namespace krylov

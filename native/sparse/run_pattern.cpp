#include <algorithm>
#include <bit>
#include <vector>

#include "core/lookout.hpp"
#include "core/matrix.hpp"
#include "core/method.hpp"
#include "sparse/runs_of_rows.hpp"

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

constexpr std::size_t kRemembered = 32;  // stencils that a new one is compared with: a grid in space has 27
constexpr Index kBlock = 8;
// Rows of a run that a thread copies or compares at a time, in whole blocks: a banded matrix is one run.
constexpr Index kRowsPerPiece = 4096;

// Finds the runs of a pattern.
RunPattern run_pattern(Control& control, const Pattern& pattern) {
  const Index* const col = pattern.column_indices.data();
  std::vector<Index> starts, stencils, pointers{0}, offsets, given;
  each_row(control, pattern, [&](Index i, const MetRow& row) {
    if (row.same) return;
    starts.push_back(i);
    given.clear();
    for (Index k = 0; k < row.length; k++) given.push_back(col[row.at + k] - i);
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
  });
  starts.push_back(pattern.rows);
  return {control.handed_over(starts), control.handed_over(stencils), control.handed_over(pointers),
          control.handed_over(offsets)};
}

bool same_bits(const double* a, const double* b, Index m) {
  bool same = true;
  for (Index k = 0; k < m; k++) same &= std::bit_cast<std::uint64_t>(a[k]) == std::bit_cast<std::uint64_t>(b[k]);
  return same;
}

// A run as it was when it was checked: the arrays that say so may be written to at any time.
struct CheckedRun {
  Index first, length, stencil, width;  // offset of its first entry in A, rows, and entries of each
};

std::vector<CheckedRun> checked(Control& control, const Csr& A, const RunPattern& runs) {
  const auto need = [](bool fits) {
    if (!fits) throw Misuse("ERR_INDEX", "the runs do not belong to the matrix");
  };
  const std::size_t count = runs.stencils.size(), nonzeros = A.nonzeros();
  if (runs.starts.size() != count + 1) throw Misuse("ERR_SHAPE", "the runs do not belong to the matrix");
  std::vector<CheckedRun> list(count);
  std::size_t left = std::min<std::size_t>(nonzeros, 0x7fffffff);  // entries that no run has taken
  Index start = runs.starts[0];
  need(start >= 0);
  for (std::size_t r = 0; r < count; r++) {
    if (r % (1 << 16) == 0) control.poll();
    const Index end = runs.starts[r + 1], s = runs.stencils[r];
    need(end > start && static_cast<std::size_t>(end) <= A.rows());
    need(s >= 0 && static_cast<std::size_t>(s) + 1 < runs.pointers.size());
    const Index first = A.pattern.row_pointers[start];
    const std::int64_t width = std::int64_t{runs.pointers[s + 1]} - runs.pointers[s];
    need(first >= 0 && static_cast<std::size_t>(first) <= nonzeros);
    need(width >= 0 && width <= 0x7fffffff);
    const std::size_t length = end - start, entries = length * static_cast<std::size_t>(width);
    need(entries <= nonzeros - first && entries <= left);
    left -= entries;
    list[r] = {first, end - start, s, static_cast<Index>(width)};
    start = end;
  }
  return list;
}

// Whether all rows of a run have the same values; looks no further than the first that has not.
bool is_constant(Control& control, const double* a, const CheckedRun& run) {
  for (Index l = 1; l < run.length; l++) {
    if (l % kRowsPerPiece == 0) control.poll();
    if (!same_bits(a, a + std::size_t(l) * run.width, run.width)) return false;
  }
  return true;
}

// The values of a matrix in the order of its runs; where all rows of a run have the same ones they are kept once, and
// not again where the last run with that stencil had them too. Traffic: 24 nnz bytes, 8 where all is constant.
RunValues run_values(Control& control, const Csr& A, const RunPattern& given) {
  const std::vector<CheckedRun> runs = checked(control, A, given);
  const Indices at = control.allocate<Index>(runs.size());
  struct Latest {
    Index at = -1, width = 0;
  };
  struct Piece {
    Index from, wide, width;  // its first entry in A; rows and entries of each
    Index to;                 // and in the values
  };
  std::vector<Latest> latest(given.pointers.size());
  std::vector<Piece> pieces;
  std::vector<double> constants;
  Index total = 0;
  for (std::size_t r = 0; r < runs.size(); r++) {
    if (r % 256 == 0) control.poll();
    const CheckedRun& run = runs[r];
    const Index m = run.width;
    const double* const a = A.values.data() + run.first;
    Latest& last = latest[run.stencil];
    if (!is_constant(control, a, run)) {
      at[r] = total;
      for (Index l = 0; l < run.length; l += kRowsPerPiece)
        pieces.push_back({run.first + l * m, std::min(kRowsPerPiece, run.length - l), m, total + l * m});
      total += run.length * m;
      continue;
    }
    if (last.at < 0 || last.width != m || !same_bits(a, constants.data() + last.at, m)) {
      last = {static_cast<Index>(constants.size()), m};
      constants.insert(constants.end(), a, a + m);
    }
    at[r] = ~last.at;
  }
  const Vector values = control.allocate<double>(total);
  Lookout lookout(control);
  control.crew.run(pieces.size(), [&](std::size_t from, std::size_t to) {
    for (std::size_t p = from; p < to && !lookout.look(); p++) {
      const auto [first, length, m, out] = pieces[p];
      const double* a = A.values.data() + first;
      double* v = values.data() + out;
      for (Index block = 0; block < length; block += kBlock) {
        const Index wide = std::min(kBlock, length - block);
        for (Index k = 0; k < m; k++)
          for (Index l = 0; l < wide; l++) *v++ = a[l * m + k];
        a += wide * m;
      }
    }
  });
  lookout.rethrow();
  return {at, control.handed_over(constants), values};
}

const Exposed run_pattern_{expose<run_pattern>("runPattern")};
const Exposed run_values_{expose<run_values>("runValues")};

}  // namespace
}  // namespace krylov

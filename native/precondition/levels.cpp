#include <algorithm>
#include <vector>

#include "core/method.hpp"
#include "core/owned.hpp"

namespace krylov {

namespace {

// A triangular pattern with its rows renumbered by level: rows of one level do not need each other, and need only rows
// of lower levels (forward) or higher ones (backward).
struct LevelSchedule {
  ConstIndices order;         // new row p is old row order[p]
  ConstIndices starts;        // new rows starts[l] .. starts[l + 1] - 1 are level l
  Pattern upper;              // the strictly upper triangle in the new numbers
  ConstIndices upper_source;  // where each entry's value was
  Pattern lower;              // its transpose, likewise
  ConstIndices lower_source;
  static constexpr auto fields =
      std::tuple{field("order", &LevelSchedule::order), field("starts", &LevelSchedule::starts),
                 field("upper", &LevelSchedule::upper), field("upperSource", &LevelSchedule::upper_source),
                 field("lower", &LevelSchedule::lower), field("lowerSource", &LevelSchedule::lower_source)};
};

LevelSchedule nothing(Control& control) {
  const Indices zero = control.allocate<Index>(1);
  zero[0] = 0;
  const Pattern none{0, 0, zero, {}};
  return {{}, zero, none, {}, none, {}};
}

// Level of a row: one above the highest of the rows that it needs (Anderson and Saad 1989). Rows keep their order
// inside a level. Levels narrower than `width` on average are not worth the trouble: the answer is empty then, as soon
// as that is certain. Workspace: 2n integers.
LevelSchedule level_schedule(Control& control, const Pattern& given, double width) {
  if (given.rows != given.columns) throw Misuse("ERR_SHAPE", "the pattern must be square");
  const Pattern pattern = owned(control, given);
  const Index n = pattern.rows;
  const ConstIndices row = pattern.row_pointers, col = pattern.column_indices;
  const Indices level = control.arena.indices(n), next = control.arena.indices(n);
  std::fill(level.begin(), level.end(), 0);
  Index levels = n > 0 ? 1 : 0;
  for (Index i = 0; i < n; i++)
    for (Index at = row[i]; at < row[i + 1]; at++) {
      const Index j = col[at];
      level[j] = std::max(level[j], level[i] + 1);
      if (level[j] < levels) continue;
      levels = level[j] + 1;
      if (levels * width > n) return nothing(control);
    }
  control.poll();

  const Indices starts = control.allocate<Index>(levels + 1), order = control.allocate<Index>(n);
  std::fill(starts.begin(), starts.end(), 0);
  for (Index i = 0; i < n; i++) starts[level[i] + 1]++;
  for (Index l = 0; l < levels; l++) starts[l + 1] += starts[l];
  std::vector<Index> free(starts.begin(), starts.end());
  const Indices place = level;
  for (Index i = 0; i < n; i++) {
    const Index p = free[level[i]]++;
    order[p] = i;
    place[i] = p;
  }
  control.poll();

  const std::size_t nonzeros = pattern.nonzeros();
  const Indices upper_rows = control.allocate<Index>(n + 1), lower_rows = control.allocate<Index>(n + 1);
  const Indices upper_columns = control.allocate<Index>(nonzeros), lower_columns = control.allocate<Index>(nonzeros);
  const Indices upper_source = control.allocate<Index>(nonzeros), lower_source = control.allocate<Index>(nonzeros);
  std::fill(lower_rows.begin(), lower_rows.end(), 0);
  upper_rows[0] = 0;
  for (Index p = 0; p < n; p++) {
    upper_rows[p + 1] = upper_rows[p] + row[order[p] + 1] - row[order[p]];
    for (Index at = row[order[p]]; at < row[order[p] + 1]; at++) lower_rows[place[col[at]] + 1]++;
  }
  for (Index p = 0; p < n; p++) lower_rows[p + 1] += lower_rows[p];
  control.poll();
  // met in ascending p, so the rows of the transpose come out sorted; transposed back, so do those of the triangle
  std::copy(lower_rows.begin(), lower_rows.begin() + n, next.begin());
  for (Index p = 0; p < n; p++)
    for (Index at = row[order[p]]; at < row[order[p] + 1]; at++) {
      const Index to = next[place[col[at]]]++;
      lower_columns[to] = p;
      lower_source[to] = at;
    }
  control.poll();
  std::copy(upper_rows.begin(), upper_rows.begin() + n, next.begin());
  for (Index q = 0; q < n; q++)
    for (Index at = lower_rows[q]; at < lower_rows[q + 1]; at++) {
      const Index to = next[lower_columns[at]]++;
      upper_columns[to] = q;
      upper_source[to] = lower_source[at];
    }
  return {order,       starts, {n, n, upper_rows, upper_columns}, upper_source, {n, n, lower_rows, lower_columns},
          lower_source};
}

// to[k] = from[source[k]]: the values of a factor in another numbering. Traffic: 20 bytes per entry.
double renumber(Control& control, ConstVector from, ConstIndices source, Vector to) {
  if (source.size() != to.size()) throw Misuse("ERR_SHAPE", "source and to must be equally long");
  const unsigned last = static_cast<unsigned>(std::max<std::size_t>(from.size(), 1)) - 1;
  if (from.empty() && !to.empty()) throw Misuse("ERR_SHAPE", "there is nothing to renumber");
  for (std::size_t k = 0; k < to.size(); k++) {
    if (k % (1 << 20) == 0) control.poll();
    to[k] = from[std::min(static_cast<unsigned>(source[k]), last)];
  }
  return static_cast<double>(to.size());
}

const Exposed methods[] = {Exposed{expose<level_schedule>("levelSchedule")}, Exposed{expose<renumber>("renumber")}};

}  // namespace
}  // namespace krylov

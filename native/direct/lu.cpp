#include "direct/lu.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/method.hpp"
#include "core/owned.hpp"
#include "direct/lu_rows.hpp"

namespace krylov {

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity(), kEps = std::numeric_limits<double>::epsilon();
constexpr std::int64_t kWorkPerPoll = 1 << 20;  // entries: about 2 ms

// 1 / max |a_ij| of each row, then of each column of what that leaves; 1 where all is zero.
void scales(const Csr& A, Vector row_scale, Vector column_scale) {
  const ConstIndices row = A.pattern.row_pointers, col = A.pattern.column_indices;
  std::fill(column_scale.begin(), column_scale.end(), 0.0);
  for (std::size_t i = 0; i < A.rows(); i++) {
    double largest = 0;
    for (Index e = row[i]; e < row[i + 1]; e++) largest = std::max(largest, std::abs(A.values[e]));
    row_scale[i] = largest > 0 ? 1 / largest : 1;
    for (Index e = row[i]; e < row[i + 1]; e++)
      column_scale[col[e]] = std::max(column_scale[col[e]], std::abs(A.values[e]) * row_scale[i]);
  }
  for (double& scale : column_scale) scale = scale > 0 ? 1 / scale : 1;
}

// The row that is being reduced, and what it reaches.
class Row {
 public:
  Row(std::size_t n, const LuRows& upper)
      : upper_(upper), x(n), mark(n, -1), step(n, -1), reached(n), open(n), stack_(n), next_(n), top(n) {}

  void begin(Index attempt) {
    attempt_ = attempt;
    top = static_cast<Index>(x.size());
    open_count = 0;
  }

  // Marks what column c reaches, and puts what has a pivot before what it changes.
  void reach(Index from) {
    if (mark[from] == attempt_) return;
    mark[from] = attempt_;
    x[from] = 0;
    if (step[from] < 0) {
      open[open_count++] = from;
      return;
    }
    Index depth = 0;
    stack_[0] = from;
    next_[0] = upper_.pointers[step[from]];
    while (depth >= 0) {
      const Index c = stack_[depth], last = upper_.pointers[step[c] + 1];
      Index e = next_[depth], deeper = -1;
      for (; e < last && deeper < 0; e++) {
        const Index j = upper_.columns[e];
        if (mark[j] == attempt_) continue;
        mark[j] = attempt_;
        x[j] = 0;
        if (step[j] < 0)
          open[open_count++] = j;
        else
          deeper = j;
      }
      next_[depth] = e;
      if (deeper < 0) {
        reached[--top] = c;
        depth--;
      } else {
        stack_[++depth] = deeper;
        next_[depth] = upper_.pointers[step[deeper]];
      }
    }
  }

  // Brings the columns to keep to the front: all but `without` that are above the threshold, of these the largest.
  Index keep(Index* list, Index length, Index without, ConstVector scale, double threshold, double most) const {
    const auto size = [&](Index c) { return std::abs(x[c]) * scale[c]; };
    Index count = 0;
    for (Index i = 0; i < length; i++) {
      const Index c = list[i];
      if (c == without || !(size(c) > threshold)) continue;
      list[i] = list[count];
      list[count++] = c;
    }
    if (count <= most) return count;
    std::nth_element(list, list + static_cast<Index>(most), list + count,
                     [&](Index i, Index j) { return size(i) != size(j) ? size(i) > size(j) : i < j; });
    return static_cast<Index>(most);
  }

 private:
  const LuRows& upper_;

 public:
  std::vector<double> x;
  std::vector<Index> mark;
  std::vector<Index> step;           // of the column, at which it became a pivot
  std::vector<Index> reached, open;  // columns with a pivot, last ones first; those without

 private:
  std::vector<Index> stack_, next_;
  Index attempt_ = 0;

 public:
  Index top, open_count = 0;
};

// P A Q = L D U by rows, columns chosen for their size (Gilbert and Peierls 1988, transposed; Saad 2003, section
// 10.4.4, where entries are dropped). Row r of A, in the order given, is reduced by the rows of U that it reaches: a
// search through their pattern finds them in an order in which each comes before those it changes, so that work is
// proportional to what is computed. Sizes are compared as if rows and then columns of A were scaled to a largest entry
// of 1. A row that vanishes is put off to the end; what vanishes there too, A being singular or too
// much dropped, gets an infinite pivot or a small one, and is counted.
// Workspace: 9n and both factors.
LuArrays lu(Control& control, const Csr& given, ConstIndices order, const LuSettings& settings) {
  const Index n = given.pattern.rows;
  if (given.pattern.columns != n || order.size() != static_cast<std::size_t>(n) || !(settings.max_fill >= 0))
    throw Misuse("ERR_SHAPE", "A must be square, its order as long, and maxFill not negative");
  const Csr A{owned(control, given.pattern), given.values};
  const ConstIndices pointers = A.pattern.row_pointers, col = A.pattern.column_indices;
  const Vector row_scale = control.arena.doubles(n), column_scale = control.arena.doubles(n);
  scales(A, row_scale, column_scale);
  const Indices rows = control.allocate<Index>(n), columns = control.allocate<Index>(n);
  const Vector inverse = control.allocate<double>(n);
  LuRows lower(A.nonzeros()), upper(A.nonzeros());
  Row w(n, upper);
  std::vector<Index> queue(order.begin(), order.end());
  for (const Index r : queue)
    if (r < 0 || r >= n) throw Misuse("ERR_INDEX", "order must hold rows of A");
  queue.resize(2 * n);
  Index end = n, replaced = 0, unused = 0;
  std::int64_t work = 0;
  const double drop = settings.drop_tolerance;

  for (Index at = 0, p = 0; p < n; at++) {
    if (at >= end) throw Misuse("ERR_INDEX", "order must name every row of A once");
    const Index r = queue[at];
    w.begin(at);
    for (Index e = pointers[r]; e < pointers[r + 1]; e++) w.reach(col[e]);
    for (Index e = pointers[r]; e < pointers[r + 1]; e++) w.x[col[e]] = A.values[e];
    const double threshold = drop / row_scale[r];
    Index count = 0;
    for (Index t = w.top; t < n; t++) {
      const Index c = w.reached[t];
      const double f = w.x[c];
      if (!(std::abs(f) * column_scale[c] > threshold)) continue;
      w.reached[count++] = c;
      const Index q = w.step[c], last = upper.pointers[q + 1];
      for (Index e = upper.pointers[q]; e < last; e++) w.x[upper.columns[e]] -= f * upper.values[e];
      work += last - upper.pointers[q];
    }

    Index pivot = -1;
    double best = 0;
    for (Index o = 0; o < w.open_count; o++) {
      const double size = std::abs(w.x[w.open[o]]) * column_scale[w.open[o]];
      if (size > best) {
        pivot = w.open[o];
        best = size;
      }
    }
    if (w.step[r] < 0 && w.mark[r] == at && best > 0 &&
        std::abs(w.x[r]) * column_scale[r] >= settings.pivot_tolerance * best)
      pivot = r;
    const bool vanished = !(best * row_scale[r] > kEps && best < kInfinite);
    if (vanished && at < n) {
      queue[end++] = r;
      continue;
    }
    if (vanished) {
      while (w.step[unused] >= 0) unused++;
      pivot = unused;
      // without dropping A is singular there, and the unknown stays zero
      w.x[pivot] = drop > 0 ? drop / (row_scale[r] * column_scale[pivot]) : kInfinite;
      replaced++;
    }

    const double most = pointers[r + 1] - pointers[r] + settings.max_fill;
    const Index kept = w.keep(w.reached.data(), count, -1, column_scale, threshold, most);
    for (Index i = 0; i < kept; i++) {
      const Index q = w.step[w.reached[i]];
      lower.push(q, w.x[w.reached[i]] * inverse[q]);
    }
    lower.end();
    const Index right = vanished ? 0 : w.keep(w.open.data(), w.open_count, pivot, column_scale, threshold, most);
    const double d = 1 / w.x[pivot];
    for (Index o = 0; o < right; o++) upper.push(w.open[o], w.x[w.open[o]] * d);
    upper.end();
    rows[p] = r;
    columns[p] = pivot;
    inverse[p] = d;
    w.step[pivot] = p++;
    work += n - w.top + w.open_count;
    if (work < kWorkPerPoll) continue;
    work = 0;
    control.poll();
  }
  return {rows, columns, lower.assembled(control, {}), upper.assembled(control, w.step), inverse, replaced};
}

const Exposed lu_{expose<lu>("lu")};

}  // namespace
}  // namespace krylov

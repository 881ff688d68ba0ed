#include "direct/lu.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/meter.hpp"
#include "core/method.hpp"
#include "core/owned.hpp"
#include "direct/lu_rows.hpp"

namespace krylov {

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity(), kEps = std::numeric_limits<double>::epsilon();

// 1 / max |a_ij| of each row, then of each column of what that leaves; 1 where all is zero.
void scales(Meter& meter, const Csr& A, Vector row_scale, Vector column_scale) {
  const ConstIndices row = A.pattern.row_pointers, col = A.pattern.column_indices;
  std::fill(column_scale.begin(), column_scale.end(), 0.0);
  for (std::size_t i = 0; i < A.rows(); i++) {
    double largest = 0;
    for (Index e = row[i]; e < row[i + 1]; e++) largest = std::max(largest, std::abs(A.values[e]));
    row_scale[i] = largest > 0 ? 1 / largest : 1;
    for (Index e = row[i]; e < row[i + 1]; e++)
      column_scale[col[e]] = std::max(column_scale[col[e]], std::abs(A.values[e]) * row_scale[i]);
    meter.spend(row[i + 1] - row[i] + 1);
  }
  for (double& scale : column_scale) scale = scale > 0 ? 1 / scale : 1;
}

// The row that is being reduced, and what it reaches.
class Row {
 public:
  Row(Meter& meter, Index n, const LuRows& upper)
      : x(n), mark(n, -1), step(n, -1), reached(n), open(n), meter_(meter), upper_(upper), stack_(n), next_(n) {}

  std::vector<double> x;
  std::vector<Index> mark;           // of the column, the attempt that reached it last
  std::vector<Index> step;           // of the column, at which it became a pivot
  std::vector<Index> reached, open;  // columns with a pivot, last ones first from `top` on; those without
  Index top = 0, open_count = 0;

  void begin(Index attempt) {
    attempt_ = attempt;
    top = static_cast<Index>(x.size());
    open_count = 0;
  }

  // Marks what column c reaches, and puts what has a pivot before what it changes.
  void reach(Index c) {
    Index depth = meet(c) ? 0 : -1;
    if (depth == 0) push(0, c);
    while (depth >= 0) {
      const Index last = upper_.pointers[step[stack_[depth]] + 1], first = next_[depth];
      Index e = first, deeper = -1;
      for (; e < last && deeper < 0; e++)
        if (meet(upper_.columns[e])) deeper = upper_.columns[e];
      next_[depth] = e;
      meter_.spend(e - first + 1);
      if (deeper < 0)
        reached[--top] = stack_[depth--];
      else
        push(++depth, deeper);
    }
  }

  // Subtracts f times row q of U.
  void subtract(double f, Index q) {
    const Index first = upper_.pointers[q], last = upper_.pointers[q + 1];
    for (Index e = first; e < last; e++) x[upper_.columns[e]] -= f * upper_.values[e];
    meter_.spend(last - first);
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
  // Marks a column; true where it has a pivot and has not been marked before.
  bool meet(Index c) {
    if (mark[c] == attempt_) return false;
    mark[c] = attempt_;
    x[c] = 0;
    if (step[c] >= 0) return true;
    open[open_count++] = c;
    return false;
  }
  void push(Index depth, Index c) {
    stack_[depth] = c;
    next_[depth] = upper_.pointers[step[c]];
  }

  Meter& meter_;
  const LuRows& upper_;
  std::vector<Index> stack_, next_;
  Index attempt_ = 0;
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
  if (given.pattern.columns != n || !(settings.max_fill >= 0))
    throw Misuse("ERR_SHAPE", "A must be square, and maxFill not negative");
  const Csr A{owned(control, given.pattern), given.values};
  const ConstIndices pointers = A.pattern.row_pointers, col = A.pattern.column_indices;
  const Vector row_scale = control.arena.doubles(n), column_scale = control.arena.doubles(n);
  Meter meter(control);
  scales(meter, A, row_scale, column_scale);
  const Indices rows = control.allocate<Index>(n), columns = control.allocate<Index>(n);
  const Vector inverse = control.allocate<double>(n);
  LuRows lower(A.nonzeros()), upper(A.nonzeros());
  Row w(meter, n, upper);
  const Indices first = owned_order(control, order, n);
  std::vector<Index> queue(first.begin(), first.end());  // and, behind it, what is put off: each row once at most
  Index replaced = 0, unused = 0;
  const double drop = settings.drop_tolerance;

  for (Index at = 0, p = 0; p < n; at++) {
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
      w.subtract(f, w.step[c]);
    }

    meter.spend(n - w.top + w.open_count);

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
      queue.push_back(r);
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
  }
  return {rows, columns, lower.assembled(control, {}), upper.assembled(control, w.step), inverse, replaced};
}

const Exposed lu_{expose<lu>("lu")};

}  // namespace
}  // namespace krylov

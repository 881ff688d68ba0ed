#include "direct/ldlt.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/method.hpp"
#include "core/owned.hpp"
#include "direct/equilibrate.hpp"
#include "direct/front.hpp"

namespace krylov {

namespace {

// What one factorization works on.
struct Numeric {
  const Csr& A;  // its pattern the call's own
  const Symbolic& symbolic;
  Vector values, diagonal;
  ConstVector scale;
  ConstIndices place;             // row of A's row i in the order of L
  std::vector<std::size_t> base;  // where the panel of each supernode starts
  std::vector<Index> parent;      // supernode, or -1
  std::vector<double*> update;    // update matrix of each supernode while it waits
};

// Column j of S A S, from the diagonal on. `local`: where each row stands in the front.
void assemble(const Numeric& f, Index s, Index j, const Index* local) {
  const Symbolic& y = f.symbolic;
  const Index* const rows = y.rows.data() + y.row_starts[s];
  const Index height = y.height(s), row = y.order[j];
  double* const column = f.values.data() + f.base[s] + static_cast<std::size_t>(j - y.starts[s]) * height;
  for (Index at = f.A.pattern.row_pointers[row]; at < f.A.pattern.row_pointers[row + 1]; at++) {
    const Index i = f.place[f.A.pattern.column_indices[at]];
    if (i < j) continue;
    const Index to = local[i];
    if (to < 0 || to >= height || rows[to] != i) throw Misuse("ERR_INDEX", "the factor is not of this pattern");
    column[to] = f.A.values[at] * f.scale[row] * f.scale[f.A.pattern.column_indices[at]];
  }
}

// Where the rows of supernode c stand in the front of its parent. False where one is not there.
bool relative_rows(const Symbolic& y, Index c, Index parent, const Index* local, Index* out) {
  const Index* const from = y.rows.data() + y.row_starts[c] + y.width(c);
  const Index* const rows = y.rows.data() + y.row_starts[parent];
  const Index size = y.height(c) - y.width(c), height = y.height(parent);
  for (Index k = 0; k < size; k++) {
    const Index to = local[from[k]];
    if (to < 0 || to >= height || rows[to] != from[k]) return false;
    out[k] = to;
  }
  return true;
}

void add_column(const double* from, const Index* at, Index count, double* to) {
  if (at[count - 1] - at[0] == count - 1) {
    to += at[0];
    for (Index k = 0; k < count; k++) to[k] += from[k];
  } else {
    for (Index k = 0; k < count; k++) to[at[k]] += from[k];
  }
}

// Adds columns of a child's update matrix to its parent's panel (`in_panel`), or to its parent's update matrix.
void extend_add(const Numeric& f, Index c, Index parent, const Index* at, bool in_panel) {
  const Symbolic& y = f.symbolic;
  const Index size = y.height(c) - y.width(c), width = y.width(parent), height = y.height(parent);
  const std::size_t below = height - width;
  const Index split = static_cast<Index>(std::lower_bound(at, at + size, width) - at);
  const double* const from = f.update[c];
  for (Index j = in_panel ? 0 : split; j < (in_panel ? split : size); j++) {
    double* const to = in_panel ? f.values.data() + f.base[parent] + static_cast<std::size_t>(at[j]) * height
                                : f.update[parent] + (at[j] - width) * below - width;
    add_column(from + static_cast<std::size_t>(j) * size + j, at + j, size - j, to);
  }
}

// Largest diagonal entry of |L| |D| |L|^T, and so largest entry.
double growth_of(Control& control, const Numeric& f) {
  const Symbolic& y = f.symbolic;
  std::vector<double> sums(f.diagonal.size(), 0.0);
  for (Index s = 0; s < y.count(); s++) {
    if (s % 256 == 0) control.poll();
    const double* column = f.values.data() + f.base[s];
    const Index* const rows = y.rows.data() + y.row_starts[s];
    for (Index j = 0; j < y.width(s); j++, column += y.height(s)) {
      const double d = std::abs(f.diagonal[y.starts[s] + j]);
      for (Index i = j; i < y.height(s); i++) sums[rows[i]] += column[i] * column[i] * d;
    }
  }
  double most = 1;
  for (const double sum : sums) most = std::max(most, sum);
  return most;
}

}  // namespace

// Multifrontal L D L^T of S A S in the order of `symbolic`, S = `scale` (Duff and Reid 1983; Liu, SIAM Review 34
// (1992)). D is diagonal and no pivot is sought: one that is zero to rounding is replaced by sqrt(eps). Fills the
// panels `values`, zero before, `diagonal` (of D) and `scale`. Workspace: the stack of update matrices + 2n integers.
PivotReport ldlt_numeric(Control& control, const Csr& given, const Symbolic& symbolic, Vector values, Vector diagonal,
                         Vector scale) {
  const Symbolic y = symbolic.own(control);
  const std::size_t n = y.order.size();
  if (given.rows() != n || given.pattern.columns != given.pattern.rows || diagonal.size() != n || scale.size() != n ||
      static_cast<double>(values.size()) != y.panel_entries)
    throw Misuse("ERR_SHAPE", "the factor is not for this matrix");
  const Csr A{owned(control, given.pattern), given.values};
  equilibrate(control, A, scale);
  const Indices place = control.arena.indices(n), local = control.arena.indices(n), at = control.arena.indices(n);
  for (std::size_t k = 0; k < n; k++) place[y.order[k]] = static_cast<Index>(k);
  std::fill(local.begin(), local.end(), -1);

  const Index count = y.count();
  Numeric f{A, y, values, diagonal, scale, place, {}, {}, {}};
  f.base.resize(count);
  f.parent.assign(count, -1);
  f.update.assign(count, nullptr);
  std::vector<Index> owner(n), child(count, -1), sibling(count, -1), depth(count, 0);
  std::size_t base = 0;
  for (Index s = 0; s < count; s++) {
    f.base[s] = base;
    base += static_cast<std::size_t>(y.width(s)) * y.height(s);
    std::fill(owner.begin() + y.starts[s], owner.begin() + y.starts[s + 1], s);
  }
  for (Index s = 0; s < count; s++)
    if (y.height(s) > y.width(s)) f.parent[s] = owner[y.rows[y.row_starts[s] + y.width(s)]];
  for (Index s = count - 1; s >= 0; s--) {
    if (f.parent[s] < 0) continue;
    depth[s] = depth[f.parent[s]] + 1;
    sibling[s] = child[f.parent[s]];
    child[f.parent[s]] = s;
  }

  // Update matrices of even depth grow from the one end of the stack, those of odd depth from the other: a parent's is
  // made while its children's are there, and is last on its side.
  if (!(y.stack_entries < 1e15)) throw std::bad_alloc();
  const Vector stack = control.arena.doubles(static_cast<std::size_t>(y.stack_entries));
  double* ends[2] = {stack.data(), stack.data() + stack.size()};
  Front front(control);
  Signs signs{};
  for (Index s = 0; s < count; s++) {
    const std::size_t width = y.width(s), height = y.height(s), below = height - width;
    const Index* const rows = y.rows.data() + y.row_starts[s];
    for (Index k = 0; k < y.height(s); k++) local[rows[k]] = k;
    for (Index j = y.starts[s]; j < y.starts[s + 1]; j++) assemble(f, s, j, local.data());
    for (Index c = child[s]; c != -1; c = sibling[c]) {
      if (!relative_rows(y, c, s, local.data(), at.data())) throw Misuse("ERR_INDEX", "the supernodes do not nest");
      extend_add(f, c, s, at.data(), true);
    }
    const bool odd = depth[s] % 2 != 0;
    if (static_cast<std::size_t>(ends[1] - ends[0]) < below * below)
      throw Misuse("ERR_INDEX", "stackEntries is too small");
    f.update[s] = odd ? ends[1] - below * below : ends[0];
    control.poll();
    front.factor(values.data() + f.base[s], width, height, diagonal.data() + y.starts[s], f.update[s], signs, false);
    for (Index c = child[s]; c != -1; c = sibling[c]) {
      relative_rows(y, c, s, local.data(), at.data());
      extend_add(f, c, s, at.data(), false);
      const std::size_t size = y.height(c) - y.width(c);
      if (odd)
        ends[0] -= size * size;
      else
        ends[1] += size * size;
    }
    if (odd)
      ends[1] -= below * below;
    else
      ends[0] += below * below;
  }
  PivotReport report{signs[0], signs[1], signs[2]};
  if (static_cast<std::size_t>(report.positive) != n) report.growth = growth_of(control, f);
  return report;
}

namespace {
const Exposed ldlt_numeric_{expose<ldlt_numeric>("ldltNumeric")};
}

}  // namespace krylov

#include "direct/ldlt.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <vector>

#include "core/lookout.hpp"
#include "core/method.hpp"
#include "core/owned.hpp"
#include "direct/equilibrate.hpp"
#include "direct/front.hpp"
#include "direct/subtrees.hpp"

namespace krylov {

namespace {

// What one factorization works on.
struct Numeric {
  const Csr& A;  // its pattern the call's own
  const Symbolic& symbolic;
  Vector values, diagonal;
  ConstVector scale;
  ConstIndices place;  // row of A's row i in the order of L
  const SupernodeTree& tree;
  std::vector<std::size_t> base;  // where the panel of each supernode starts
  std::vector<double*> update;    // update matrix of each supernode while it waits
  std::vector<bool> apart;        // supernodes whose update matrix lies on no stack
};

// What a thread works with. Update matrices of even depth grow from the one end of its stack, those of odd depth from
// the other: a parent's is made while its children's are there, and is last on its side.
struct Bench {
  Indices local, at;  // where the rows of a front, and those of a child in it, stand
  double* ends[2];
  Signs signs{};
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

// One supernode, whose children are done: its panel, and its update matrix at `apart`, or on the stack where null.
// `alone`: other threads are at other supernodes.
void make_front(Numeric& f, Front& front, Index s, Bench& bench, double* apart, bool alone) {
  const Symbolic& y = f.symbolic;
  const std::size_t width = y.width(s), height = y.height(s), below = height - width;
  const Index* const rows = y.rows.data() + y.row_starts[s];
  for (Index k = 0; k < y.height(s); k++) bench.local[rows[k]] = k;
  for (Index j = y.starts[s]; j < y.starts[s + 1]; j++) assemble(f, s, j, bench.local.data());
  for (Index c = f.tree.child[s]; c != -1; c = f.tree.sibling[c]) {
    if (!relative_rows(y, c, s, bench.local.data(), bench.at.data()))
      throw Misuse("ERR_INDEX", "the supernodes do not nest");
    extend_add(f, c, s, bench.at.data(), true);
  }
  const bool odd = f.tree.depth[s] % 2 != 0;
  const std::size_t space = apart ? 0 : below * below;
  if (static_cast<std::size_t>(bench.ends[1] - bench.ends[0]) < space)
    throw Misuse("ERR_INDEX", "stackEntries is too small");
  f.update[s] = apart ? apart : odd ? bench.ends[1] - space : bench.ends[0];
  front.factor(f.values.data() + f.base[s], width, height, f.diagonal.data() + y.starts[s], f.update[s], bench.signs,
               alone);
  for (Index c = f.tree.child[s]; c != -1; c = f.tree.sibling[c]) {
    relative_rows(y, c, s, bench.local.data(), bench.at.data());
    extend_add(f, c, s, bench.at.data(), false);
    if (f.apart[c]) continue;
    const std::size_t size = y.height(c) - y.width(c);
    if (odd)
      bench.ends[0] -= size * size;
    else
      bench.ends[1] += size * size;
  }
  if (odd)
    bench.ends[1] -= space;
  else
    bench.ends[0] += space;
}

Bench make_bench(Control& control, std::size_t n, std::size_t stack) {
  Bench bench{control.arena.indices(n), control.arena.indices(n), {}};
  std::fill(bench.local.begin(), bench.local.end(), -1);
  const Vector doubles = control.arena.doubles(stack);
  bench.ends[0] = doubles.data();
  bench.ends[1] = doubles.data() + stack;
  return bench;
}

// Factors subtrees, different ones on different threads, and says which supernodes that were. Every front
// gets what it would get in order, so that no bit depends on who makes it when.
std::vector<bool> make_subtrees(Control& control, Numeric& f, Front& front, Signs& signs) {
  std::vector<bool> made(f.symbolic.count(), false);
  const std::size_t threads = control.crew.threads();
  if (threads == 1) return made;
  const std::vector<Subtree> parts = subtrees(f.symbolic, f.tree);
  std::size_t stack = 0, updates = 0;
  for (const Subtree& part : parts) {
    stack = std::max(stack, part.stack);
    updates += part.update;
  }
  std::vector<Bench> benches;
  for (std::size_t t = 0; t < (parts.empty() ? 0 : threads); t++)
    benches.push_back(make_bench(control, f.symbolic.order.size(), stack));
  std::vector<double*> apart;
  double* next = control.arena.doubles(updates).data();
  for (const Subtree& part : parts) {
    apart.push_back(next);
    next += part.update;
    std::fill(made.begin() + part.first, made.begin() + part.root + 1, true);
    f.apart[part.root] = true;
  }
  Lookout lookout(control);
  std::mutex mutex;
  std::vector<Bench*> free;
  for (Bench& bench : benches) free.push_back(&bench);
  const auto borrowed = [&] {
    const auto give_back = [&](Bench* bench) {
      const std::lock_guard lock(mutex);
      free.push_back(bench);
    };
    const std::lock_guard lock(mutex);
    Bench* const bench = free.back();
    free.pop_back();
    return std::unique_ptr<Bench, decltype(give_back)>(bench, give_back);
  };
  control.crew.run(parts.size(), [&](std::size_t from, std::size_t to) {
    const auto bench = borrowed();
    for (; from < to; from++)
      for (Index s = parts[from].first; s <= parts[from].root && !lookout.look(); s++)
        make_front(f, front, s, *bench, s == parts[from].root ? apart[from] : nullptr, true);
  });
  lookout.rethrow();
  for (const Bench& bench : benches)
    for (std::size_t sign = 0; sign < signs.size(); sign++) signs[sign] += bench.signs[sign];
  return made;
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
  const Indices place = control.arena.indices(n);
  for (std::size_t k = 0; k < n; k++) place[y.order[k]] = static_cast<Index>(k);

  const Index count = y.count();
  const SupernodeTree tree(control, y);
  Numeric f{A, y, values, diagonal, scale, place, tree, {}, {}, {}};
  f.update.assign(count, nullptr);
  f.apart.assign(count, false);
  std::size_t base = 0;
  for (Index s = 0; s < count; s++) {
    f.base.push_back(base);
    base += static_cast<std::size_t>(y.width(s)) * y.height(s);
  }

  if (!(y.stack_entries < 1e15)) throw std::bad_alloc();
  Front front(control);
  Signs signs{};
  const std::vector<bool> made = make_subtrees(control, f, front, signs);
  Bench bench = make_bench(control, n, static_cast<std::size_t>(y.stack_entries));
  bench.signs = signs;
  for (Index s = 0; s < count; s++) {
    if (made[s]) continue;
    control.poll();
    make_front(f, front, s, bench, nullptr, false);
  }
  signs = bench.signs;
  PivotReport report{signs[0], signs[1], signs[2]};
  if (static_cast<std::size_t>(report.positive) != n) report.growth = growth_of(control, f);
  return report;
}

namespace {
const Exposed ldlt_numeric_{expose<ldlt_numeric>("ldltNumeric")};
}

}  // namespace krylov

#include "direct/symbolic.hpp"

#include <numeric>
#include <vector>

#include "core/method.hpp"
#include "direct/elimination_tree.hpp"

namespace krylov {

Indices owners(Control& control, ConstIndices starts) {
  const Indices owner = control.arena.indices(starts.back());
  for (std::size_t s = 0; s + 1 < starts.size(); s++)
    std::fill(owner.begin() + starts[s], owner.begin() + starts[s + 1], static_cast<Index>(s));
  return owner;
}

namespace {

// Ashcraft and Grimes, The influence of relaxed supernode partitions (1989): a supernode joins its parent where few
// zeros come in, or where both are narrow. Widths and shares of zeros as in CHOLMOD.
bool joins(double width, double zeros, double size) {
  return zeros == 0 || width <= 4 || (width <= 16 && zeros < 0.8 * size) || (width <= 48 && zeros < 0.1 * size) ||
         zeros < 0.05 * size;
}

std::vector<Index> supernodes(const Elimination& tree) {
  const Indices parent = tree.parent, counts = tree.counts;
  const Index n = static_cast<Index>(parent.size());
  std::vector<Index> first;
  std::vector<double> zeros;
  Index begin = 0;
  for (Index j = 0; j < n; j++) {
    if (parent[j] == j + 1 && counts[j] == counts[j + 1] + 1) continue;  // the next column has the same rows
    double blank = 0;
    // the supernode before ends with a child of this one
    while (!first.empty() && parent[begin - 1] >= begin && parent[begin - 1] <= j) {
      const Index child = first.back();
      const double merged = j - child + counts[j];
      const double added = (begin - child) * (merged - (begin - child - 1 + counts[begin - 1]));
      const double sum = zeros.back() + blank + added;
      if (!joins(j + 1 - child, sum, (j + 1 - child) * merged)) break;
      blank = sum;
      zeros.pop_back();
      begin = child;
      first.pop_back();
    }
    first.push_back(begin);
    zeros.push_back(blank);
    begin = j + 1;
  }
  first.push_back(n);
  return first;
}

void fill_rows(Control& control, const Elimination& tree, ConstIndices starts, ConstIndices row_starts, Indices rows) {
  const Index n = static_cast<Index>(tree.order.size()), count = static_cast<Index>(starts.size()) - 1;
  const Indices owner = owners(control, starts);
  const Indices child = control.arena.indices(count), sibling = control.arena.indices(count);
  const Indices seen = control.arena.indices(n);
  std::fill(child.begin(), child.end(), -1);
  std::fill(seen.begin(), seen.end(), -1);
  for (Index s = 0; s < count; s++) {
    if (s % 1024 == 0) control.poll();
    const Index begin = starts[s], end = starts[s + 1];
    Index at = row_starts[s];
    for (Index j = begin; j < end; j++) rows[at++] = j;
    const Index below = at;
    const auto add = [&](Index i) {
      if (i < end || seen[i] == s) return;
      seen[i] = s;
      rows[at++] = i;
    };
    for (Index j = begin; j < end; j++)
      for (Index k = tree.graph.pointers[tree.order[j]]; k < tree.graph.pointers[tree.order[j] + 1]; k++)
        add(tree.place[tree.graph.neighbours[k]]);
    for (Index c = child[s]; c != -1; c = sibling[c])
      for (Index k = row_starts[c] + starts[c + 1] - starts[c]; k < row_starts[c + 1]; k++) add(rows[k]);
    std::sort(rows.begin() + below, rows.begin() + at);
    if (at == below) continue;
    const Index parent = owner[rows[below]];
    sibling[s] = child[parent];
    child[parent] = s;
  }
}

// Sizes and work, with the update matrices of children on one stack below their parent's.
void count_cost(Control& control, Symbolic& symbolic) {
  const Index count = symbolic.count();
  const Indices owner = owners(control, symbolic.starts);
  std::vector<double> waiting(count, 0.0);  // doubles of the children's update matrices
  double stack = 0;
  for (Index s = 0; s < count; s++) {
    const double width = symbolic.width(s), height = symbolic.height(s), below = height - width;
    symbolic.panel_entries += width * height;
    for (double j = 0; j < width; j++) symbolic.flops += (height - j) * (height - j);
    symbolic.stack_entries = std::max(symbolic.stack_entries, stack + below * below);
    stack += below * below - waiting[s];
    if (below > 0) waiting[owner[symbolic.rows[symbolic.row_starts[s] + symbolic.width(s)]]] += below * below;
  }
}

}  // namespace

// Elimination tree, column counts, supernodes and their rows. Workspace: 2 nnz + 10 n integers.
Symbolic symbolic_factor(Control& control, const Pattern& pattern, ConstIndices given) {
  const Elimination tree = eliminate(control, pattern, given);
  const std::vector<Index> first = supernodes(tree);
  const std::size_t count = first.size() - 1;
  const Indices starts = control.allocate<Index>(count + 1), row_starts = control.allocate<Index>(count + 1);
  std::copy(first.begin(), first.end(), starts.begin());
  std::int64_t total = 0;
  row_starts[0] = 0;
  for (std::size_t s = 0; s < count; s++) {
    total += starts[s + 1] - starts[s] - 1 + tree.counts[starts[s + 1] - 1];
    if (total > 0x7fffffff) throw Misuse("ERR_MEMORY", "the factor has more rows than 32 bits can count");
    row_starts[s + 1] = static_cast<Index>(total);
  }
  const Indices rows = control.allocate<Index>(total), order = control.allocate<Index>(tree.order.size());
  std::copy(tree.order.begin(), tree.order.end(), order.begin());
  control.poll();
  fill_rows(control, tree, starts, row_starts, rows);
  Symbolic symbolic{order, starts, row_starts, rows};
  symbolic.entries = std::accumulate(tree.counts.begin(), tree.counts.end(), 0.0);
  count_cost(control, symbolic);
  return symbolic;
}

Symbolic Symbolic::own(Control& control) const {
  const auto copied = [&](ConstIndices list) {
    const Indices copy = control.arena.indices(list.size());
    std::copy(list.begin(), list.end(), copy.begin());
    return ConstIndices(copy);
  };
  Symbolic copy = *this;
  copy.order = copied(order);
  copy.starts = copied(starts);
  copy.row_starts = copied(row_starts);
  copy.rows = copied(rows);
  const std::size_t n = order.size(), most = rows.size();
  bool bad = copy.starts.empty() || copy.row_starts.size() != copy.starts.size() || copy.starts[0] != 0 ||
             static_cast<std::size_t>(copy.starts.back()) != n || copy.row_starts[0] != 0 ||
             static_cast<std::size_t>(copy.row_starts.back()) != most;
  double panels = 0;
  for (Index s = 0; !bad && s < copy.count(); s++) {
    const std::int64_t width = std::int64_t{copy.starts[s + 1]} - copy.starts[s];
    const std::int64_t height = std::int64_t{copy.row_starts[s + 1]} - copy.row_starts[s];
    bad = width < 1 || height < width || copy.row_starts[s] < 0 ||
          static_cast<std::size_t>(copy.row_starts[s + 1]) > most;
    for (std::int64_t at = 0; !bad && at < height; at++) {
      const Index i = copy.rows[copy.row_starts[s] + at];
      bad = at < width ? i != copy.starts[s] + at
                       : i <= copy.rows[copy.row_starts[s] + at - 1] || static_cast<std::size_t>(i) >= n;
    }
    panels += static_cast<double>(width) * static_cast<double>(height);
  }
  std::vector<bool> seen(n, false);
  for (const Index i : copy.order) {
    bad |= i < 0 || static_cast<std::size_t>(i) >= n || seen[i];
    if (bad) break;
    seen[i] = true;
  }
  if (bad || panels != panel_entries) throw Misuse("ERR_INDEX", "the arrays do not describe a factor");
  return copy;
}

namespace {
const Exposed symbolic_factor_{expose<symbolic_factor>("symbolicFactor")};
}

}  // namespace krylov

#pragma once
#include <algorithm>

#include "core/owned.hpp"

namespace krylov {

// The neighbours of every vertex in A + A^T without its diagonal.
struct Graph {
  Indices pointers, neighbours;
};

// Linear time. Throws Misuse where the indices are wrong or more than 32 bits can count.
inline Graph symmetrised(Control& control, const Pattern& given) {
  if (given.rows != given.columns) throw Misuse("ERR_SHAPE", "the pattern must be square");
  if (given.nonzeros() >= std::size_t{1} << 30) throw Misuse("ERR_SHAPE", "at most 2^30 - 1 non-zeros can be ordered");
  const Pattern pattern = owned(control, given);
  const Index n = pattern.rows;
  const Index* const row = pattern.row_pointers.data();
  const Index* const col = pattern.column_indices.data();
  const Graph graph{control.arena.indices(n + 1), control.arena.indices(2 * pattern.nonzeros())};
  const Indices next = control.arena.indices(n + 1);
  // partners come in order, as rows are sorted: one cursor per row finds out whether all are there
  bool symmetric = true;
  std::copy_n(row, n, next.begin());
  for (Index i = 0; i < n && symmetric; i++)
    for (Index at = row[i]; at < row[i + 1]; at++) {
      const Index j = col[at];
      if (next[j] >= row[j + 1] || col[next[j]] != i) {
        symmetric = false;
        break;
      }
      next[j]++;
    }
  control.poll();
  Index count = 0;
  graph.pointers[0] = 0;
  if (symmetric) {
    for (Index i = 0; i < n; i++) {
      for (Index at = row[i]; at < row[i + 1]; at++)
        if (col[at] != i) graph.neighbours[count++] = col[at];
      graph.pointers[i + 1] = count;
    }
    return {graph.pointers, graph.neighbours.first(count)};
  }
  const Indices both = control.arena.indices(n + 1);
  std::fill(both.begin(), both.end(), 0);
  for (Index i = 0; i < n; i++)
    for (Index at = row[i]; at < row[i + 1]; at++) both[i + 1]++, both[col[at] + 1]++;
  for (Index i = 0; i < n; i++) both[i + 1] += both[i];
  std::copy_n(both.begin(), n, next.begin());
  for (Index i = 0; i < n; i++)
    for (Index at = row[i]; at < row[i + 1]; at++) {
      graph.neighbours[next[i]++] = col[at];
      graph.neighbours[next[col[at]]++] = i;
    }
  std::fill(next.begin(), next.end(), -1);
  for (Index i = 0; i < n; i++) {
    next[i] = i;
    for (Index at = both[i]; at < both[i + 1]; at++) {
      const Index j = graph.neighbours[at];
      if (next[j] == i) continue;
      next[j] = i;
      graph.neighbours[count++] = j;  // behind the reading place, since lists only shrink
    }
    graph.pointers[i + 1] = count;
  }
  return {graph.pointers, graph.neighbours.first(count)};
}

}  // namespace krylov

#include "relaxation/colouring.hpp"

#include <algorithm>
#include <vector>

#include "core/method.hpp"
#include "core/owned.hpp"

namespace krylov {

namespace {

constexpr Index kWindow = 1024;  // rows of a colour that are sorted by length among themselves

// Greedy colouring, rows met breadth first from the lowest row of each component: two colours wherever two suffice
// (red-black), at most one more than the longest row has neighbours otherwise. Workspace: 4n integers.
Colouring colouring(Control& control, const Pattern& given) {
  if (given.rows != given.columns) throw Misuse("ERR_SHAPE", "the pattern must be square");
  const Pattern pattern = owned(control, given);
  const Index n = pattern.rows;
  const ConstIndices row = pattern.row_pointers, col = pattern.column_indices;
  const Indices colour = control.arena.indices(n), queue = control.arena.indices(n),
                taken = control.arena.indices(n + 1);
  std::fill(colour.begin(), colour.end(), -1);
  std::fill(taken.begin(), taken.end(), -1);
  Index colours = 0;
  for (Index root = 0, head = 0, tail = 0; root < n; root++) {
    if (colour[root] != -1) continue;
    colour[root] = -2;
    queue[tail++] = root;
    while (head < tail) {
      const Index i = queue[head++];
      if (head % (1 << 16) == 0) control.poll();
      for (Index at = row[i]; at < row[i + 1]; at++) {
        const Index j = col[at];
        if (colour[j] >= 0) {
          taken[colour[j]] = i;
        } else if (colour[j] == -1) {
          colour[j] = -2;
          queue[tail++] = j;
        }
      }
      Index c = 0;
      while (taken[c] == i) c++;
      colour[i] = c;
      colours = std::max(colours, c + 1);
    }
  }
  control.poll();

  const Indices starts = control.allocate<Index>(colours + 1);
  std::vector<Index> members(colours + 1, 0);
  for (Index i = 0; i < n; i++) members[colour[i] + 1]++;
  starts[0] = 0;
  for (Index c = 0; c < colours; c++) {
    starts[c + 1] = starts[c] + (members[c + 1] + kLanes - 1) / kLanes;
    members[c + 1] += members[c];
  }
  const Index slices = starts[colours];
  const Indices order = control.allocate<Index>(static_cast<std::size_t>(slices) * kLanes);
  std::fill(order.begin(), order.end(), -1);
  std::vector<Index> next(members.begin(), members.end());
  const Indices by_colour = queue;
  for (Index i = 0; i < n; i++) by_colour[next[colour[i]]++] = i;
  control.poll();

  // longest rows first inside a window; rows of equal length keep their order
  const Indices place = colour;
  const auto length = [&](Index i) { return row[i + 1] - row[i]; };
  for (Index c = 0; c < colours; c++)
    for (Index from = members[c]; from < members[c + 1]; from += kWindow) {
      const auto window = by_colour.subspan(from, std::min(kWindow, members[c + 1] - from));
      std::stable_sort(window.begin(), window.end(), [&](Index i, Index j) { return length(i) > length(j); });
      for (std::size_t m = 0; m < window.size(); m++) {
        const Index p = starts[c] * kLanes + from - members[c] + static_cast<Index>(m);
        order[p] = window[m];
        place[window[m]] = p;
      }
    }
  control.poll();

  const auto others = [&](Index i) {
    Index count = 0;
    for (Index at = row[i]; at < row[i + 1]; at++) count += col[at] != i;
    return count;
  };
  const Indices offsets = control.allocate<Index>(slices + 1);
  std::int64_t entries = 0;
  offsets[0] = 0;
  for (Index s = 0; s < slices; s++) {
    Index longest = 0;
    for (Index l = 0; l < kLanes; l++)
      if (const Index i = order[s * kLanes + l]; i >= 0) longest = std::max(longest, others(i));
    entries += static_cast<std::int64_t>(longest) * kLanes;
    if (entries > 2147483647) throw Misuse("ERR_SHAPE", "the padded rows of a colouring exceed 2^31 - 1 entries");
    offsets[s + 1] = static_cast<Index>(entries);
  }
  const Indices columns = control.allocate<Index>(entries), source = control.allocate<Index>(entries);
  std::fill(source.begin(), source.end(), -1);
  for (Index p = 0; p < slices * kLanes; p++) {
    if (p % (1 << 16) == 0) control.poll();
    const Index end = offsets[p / kLanes + 1];
    Index to = offsets[p / kLanes] + p % kLanes;
    if (const Index i = order[p]; i >= 0)
      for (Index at = row[i]; at < row[i + 1]; at++) {
        if (col[at] == i || to >= end) continue;
        columns[to] = place[col[at]];
        source[to] = at;
        to += kLanes;
      }
    for (; to < end; to += kLanes) columns[to] = p;
  }
  return {order, starts, offsets, columns, source};
}

const Exposed colouring_{expose<colouring>("colouring")};

}  // namespace
}  // namespace krylov

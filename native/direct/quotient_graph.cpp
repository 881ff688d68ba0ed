#include "direct/quotient_graph.hpp"

#include <cmath>
#include <numeric>

namespace krylov {

QuotientGraph::QuotientGraph(Control& control, Index n, const Graph& graph)
    : n_(n), remaining_(n), free_(static_cast<Index>(graph.neighbours.size())) {
  const std::size_t room = graph.neighbours.size() + graph.neighbours.size() / 5 + n + 1;
  if (room > 0x7fffffff) throw Misuse("ERR_MEMORY", "the pattern has too many non-zeros to be ordered");
  Arena& arena = control.arena;
  lists_ = arena.indices(room);
  for (Indices* list : {&start_, &length_, &elements_, &size_, &degree_, &mark_, &head_, &next_, &previous_, &bucket_,
                        &follower_, &tail_, &pivot_})
    *list = arena.indices(n);
  std::copy(graph.neighbours.begin(), graph.neighbours.end(), lists_.begin());
  std::copy_n(graph.pointers.begin(), n, start_.begin());
  std::fill(elements_.begin(), elements_.end(), 0);
  std::fill(size_.begin(), size_.end(), 1);
  std::fill(mark_.begin(), mark_.end(), 1);
  for (const Indices& list : {head_, next_, previous_, bucket_, follower_}) std::fill(list.begin(), list.end(), kNone);
  std::iota(tail_.begin(), tail_.end(), 0);
  const double dense = std::max(16.0, 10 * std::sqrt(static_cast<double>(n)));
  for (Index i = 0; i < n; i++) {
    const Index degree = graph.pointers[i + 1] - graph.pointers[i];
    length_[i] = degree_[i] = degree;
    if (degree > dense) {
      size_[i] = 0;
      pivot_[n - ++dense_] = i;
      remaining_--;
    } else {
      insert(i, degree);
    }
  }
}

std::int64_t QuotientGraph::eliminate() {
  while (head_[lowest_] == kNone) lowest_++;
  const Index p = head_[lowest_];
  remove(p);
  remaining_ -= size_[p];
  pivot_[pivots_++] = p;
  if (elements_[p] > 0 && static_cast<std::int64_t>(free_) + degree_[p] >= static_cast<std::int64_t>(lists_.size()))
    compact();
  const Index pivot_size = size_[p];
  const Index begin = form_element(p);
  const Index end = begin + length_[p];
  count_outside(begin, end);
  const std::int64_t work = update_degrees(p, begin, end);
  merge_equal(begin, end);
  finish(p, begin, end);
  size_[p] = pivot_size;
  return work + end - begin;
}

void QuotientGraph::write_order(Indices order) {
  Index at = 0;
  for (Index k = 0; k < pivots_; k++)
    for (Index i = pivot_[k]; i != kNone; i = follower_[i]) order[at++] = i;
  const Indices dense = pivot_.last(dense_);
  std::sort(dense.begin(), dense.end(),
            [&](Index i, Index j) { return degree_[i] != degree_[j] ? degree_[i] < degree_[j] : i < j; });
  for (const Index i : dense) order[at++] = i;
}

// Lp = the variables of p and of its elements, which p absorbs. Returns where the list begins.
Index QuotientGraph::form_element(Index p) {
  const Index own = elements_[p], from = start_[p];
  const Index begin = own == 0 ? from : free_;
  Index at = begin, degree = 0;
  size_[p] = -size_[p];
  for (Index k = 0; k <= own; k++) {
    const Index e = k < own ? lists_[from + k] : p;
    const Index first = k < own ? start_[e] : from + own;
    const Index last = first + (k < own ? length_[e] : length_[p] - own);
    for (Index q = first; q < last; q++) {
      const Index i = lists_[q];
      if (size_[i] <= 0) continue;
      degree += size_[i];
      size_[i] = -size_[i];
      lists_[at++] = i;
      remove(i);
    }
    if (k < own) mark_[e] = 0;
  }
  start_[p] = begin;
  length_[p] = at - begin;
  elements_[p] = kNone;
  degree_[p] = degree;
  mark_[p] = 1;
  if (own != 0) free_ = at;
  return begin;
}

// mark[e] - stamp = |Le \ Lp| for every element that touches Lp.
void QuotientGraph::count_outside(Index begin, Index end) {
  for (Index q = begin; q < end; q++) {
    const Index i = lists_[q], own = -size_[i], from = start_[i];
    for (Index k = from; k < from + elements_[i]; k++) {
      const Index e = lists_[k];
      if (mark_[e] >= stamp_)
        mark_[e] -= own;
      else if (mark_[e] != 0)
        mark_[e] = degree_[e] + stamp_ - own;
    }
  }
}

// Bounds the degrees of Lp's variables, drops what p covers from their lists, and hashes these.
std::int64_t QuotientGraph::update_degrees(Index p, Index begin, Index end) {
  std::int64_t work = 0;
  for (Index q = begin; q < end; q++) {
    const Index i = lists_[q], from = start_[i];
    const Index middle = from + elements_[i], last = from + length_[i];
    Index at = from, degree = 0;
    std::uint32_t hash = 0;
    work += last - from;
    for (Index k = from; k < middle; k++) {
      const Index e = lists_[k];
      if (mark_[e] == 0) continue;
      const Index outside = mark_[e] - stamp_;
      if (outside > 0) {
        degree += outside;
        lists_[at++] = e;
        hash += e;
      } else {
        mark_[e] = 0;  // aggressive absorption: Le lies in Lp
      }
    }
    const Index variables = at;
    for (Index k = middle; k < last; k++) {
      const Index j = lists_[k];
      if (size_[j] <= 0) continue;
      degree += size_[j];
      lists_[at++] = j;
      hash += j;
    }
    if (degree == 0) {
      // mass elimination: i has no neighbour outside Lp
      degree_[p] += size_[i];
      remaining_ += size_[i];
      absorb(p, i);
      continue;
    }
    degree_[i] = std::min(degree_[i], degree);
    lists_[at] = lists_[variables];
    lists_[variables] = lists_[from];
    lists_[from] = p;
    elements_[i] = variables - from + 1;
    length_[i] = at - from + 1;
    hash %= static_cast<std::uint32_t>(n_);
    next_[i] = bucket_[hash];
    bucket_[hash] = i;
    previous_[i] = static_cast<Index>(hash);
  }
  largest_ = std::max(largest_, degree_[p]);
  advance(largest_);
  return work;
}

// Variables with equal lists become one.
void QuotientGraph::merge_equal(Index begin, Index end) {
  for (Index q = begin; q < end; q++) {
    if (size_[lists_[q]] >= 0) continue;
    const Index hash = previous_[lists_[q]];
    Index i = bucket_[hash];
    bucket_[hash] = kNone;
    for (; i != kNone && next_[i] != kNone; i = next_[i]) {
      for (Index k = start_[i] + 1; k < start_[i] + length_[i]; k++) mark_[lists_[k]] = stamp_;
      Index before = i;
      for (Index j = next_[i]; j != kNone; j = next_[j]) {
        if (same_lists(i, j)) {
          size_[i] += size_[j];
          absorb(i, j);
          next_[before] = next_[j];
        } else {
          before = j;
        }
      }
      advance(1);
    }
  }
}

bool QuotientGraph::same_lists(Index i, Index j) const {
  if (length_[j] != length_[i] || elements_[j] != elements_[i]) return false;
  for (Index k = start_[j] + 1; k < start_[j] + length_[j]; k++)
    if (mark_[lists_[k]] != stamp_) return false;
  return true;
}

// Puts what is left of Lp back among the degrees.
void QuotientGraph::finish(Index p, Index begin, Index end) {
  Index at = begin;
  for (Index q = begin; q < end; q++) {
    const Index i = lists_[q], own = -size_[i];
    if (own <= 0) continue;
    size_[i] = own;
    const Index degree = std::min(degree_[i] + degree_[p] - own, remaining_ - own);
    degree_[i] = degree;
    insert(i, degree);
    lists_[at++] = i;
  }
  length_[p] = at - begin;
  if (at == begin) mark_[p] = 0;
  if (free_ == end) free_ = at;
}

void QuotientGraph::absorb(Index into, Index i) {
  size_[i] = 0;
  elements_[i] = kNone;
  follower_[tail_[into]] = i;
  tail_[into] = tail_[i];
}

void QuotientGraph::advance(Index by) {
  const std::int64_t last = 0x7fffffffLL - 2 * static_cast<std::int64_t>(n_) - 4;
  if (static_cast<std::int64_t>(stamp_) + by < last) {
    stamp_ += by;
    return;
  }
  for (Index& mark : mark_) mark = mark != 0;
  stamp_ = 2;
}

void QuotientGraph::insert(Index i, Index degree) {
  const Index before = head_[degree];
  next_[i] = before;
  previous_[i] = kNone;
  if (before != kNone) previous_[before] = i;
  head_[degree] = i;
  lowest_ = std::min(lowest_, degree);
}

void QuotientGraph::remove(Index i) {
  const Index after = next_[i], before = previous_[i];
  if (after != kNone) previous_[after] = before;
  if (before != kNone)
    next_[before] = after;
  else
    head_[degree_[i]] = after;
}

// Moves the lists in use together; the first entry of each names its owner meanwhile.
void QuotientGraph::compact() {
  for (Index i = 0; i < n_; i++) {
    const bool used = elements_[i] == kNone ? size_[i] != 0 && mark_[i] != 0 : size_[i] > 0;
    if (!used || length_[i] == 0) continue;
    const Index first = start_[i];
    start_[i] = lists_[first];
    lists_[first] = -i - 1;
  }
  Index at = 0;
  for (Index q = 0; q < free_;) {
    const Index owner = -lists_[q] - 1;
    if (owner < 0) {
      q++;
      continue;
    }
    lists_[at] = start_[owner];
    for (Index k = 1; k < length_[owner]; k++) lists_[at + k] = lists_[q + k];
    start_[owner] = at;
    at += length_[owner];
    q += length_[owner];
  }
  free_ = at;
}

}  // namespace krylov

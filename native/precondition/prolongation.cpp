#include <algorithm>
#include <span>
#include <vector>

#include "core/shared_out.hpp"
#include "precondition/prolongation.hpp"

namespace krylov {

namespace {

// What a thread needs for one row of P.
struct RowScratch {
  std::span<const Index> aggregates;  // of the row, ascending
  std::vector<double> values;
  Buffer<Index> strong_of;  // per node: the last node + 1 that it was found to be a strong neighbour of
  Buffer<Index> places;     // per aggregate, none first: where it stands in `aggregates`, if it does
};

// The aggregates of a node and of its strong neighbours.
void aggregates_of(const NodeGraph& graph, const Index* aggregates, Index I, std::vector<Index>& list) {
  const Index begin = graph.pattern.row_pointers[I], end = graph.pattern.row_pointers[I + 1];
  const Index* const col = graph.pattern.column_indices;
  list.clear();
  Index last = aggregates[I];
  if (last >= 0) list.push_back(last);
  if (!is_smoothed(graph, I)) return;
  for (Index k = begin; k < end; k++) {
    if (!graph.strong[k]) continue;
    const Index c = aggregates[col[k]];
    if (c < 0 || c == last) continue;
    last = c;
    std::size_t at = list.size();
    while (at > 0 && list[at - 1] > c) at--;
    if (at == 0 || list[at - 1] != c) list.insert(list.begin() + at, c);
  }
}

struct Smoother {
  const MatrixView<double>& A;
  const double* diagonal;
  const NodeGraph& graph;
  const Index* aggregates;
  Index count;  // aggregates
  const Tentative& T;
  double omega;

  // Where `aggregates` of s has the one of unknown j; behind its end where it has not.
  std::size_t place(const RowScratch& s, Index j) const {
    const Index c = aggregates[T.block_size == 1 ? j : j / T.block_size];
    const std::size_t at = s.places[c + 1];
    return at < s.aggregates.size() && s.aggregates[at] == c ? at : s.aggregates.size();
  }

  // Row i of P for the aggregates of `s`, into `s.values`; I is its node.
  void row(Index i, Index I, RowScratch& s) const {
    if (s.aggregates.empty()) return;
    s.values.assign(s.aggregates.size() * T.columns, 0.0);
    for (std::size_t at = 0; at < s.aggregates.size(); at++) s.places[s.aggregates[at] + 1] = static_cast<Index>(at);
    const PatternView& p = A.pattern;
    const std::size_t k = T.columns, count = s.aggregates.size();
    const Index size = T.block_size;
    const auto add = [&](std::size_t to, double factor, Index j) {
      for (std::size_t q = 0; q < k; q++)
        s.values[to * k + q] += factor * (T.values.size() == 0 ? 1 : T.values[std::size_t(j) * k + q]);
    };
    double lumped = diagonal[i];
    for (Index at = p.row_pointers[i]; at < p.row_pointers[i + 1]; at++) {
      const Index j = p.column_indices[at];
      if (j == i) continue;
      const bool strong = size == 1 ? graph.strong[at] != 0 : s.strong_of[j / size] == I + 1;
      const std::size_t to = strong ? place(s, j) : count;
      if (to < count)
        add(to, -A.values[at], j);
      else if (size == 1)
        lumped += A.values[at];
    }
    for (std::size_t at = 0; at < count * k; at++) s.values[at] *= omega / lumped_diagonal(diagonal[i], lumped);
    const std::size_t to = place(s, i);
    if (to < count) add(to, 1 - omega, i);
  }

  // The rows of node I, handed to use(i, s) one after the other.
  template <class Use>
  void node(Index I, RowScratch& s, Use&& use) const {
    if (T.block_size > 1) {
      const Index* const row = graph.pattern.row_pointers;
      s.strong_of[I] = I + 1;
      for (Index k = row[I]; k < row[I + 1]; k++)
        if (graph.strong[k]) s.strong_of[graph.pattern.column_indices[k]] = I + 1;
    }
    for (Index i = I * T.block_size; i < (I + 1) * T.block_size; i++) {
      row(i, I, s);
      use(i);
    }
  }

  RowScratch scratch() const {
    return {{},
            {},
            T.block_size > 1 ? Buffer<Index>::zeros(graph.pattern.rows) : Buffer<Index>(),
            Buffer<Index>::zeros(count + 1)};
  }
};

bool is_scalar(const Tentative& T) { return T.values.size() == 0 && T.block_size == 1; }

}  // namespace

Prolongation prolongation(Control& control, const MatrixView<double>& A, const double* diagonal, const NodeGraph& graph,
                          const Index* aggregates, Index count, const Tentative& T, double omega,
                          const Buffer<float>& factors) {
  if (is_scalar(T)) return scalar_prolongation(control, A, diagonal, graph, aggregates, count, omega, factors);
  const Index rows = A.pattern.rows, nodes = graph.pattern.rows, size = T.block_size, k = T.columns;
  Prolongation P;
  P.pattern = {rows, count * k, Buffer<Index>(rows + 1), {}};
  Index* const pointers = P.pattern.row_pointers.data();
  std::vector<std::vector<Index>> found((nodes + kRowsPerPiece - 1) / kRowsPerPiece);  // aggregates, node after node
  share_out(control, nodes, [&](std::size_t from, std::size_t to) {
    std::vector<Index> list;
    for (std::size_t I = from; I < to; I++) {
      std::vector<Index>& all = found[I / kRowsPerPiece];
      if (I % kRowsPerPiece == 0) all.reserve(3 * kRowsPerPiece);
      aggregates_of(graph, aggregates, I, list);
      all.insert(all.end(), list.begin(), list.end());
      for (Index e = 0; e < size; e++) pointers[I * size + e + 1] = static_cast<Index>(list.size()) * k;
    }
  });
  pointers[0] = 0;
  for (Index i = 0; i < rows; i++) pointers[i + 1] += pointers[i];
  P.pattern.column_indices = Buffer<Index>(pointers[rows]);
  P.values = Buffer<double>(pointers[rows]);
  const Smoother smoother{A, diagonal, graph, aggregates, count, T, omega};
  Pool<RowScratch> pool;
  share_out(control, nodes, [&](std::size_t from, std::size_t to) {
    pool.with([&] { return smoother.scratch(); },
              [&](RowScratch& s) {
                const Index* next = nullptr;
                for (std::size_t I = from; I < to; I++) {
                  if (I % kRowsPerPiece == 0) next = found[I / kRowsPerPiece].data();
                  const Index length = (pointers[I * size + 1] - pointers[I * size]) / k;
                  s.aggregates = {next, static_cast<std::size_t>(length)};
                  next += length;
                  smoother.node(I, s, [&](Index i) {
                    Index at = pointers[i];
                    for (std::size_t c = 0; c < s.aggregates.size(); c++)
                      for (Index q = 0; q < k; q++, at++) {
                        P.pattern.column_indices[at] = s.aggregates[c] * k + q;
                        P.values[at] = s.values[c * k + q];
                      }
                  });
                }
              });
  });
  return P;
}

Buffer<double> prolongation_values(Control& control, const MatrixView<double>& A, const double* diagonal,
                                   const NodeGraph& graph, const Index* aggregates, const Tentative& T,
                                   const PatternView& known, double omega) {
  if (is_scalar(T)) return scalar_prolongation_values(control, A, diagonal, graph, aggregates, known, omega);
  const Index size = T.block_size, k = T.columns;
  Buffer<double> values(known.nonzeros());
  const Smoother smoother{A, diagonal, graph, aggregates, known.columns / k, T, omega};
  Pool<RowScratch> pool;
  share_out(control, graph.pattern.rows, [&](std::size_t from, std::size_t to) {
    pool.with([&] { return smoother.scratch(); },
              [&](RowScratch& s) {
                std::vector<Index> own;
                for (std::size_t I = from; I < to; I++) {
                  own.clear();
                  for (Index at = known.row_pointers[I * size]; at < known.row_pointers[I * size + 1]; at += k)
                    own.push_back(known.column_indices[at] / k);
                  s.aggregates = own;
                  smoother.node(I, s, [&](Index i) {
                    const Index first = known.row_pointers[i], room = known.row_pointers[i + 1] - first;
                    std::copy_n(s.values.data(), std::min<std::size_t>(own.size() * k, room), values.data() + first);
                  });
                }
              });
  });
  return values;
}

}  // namespace krylov

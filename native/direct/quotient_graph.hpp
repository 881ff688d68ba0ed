#pragma once
#include "direct/graph.hpp"

namespace krylov {

// The quotient graph of minimum degree: variables that are not eliminated yet, and elements, the cliques that
// eliminated ones left. Lists lie in one array: of a variable its elements, then its variables; of an element its
// variables. Letters as in Amestoy, Davis and Duff (1996).
class QuotientGraph {
 public:
  QuotientGraph(Control& control, Index n, const Graph& graph);

  Index remaining() const { return remaining_; }  // unknowns not eliminated and not dense

  // Eliminates a variable of lowest approximate degree; returns the entries looked at.
  std::int64_t eliminate();

  // Writes the elimination order: each pivot with the unknowns that it stands for, dense rows last.
  void write_order(Indices order);

 private:
  static constexpr Index kNone = -1;

  Index form_element(Index p);
  void count_outside(Index begin, Index end);
  std::int64_t update_degrees(Index p, Index begin, Index end);
  void merge_equal(Index begin, Index end);
  bool same_lists(Index i, Index j) const;
  void finish(Index p, Index begin, Index end);
  void absorb(Index into, Index i);
  void advance(Index by);
  void insert(Index i, Index degree);
  void remove(Index i);
  void compact();

  Index n_, remaining_, free_, stamp_ = 2, largest_ = 0, lowest_ = 0, pivots_ = 0, dense_ = 0;
  Indices lists_, start_, length_;
  Indices elements_;  // elements at the head of a variable's list
  Indices size_;      // unknowns of a variable; 0: it was absorbed; negative: in the element being made
  Indices degree_;
  Indices mark_;                    // stamp; of an element in use: stamp + |Le \ Lp|; 0: an element that was absorbed
  Indices head_, next_, previous_;  // variables by degree, doubly linked
  Indices bucket_;                  // variables of the new element by hash of their lists
  Indices follower_, tail_;         // unknowns that follow another in the order
  Indices pivot_;                   // pivots from the front, dense rows from the back
};

}  // namespace krylov

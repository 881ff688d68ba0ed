#include "direct/amd.hpp"

#include "core/method.hpp"
#include "direct/quotient_graph.hpp"

namespace krylov {

namespace {

constexpr std::int64_t kWorkPerPoll = 1 << 18;  // entries: below 2 ms

}  // namespace

// Approximate minimum degree ordering of A + A^T (Amestoy, Davis and Duff, SIAM J. Matrix Anal. Appl. 17 (1996)):
// element absorption, also aggressive; mass elimination; supervariables; rows denser than 10 sqrt(n) last. Returns the
// elimination order: row k of the ordered matrix is row order[k] of A. Workspace: 4.4 nnz + 15 n integers.
ConstIndices amd_order(Control& control, const Pattern& pattern) {
  QuotientGraph graph(control, pattern.rows, symmetrised(control, pattern));
  std::int64_t work = 0;
  while (graph.remaining() > 0) {
    work += graph.eliminate();
    if (work < kWorkPerPoll) continue;
    work = 0;
    control.poll();
  }
  const Indices order = control.allocate<Index>(pattern.rows);
  graph.write_order(order);
  return order;
}

namespace {
const Exposed amd_{expose<amd_order>("amd")};
}

}  // namespace krylov

// CHOLMOD as a contender: answers `ldlt method rtol count`; set-up is analysis and factorization, `count` solves.
#include <cholmod.h>

#include <algorithm>
#include <cstdlib>

#include "system.hpp"

// One thread: of CHOLMOD's own OpenMP, and of the BLAS it calls, which reads its variables from contenders.ts.
struct Library {
  cholmod_common common;
  Library() { cholmod_start(&common); }
  ~Library() { cholmod_finish(&common); }
};

static Timing ldlt(const System& system, const Request& request) {
  Library library;
  cholmod_common* const c = &library.common;
  if (request.preconditioner == "amd") {
    c->nmethods = 1;
    c->method[0].ordering = CHOLMOD_AMD;
    c->postorder = 1;
  }
  // the rows of a symmetric matrix are its columns; of these the lower triangle is read
  cholmod_sparse A{};
  A.nrow = A.ncol = system.n;
  A.nzmax = system.nnz;
  A.p = const_cast<std::int32_t*>(system.row_pointers.data());
  A.i = const_cast<std::int32_t*>(system.column_indices.data());
  A.x = const_cast<double*>(system.values.data());
  A.stype = -1;
  A.itype = CHOLMOD_INT;
  A.xtype = CHOLMOD_REAL;
  A.dtype = CHOLMOD_DOUBLE;
  A.sorted = A.packed = 1;
  cholmod_dense b{};
  b.nrow = b.nzmax = b.d = system.n;
  b.ncol = 1;
  b.x = const_cast<double*>(system.b.data());
  b.xtype = CHOLMOD_REAL;
  b.dtype = CHOLMOD_DOUBLE;
  const double begun = now();
  cholmod_factor* L = cholmod_analyze(&A, c);
  cholmod_factorize(&A, L, c);
  const double ready = now();
  cholmod_dense* x = nullptr;
  for (int i = 0; i < std::max(request.count, 1); i++) {
    cholmod_free_dense(&x, c);
    x = cholmod_solve(CHOLMOD_A, L, &b, c);
  }
  const double done = now();
  if (std::getenv("CHOLMOD_STATISTICS") != nullptr)
    std::fprintf(stderr, "entries %.0f, flops %.3g, super %d, ordering %d\n", c->lnz, c->fl, L->is_super, L->ordering);
  const Timing timing{ready - begun, done - ready, 1, system.relative_residual(static_cast<double*>(x->x))};
  cholmod_free_dense(&x, c);
  cholmod_free_factor(&L, c);
  return timing;
}

int main(int, char** argv) {
  const System system(argv[1]);
  int version[3];
  cholmod_version(version);
  std::ostringstream text;
  text << "CHOLMOD " << version[0] << '.' << version[1] << '.' << version[2];
  print_version(text.str());
  for (Request request; next(request);) print(ldlt(system, request));
}

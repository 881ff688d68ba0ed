#include "core/method.hpp"
#include "dense/blas.hpp"
#include "dense/transpose.hpp"
#include "dense/two_stage.hpp"

namespace krylov {
namespace {

// A = V diag(w) V^T of a symmetric A, n x n by rows, w ascending. V takes A's place, an eigenvector a column; without
// `vectors` A is workspace. Returns 0, or what LAPACK says where it did not converge. dsyevd: 9 n^3 flops, without
// vectors 4/3 n^3.
Index eigh(Control& control, Vector A, Index n_, Vector w, bool vectors) {
  need_shape(n_ >= 0, "n must not be negative");
  const std::size_t n = n_;
  need_shape(A.size() == n * n && w.size() == n, "A must be n x n, w n long");
  if (n == 0) return 0;
  if (!vectors && n >= kTwoStages) return two_stage_eigenvalues(control, A.data(), n, w.data());
  const int order = n_;
  int size = -1, isize = -1, info = 0, iwanted = 0;
  double wanted = 0;
  const auto call = [&](double* work, int* iwork) {
    openblas().dsyevd(vectors ? "V" : "N", "L", &order, A.data(), &order, w.data(), work, &size, iwork, &isize, &info,
                      1, 1);
  };
  call(&wanted, &iwanted);
  size = static_cast<int>(wanted);
  isize = iwanted;
  call(control.arena.doubles(static_cast<std::size_t>(size)).data(),
       control.arena.indices(static_cast<std::size_t>(isize)).data());
  if (info == 0 && vectors) transpose(A.data(), n);
  return info;
}

const Exposed eigh_{expose<eigh>("eigh")};

}  // namespace
}  // namespace krylov

// Eigen as a contender; OMP_NUM_THREADS chooses the threads.
#include <Eigen/IterativeLinearSolvers>
#include <Eigen/SparseCore>

#include "system.hpp"

namespace {

using Matrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;
using Diagonal = Eigen::DiagonalPreconditioner<double>;
using Cholesky = Eigen::IncompleteCholesky<double, Eigen::Lower, Eigen::NaturalOrdering<int>>;

template <class Preconditioner>
Timing cg(const System& system, const Matrix& A, const Request& request) {
  const Eigen::Map<const Eigen::VectorXd> b(system.b.data(), system.n);
  Eigen::ConjugateGradient<Matrix, Eigen::Lower | Eigen::Upper, Preconditioner> solver;
  solver.setTolerance(request.rtol);
  solver.setMaxIterations(request.count);
  const double begun = now();
  solver.compute(A);
  const double ready = now();
  const Eigen::VectorXd x = solver.solve(b);
  const double done = now();
  return {ready - begun, done - ready, solver.iterations(), system.relative_residual(x.data())};
}

Timing spmv(const System& system, const Matrix& A, const Request& request) {
  const Eigen::Map<const Eigen::VectorXd> b(system.b.data(), system.n);
  Eigen::VectorXd y(system.n);
  const double begun = now();
  for (int i = 0; i < request.count; i++) y.noalias() = A * b;
  return {0, now() - begun, request.count, 0};
}

template <class Preconditioner>
Timing preconditioner(const System& system, const Matrix& A, const Request& request) {
  const Eigen::Map<const Eigen::VectorXd> b(system.b.data(), system.n);
  const double begun = now();
  const Preconditioner M(A);
  const double ready = now();
  Eigen::VectorXd z(system.n);
  for (int i = 0; i < request.count; i++) z = M.solve(b);
  return {ready - begun, now() - ready, request.count, 0};
}

Timing answer(const System& system, const Matrix& A, const Request& request) {
  if (request.method == "spmv") return spmv(system, A, request);
  if (request.method == "apply") return preconditioner<Cholesky>(system, A, request);
  if (request.preconditioner == "jacobi") return cg<Diagonal>(system, A, request);
  if (request.preconditioner == "ic0") return cg<Cholesky>(system, A, request);
  return cg<Eigen::IdentityPreconditioner>(system, A, request);
}

}  // namespace

int main(int, char** arguments) {
  const System system(arguments[1]);
  const Matrix A = Eigen::Map<const Matrix>(system.n, system.n, system.nnz, system.row_pointers.data(),
                                            system.column_indices.data(), system.values.data());
  print_version("Eigen " + std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
                std::to_string(EIGEN_MINOR_VERSION));
  for (Request request; next(request);) print(answer(system, A, request));
}

// Belos' GCRO-DR as a contender on a sequence: answers `gcrodr none rtol count` lines with sums over the systems.
#include <BelosConfigDefs.hpp>
#include <BelosEpetraAdapter.hpp>
#include <BelosGCRODRSolMgr.hpp>
#include <BelosLinearProblem.hpp>
#include <Epetra_CrsMatrix.h>
#include <Epetra_Map.h>
#include <Epetra_MultiVector.h>
#include <Epetra_SerialComm.h>
#include <Epetra_Vector.h>

#include "system.hpp"

namespace {

// The diagonal's inverse, as a right preconditioner.
class Jacobi : public Epetra_Operator {
 public:
  explicit Jacobi(const Epetra_CrsMatrix& A) : inverse_(A.RowMap()), A_(A) {
    A.ExtractDiagonalCopy(inverse_);
    inverse_.Reciprocal(inverse_);
  }
  int Apply(const Epetra_MultiVector& x, Epetra_MultiVector& y) const override { return y.Multiply(1, inverse_, x, 0); }
  int ApplyInverse(const Epetra_MultiVector& x, Epetra_MultiVector& y) const override { return Apply(x, y); }
  int SetUseTranspose(bool) override { return -1; }
  double NormInf() const override { return 0; }
  const char* Label() const override { return "jacobi"; }
  bool UseTranspose() const override { return false; }
  bool HasNormInf() const override { return false; }
  const Epetra_Comm& Comm() const override { return A_.Comm(); }
  const Epetra_Map& OperatorDomainMap() const override { return A_.DomainMap(); }
  const Epetra_Map& OperatorRangeMap() const override { return A_.RangeMap(); }

 private:
  Epetra_Vector inverse_;
  const Epetra_CrsMatrix& A_;
};

using Vectors = Epetra_MultiVector;
using Operator = Epetra_Operator;

Teuchos::RCP<Epetra_CrsMatrix> matrix_of(const System& system, const Epetra_Map& map) {
  std::vector<int> counts(system.n);
  for (int i = 0; i < system.n; i++) counts[i] = system.row_pointers[i + 1] - system.row_pointers[i];
  auto A = Teuchos::rcp(new Epetra_CrsMatrix(Copy, map, counts.data(), true));
  for (int i = 0; i < system.n; i++) {
    const int from = system.row_pointers[i];
    A->InsertGlobalValues(i, counts[i], system.values.data() + from, system.column_indices.data() + from);
  }
  A->FillComplete();
  A->OptimizeStorage();
  return A;
}

}  // namespace

int main(int, char** argv) {
  const std::vector<System> systems = read_systems(argv[1]);
  Epetra_SerialComm comm;
  const Epetra_Map map(systems[0].n, 0, comm);
  std::vector<Teuchos::RCP<Epetra_CrsMatrix>> matrices;
  for (const System& system : systems) matrices.push_back(matrix_of(system, map));
  print_version("Belos GCRODR, Trilinos");
  Request request;
  while (next(request)) {
    auto options = Teuchos::rcp(new Teuchos::ParameterList);
    options->set("Num Blocks", 40);
    options->set("Num Recycled Blocks", 20);
    options->set("Maximum Iterations", request.count);
    options->set("Convergence Tolerance", request.rtol);
    options->set("Implicit Residual Scaling", "Norm of RHS");
    options->set("Explicit Residual Scaling", "Norm of RHS");
    options->set("Verbosity", static_cast<int>(Belos::Errors));
    auto problem = Teuchos::rcp(new Belos::LinearProblem<double, Vectors, Operator>);
    Teuchos::RCP<Belos::GCRODRSolMgr<double, Vectors, Operator>> solver;
    Timing total;
    for (std::size_t s = 0; s < systems.size(); s++) {
      const System& system = systems[s];
      auto x = Teuchos::rcp(new Vectors(map, 1)), b = Teuchos::rcp(new Vectors(map, 1));
      for (int i = 0; i < system.n; i++) (*b)[0][i] = system.b[i];
      const double begun = now();
      problem->setOperator(matrices[s]);
      if (request.preconditioner == "jacobi")
        problem->setRightPrec(Teuchos::rcp(new Belos::EpetraPrecOp(Teuchos::rcp(new Jacobi(*matrices[s])))));
      problem->setProblem(x, b);
      if (solver.is_null())
        solver = Teuchos::rcp(new Belos::GCRODRSolMgr<double, Vectors, Operator>(problem, options));
      else
        solver->reset(Belos::Problem);
      try {
        solver->solve();
      } catch (const std::exception& error) {
        std::fprintf(stderr, "system %zu: %s\n", s, error.what());
        x->PutScalar(0);
        solver = Teuchos::null;
      }
      total.solve += now() - begun;
      if (!solver.is_null()) total.iterations += solver->getNumIters();
      const double residual = system.relative_residual((*x)[0]);
      if (!(residual <= total.relative_residual)) total.relative_residual = residual;
    }
    print(total);
  }
}

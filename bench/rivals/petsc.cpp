// PETSc as a contender: one process per rank, rows in equal shares; with more than one rank icc is block Jacobi.
#include <petscksp.h>
#include <unistd.h>

#include "system.hpp"

namespace {

double together() {
  MPI_Barrier(PETSC_COMM_WORLD);
  return now();
}

// The next request on every rank. The others sleep until rank 0 has one: MPI's own waiting would keep their cores busy
// while another contender is timed.
bool next_together(Request& request, int rank, int ranks) {
  constexpr useconds_t kNap = 200;
  char line[256] = {};
  if (rank == 0) {
    if (next(request))
      std::snprintf(line, sizeof line, "%s %s %.17g %d", request.method.c_str(), request.preconditioner.c_str(),
                    request.rtol, request.count);
    for (int other = 1; other < ranks; other++) MPI_Send(line, sizeof line, MPI_CHAR, other, 0, PETSC_COMM_WORLD);
    return line[0] != 0;
  }
  for (int there = 0; !there; usleep(kNap)) MPI_Iprobe(0, 0, PETSC_COMM_WORLD, &there, MPI_STATUS_IGNORE);
  MPI_Recv(line, sizeof line, MPI_CHAR, 0, 0, PETSC_COMM_WORLD, MPI_STATUS_IGNORE);
  std::istringstream(line) >> request.method >> request.preconditioner >> request.rtol >> request.count;
  return line[0] != 0;
}

PCType type(const std::string& preconditioner, int ranks) {
  if (preconditioner == "ic0") return ranks > 1 ? PCBJACOBI : PCICC;
  if (preconditioner == "ilu0") return ranks > 1 ? PCBJACOBI : PCILU;
  return preconditioner == "ssor" ? PCSOR : preconditioner.c_str();
}

PetscErrorCode krylov_method(Mat A, Vec b, Vec x, const Request& request, Timing& timing) {
  int ranks;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  KSP solver;
  PC pc;
  const double begun = together();
  PetscCall(KSPCreate(PETSC_COMM_WORLD, &solver));
  PetscCall(KSPSetOperators(solver, A, A));
  const bool general = request.method == "gmres";
  PetscCall(MatSetOption(A, MAT_SYMMETRIC, general ? PETSC_FALSE : PETSC_TRUE));
  PetscCall(KSPSetType(solver, general ? KSPGMRES : KSPCG));
  if (general) {
    PetscCall(KSPGMRESSetRestart(solver, 40));
    PetscCall(KSPSetPCSide(solver, PC_RIGHT));
  }
  PetscCall(KSPSetNormType(solver, KSP_NORM_UNPRECONDITIONED));
  PetscCall(KSPSetTolerances(solver, request.rtol, 0, PETSC_DEFAULT, request.count));
  PetscCall(KSPGetPC(solver, &pc));
  PetscCall(PCSetType(pc, type(request.preconditioner, ranks)));
  PetscCall(KSPSetFromOptions(solver));
  PetscCall(KSPSetUp(solver));
  PetscCall(KSPSetUpOnBlocks(solver));
  const double ready = together();
  PetscCall(KSPSolve(solver, b, x));
  const double done = together();
  PetscInt iterations;
  PetscCall(KSPGetIterationNumber(solver, &iterations));
  PetscCall(KSPDestroy(&solver));
  timing = {ready - begun, done - ready, iterations, 0};
  return 0;
}

// Set-up and applications of a preconditioner, outside a solver.
PetscErrorCode apply(Mat A, Vec b, Vec y, const Request& request, Timing& timing) {
  int ranks;
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  PC pc;
  const double begun = together();
  PetscCall(PCCreate(PETSC_COMM_WORLD, &pc));
  PetscCall(PCSetOperators(pc, A, A));
  PetscCall(PCSetType(pc, type(request.preconditioner, ranks)));
  PetscCall(PCSetFromOptions(pc));
  PetscCall(PCSetUp(pc));
  PetscCall(PCSetUpOnBlocks(pc));
  const double ready = together();
  for (int i = 0; i < request.count; i++) PetscCall(PCApply(pc, b, y));
  timing = {ready - begun, together() - ready, request.count, 0};
  PetscCall(PCDestroy(&pc));
  return 0;
}

PetscErrorCode spmv(Mat A, Vec b, Vec y, const Request& request, Timing& timing) {
  const double begun = together();
  for (int i = 0; i < request.count; i++) PetscCall(MatMult(A, b, y));
  timing = {0, together() - begun, request.count, 0};
  return 0;
}

// The options of icc inside block Jacobi come from PETSc's own database.
PetscErrorCode run(System system) {
  int rank, ranks;
  MPI_Comm_rank(PETSC_COMM_WORLD, &rank);
  MPI_Comm_size(PETSC_COMM_WORLD, &ranks);
  const int from = static_cast<int>(static_cast<long>(system.n) * rank / ranks);
  const int to = static_cast<int>(static_cast<long>(system.n) * (rank + 1) / ranks);
  std::vector<PetscInt> starts(to - from + 1);
  for (int i = from; i <= to; i++) starts[i - from] = system.row_pointers[i] - system.row_pointers[from];
  Mat A;
  Vec b, x, y;
  PetscInt* const columns = system.column_indices.data() + system.row_pointers[from];
  PetscScalar* const values = system.values.data() + system.row_pointers[from];
  if (ranks == 1)
    PetscCall(MatCreateSeqAIJWithArrays(PETSC_COMM_SELF, system.n, system.n, starts.data(), columns, values, &A));
  else
    PetscCall(MatCreateMPIAIJWithArrays(PETSC_COMM_WORLD, to - from, to - from, system.n, system.n, starts.data(),
                                        columns, values, &A));
  PetscCall(MatCreateVecs(A, &x, &b));
  PetscCall(VecDuplicate(b, &y));
  PetscScalar* entries;
  PetscCall(VecGetArray(b, &entries));
  std::copy(system.b.begin() + from, system.b.begin() + to, entries);
  PetscCall(VecRestoreArray(b, &entries));
  PetscReal size, norm;
  PetscCall(VecNorm(b, NORM_2, &size));

  if (rank == 0)
    print_version("PETSc " + std::to_string(PETSC_VERSION_MAJOR) + "." + std::to_string(PETSC_VERSION_MINOR) + "." +
                  std::to_string(PETSC_VERSION_SUBMINOR));
  for (Request request; next_together(request, rank, ranks);) {
    Timing timing;
    if (request.method == "spmv") {
      PetscCall(spmv(A, b, y, request, timing));
    } else if (request.method == "apply") {
      PetscCall(apply(A, b, y, request, timing));
    } else {
      PetscCall(VecSet(x, 0));
      PetscCall(krylov_method(A, b, x, request, timing));
      PetscCall(MatMult(A, x, y));
      PetscCall(VecAYPX(y, -1, b));
      PetscCall(VecNorm(y, NORM_2, &norm));
      timing.relative_residual = norm / size;
    }
    if (rank == 0) print(timing);
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  PetscFunctionBeginUser;
  PetscCall(PetscInitialize(&count, &arguments, nullptr, nullptr));
  PetscCall(PetscOptionsSetValue(nullptr, "-sub_pc_type", "icc"));
  PetscCall(run(System(arguments[1])));
  PetscCall(PetscFinalize());
  return 0;
}

/**
 * krylov: numerical linear algebra for Node. Solvers compute off the JavaScript thread (`cg`) or on it (`cgSync`), in
 * native code or, where that is not to be had, in TypeScript.
 *
 * @module
 */

// Batches
export type { BatchMethod, BatchOptions, BatchProgress, BatchSolverOptions } from './batch/options.ts'
export { type OrderMethod, type OrderOptions, orderBySimilarity, orderBySimilaritySync } from './batch/order.ts'
export { type BatchFailure, type BatchResult, solveBatch } from './batch/solve-batch.ts'
export type { BatchSource, BatchSystem, BatchSystems } from './batch/systems.ts'
// The system
export { type BackendReport, backend, setThreads } from './core/backend.ts'
export type { ControlOptions, Progress } from './core/control.ts'
export { type ErrorCode, KrylovError } from './core/errors.ts'
// Problems to try them on
export { normal, uniform } from './core/random.ts'
export type { CsrData, Dense, Operator, Pattern } from './core/types.ts'
// Matrices
export { type BunchKaufman, bunchKaufman, bunchKaufmanSync } from './dense/bunch-kaufman.ts'
export { type Cholesky, type CholeskyOptions, cholesky, choleskySync } from './dense/cholesky.ts'
export { dense } from './dense/dense.ts'
export { type Eigh, type EighOptions, eigh, eighSync } from './dense/eigh.ts'
export { type GemmOptions, gemm, gemmSync } from './dense/gemm.ts'
export type { DenseLu, DenseLuOptions } from './dense/lu.ts'
export type { DenseOptions } from './dense/own.ts'
export { type Qr, type QrOptions, qr, qrSync } from './dense/qr.ts'
export { type Svd, type SvdOptions, svd, svdSync } from './dense/svd.ts'
export {
  type SolveTriangular,
  type SolveTriangularOptions,
  type SolveTriangularSync,
  solveTriangular,
  solveTriangularSync,
} from './dense/triangular.ts'
export { describe } from './describe.ts'
// Direct solvers
export type { ExternalFactor, Factorization, Ldlt, LdltFactor, Lu, LuFactor } from './direct/kinds.ts'
export { type LdltFunction, type LdltOptions, type LdltSyncFunction, ldlt, ldltSync } from './direct/ldlt.ts'
export type { LuOrdering } from './direct/lu.ts'
export type { DirectBlockSolution, DirectReport, DirectSolution, SolveWithOptions } from './direct/solution.ts'
export { type Factored, type SolveWith, type SolveWithSync, solveWith, solveWithSync } from './direct/solve-with.ts'
export * from './index.completion.ts'
export * from './index.matrices.ts'
// Decompositions, approximations, functions and least squares of one matrix
export * from './index.matrices.ts'
// Files
export {
  createNpy,
  readNpy,
  readNpz,
  readSparseNpz,
  writeMatrixMarket,
  writeNpy,
  writeNpz,
  writeSparseNpz,
} from './io/lazy.ts'
export {
  type MatrixMarketParseOptions,
  type MatrixMarketReadOptions,
  parseMatrixMarket,
  readMatrixMarket,
} from './io/matrix-market.ts'
export type { MatrixMarketWriteOptions } from './io/matrix-market.writer.ts'
export type { NpyArray, NpyInput } from './io/npy.ts'
export type { NpyWriter } from './io/npy.writer.ts'
export type { NpzReadOptions, NpzWriteOptions } from './io/npz.ts'
export type { ReadOptions } from './io/options.ts'
export { loadWeights, saveWeights } from './io/weights.ts'
// Preconditioners
export type { DiagonalPlan, Diagonals } from './kernels/kernels.ts'
// Iterative solvers
export { type BicgstabOptions, bicgstab, bicgstabSync } from './krylov/bicgstab.ts'
export { type CgOptions, cg, cgSync } from './krylov/cg.ts'
export type { BlockSolution, ColumnReport } from './krylov/cg-block.ts'
export { fgmres, fgmresSync } from './krylov/fgmres.ts'
export { type GmresOptions, gmres, gmresSync, type RestartOptions } from './krylov/gmres.ts'
export { type IdrsOptions, idrs, idrsSync } from './krylov/idrs.ts'
export type { LeastSquaresOptions, LeastSquaresSolution, TransposableOperator } from './krylov/least-squares.ts'
export { lsmr, lsmrSync } from './krylov/lsmr.ts'
export { lsqr, lsqrSync } from './krylov/lsqr.ts'
export { minres, minresSync } from './krylov/minres.ts'
export { type LeastNormSolution, minresQlp, minresQlpSync } from './krylov/minresQlp.ts'
export type { Common as SolutionFields, Solution, Spectrum } from './krylov/solution.ts'
export type { GeneralOptions, SolverOptions } from './krylov/solver.ts'
export type { Reason } from './krylov/stopping.ts'
export type { PreconditionerReport } from './krylov/used.ts'
export type { FactorLoss } from './learned/factor-loss.steps.ts'
export { type Family, families } from './learned/families.ts'
export type { FamilyOptions } from './learned/field.ts'
export { type LearnedFunction, type LearnedOptions, learned } from './learned/learned.ts'
export {
  type Samples,
  type TrainingOptions,
  type TrainingReport,
  trainPreconditioner,
  trainPreconditionerSync,
} from './learned/train.ts'
export type { TrainingProgress } from './learned/train-prolongation.ts'
export type {
  FactorWeights,
  PreconditionerWeights,
  ProlongationWeights,
  RelaxationWeights,
} from './learned/weights.ts'
// Preconditioners
export { type AmgFunction, type AmgOptions, amg } from './precondition/amg.ts'
export { type BlockJacobiOptions, blockJacobi } from './precondition/blockJacobi.ts'
export { type ChebyshevOptions, chebyshev } from './precondition/chebyshev.ts'
export { type GaussSeidelOptions, gaussSeidel } from './precondition/gaussSeidel.ts'
export { ic0 } from './precondition/ic0.ts'
export { ict, type ThresholdOptions } from './precondition/ict.ts'
export { identity } from './precondition/identity.ts'
export { ilu0 } from './precondition/ilu0.ts'
export { type IlutOptions, ilut } from './precondition/ilut.ts'
export { jacobi } from './precondition/jacobi.ts'
export type {
  Amg,
  Chebyshev,
  DiagonalFactor,
  Factor,
  Identity,
  Jacobi,
  LevelFactor,
  Preconditioner,
  PreconditionerFunction,
  TwoLevel,
} from './precondition/kinds.ts'
export { type LuFunction, type LuOptions, type LuSync, lu } from './precondition/lu.ts'
export type { Recipe, RecipeFunction } from './precondition/recipe.ts'
export {
  type IncompleteCholeskyOptions,
  type RelaxedOptions,
  ric0,
  type TriangularOptions,
} from './precondition/ric0.ts'
export { type SsorOptions, ssor } from './precondition/ssor.ts'
export { type TwoLevelFunction, type TwoLevelOptions, twoLevel } from './precondition/twoLevel.ts'
export type { RecycleChoice } from './recycle/choice.ts'
export { type DeflatedCgOptions, type DeflatedSolution, deflatedCg, deflatedCgSync } from './recycle/deflatedCg.ts'
export { type GcrodrOptions, gcrodr, gcrodrSync, type RecyclingSolution } from './recycle/gcrodr.ts'
export type { SpaceHistory } from './recycle/history.ts'
export {
  type RecyclingMinresOptions,
  type RecyclingMinresSolution,
  recyclingMinres,
  recyclingMinresSync,
} from './recycle/recyclingMinres.ts'
export type { RecycledSpace } from './recycle/space.ts'
// Relaxation
export { jacobiGap, jacobiGapSync } from './relaxation/jacobi-gap.ts'
export { type SorOptions, sor, sorSync } from './relaxation/sor.ts'
// Sequences
export type { Arm } from './sequence/arms.ts'
export { type BinnedOptions, binned } from './sequence/binned.ts'
export { type ChebCbOptions, chebCb } from './sequence/cheb-cb.ts'
export { type FormulaOptions, fixed, formula, ssorOmega, youngOmega } from './sequence/direct.ts'
export { type GoldenSectionOptions, goldenSection } from './sequence/golden-section.ts'
export type { Learner, LearnerState } from './sequence/learner.ts'
export type { SequenceOptions, Tune } from './sequence/options.ts'
export { type Replay, type ReplayOptions, replay, replaySync } from './sequence/replay.ts'
export type { ArmReport, SequenceChoice, SequenceReport } from './sequence/report.ts'
export type { SavedSequence } from './sequence/saved.ts'
export {
  restoreSequence,
  type Sequence,
  type SequenceSolution,
  type SequenceSolveOptions,
  sequence,
} from './sequence/sequence.ts'
export { type ThompsonOptions, thompson } from './sequence/thompson.ts'
export { type TsallisInfOptions, tsallisInf } from './sequence/tsallis-inf.ts'
export { type Choice, type SolveOptions, solve, solveSync } from './solve/solve.ts'
export { type Bandwidth, bandwidth } from './sparse/bandwidth.ts'
export { Csr, type Symmetry } from './sparse/csr.ts'
export { type AnisotropyOptions, anisotropic2d } from './sparse/gallery/anisotropic.ts'
export { type ConvectionOptions, convectionDiffusion2d } from './sparse/gallery/convection.ts'
export { type DelaunayOptions, delaunay, delaunayLaplacian } from './sparse/gallery/delaunay.ts'
export { type DiffusionOptions, diffusion2d, diffusion3d } from './sparse/gallery/diffusion.ts'
export { type HeatEquationOptions, type HeatStep, heatEquation2d } from './sparse/gallery/heat.ts'
export { interiorPoints, type Mesh } from './sparse/gallery/mesh.ts'
export { p1Laplacian } from './sparse/gallery/p1.ts'
export { poisson2d, poisson3d } from './sparse/gallery/poisson.ts'
export { q1Laplacian2d } from './sparse/gallery/q1.ts'
export { type RandomGraphOptions, randomGraphLaplacian } from './sparse/gallery/random-graph.ts'
export { type SparsityPattern, sparsityPattern } from './sparse/pattern.ts'
export { reverseCuthillMckee } from './sparse/reverse-cuthill-mckee.ts'
export { spmm, spmv } from './sparse/spmv.ts'

// The part of the public surface that is about one matrix: decompositions, approximations, functions, least squares

// Derivatives of solves
export type { DerivativeOptions } from './adjoint/arguments.ts'
export type { EigenPart, SvdPart, Vjp, VjpSync } from './adjoint/dense-vjp.ts'
export { choleskyVjp, choleskyVjpSync, eighVjp, eighVjpSync, svdVjp, svdVjpSync } from './adjoint/dense-vjp.ts'
export type { ImplicitEquation, ImplicitFunction, ImplicitFunctionSync, ImplicitOptions } from './adjoint/implicit.ts'
export { implicit } from './adjoint/implicit.ts'
export type { LstsqGradient, LstsqVjp, LstsqVjpForm, LstsqVjpFormSync, LstsqVjpSync } from './adjoint/lstsq-vjp.ts'
export { lstsqVjp, lstsqVjpSync } from './adjoint/lstsq-vjp.ts'
export type { SolveGradient, SolveVjp, SolveVjpMethod, SolveVjpOptions, SolveVjpSync } from './adjoint/solve-vjp.ts'
export { solveVjp, solveVjpSync } from './adjoint/solve-vjp.ts'
export type {
  LstsqVjpMethod,
  LstsqVjpOptions,
  SparseLstsqGradient,
  SparseLstsqVjp,
  SparseLstsqVjpSync,
} from './adjoint/sparse-lstsq-vjp.ts'
// Low rank
export { type Cur, type CurOptions, type CurSelection, cur, curSync } from './lowrank/cur.ts'
export { estimateTrace, estimateTraceSync, type TraceEstimate, type TraceOptions } from './lowrank/estimate-trace.ts'
export {
  type GeneralizedNystromOptions,
  generalizedNystrom,
  generalizedNystromSync,
} from './lowrank/generalized-nystrom.ts'
export {
  type Interpolative,
  type InterpolativeOptions,
  interpolative,
  interpolativeSync,
} from './lowrank/interpolative.ts'
export type { KernelMatrix } from './lowrank/kernel-matrix.ts'
export {
  type NystromOptions,
  type NystromPreconditioner,
  nystrom,
  nystromPreconditioner,
  nystromSync,
} from './lowrank/nystrom.ts'
export { type Qrcp, type QrcpOptions, qrcp, qrcpSync } from './lowrank/qrcp.ts'
export {
  type RandomizedEigh,
  type RandomizedEighOptions,
  randomizedEigh,
  randomizedEighSync,
} from './lowrank/randomized-eigh.ts'
export {
  type RandomizedSvd,
  type RandomizedSvdOptions,
  randomizedSvd,
  randomizedSvdSync,
} from './lowrank/randomized-svd.ts'
export type { RankOptions } from './lowrank/rank.ts'
export { type RpCholesky, type RpCholeskyOptions, rpCholesky, rpCholeskySync } from './lowrank/rp-cholesky.ts'
// Least squares
export type { LstsqMethod } from './lstsq/answer.ts'
export { type LeverageOptions, leverageScores, leverageScoresSync } from './lstsq/leverage.ts'
export { type LewisOptions, lewisWeights, lewisWeightsSync } from './lstsq/lewis.ts'
export { type LpRegressionOptions, type LpSolution, lpRegression, lpRegressionSync } from './lstsq/lp-regression.ts'
export { type LstsqOptions, type LstsqSolution, lstsq, lstsqSync } from './lstsq/lstsq.ts'
export {
  type RowSample,
  type RowScores,
  type SampleRowsOptions,
  sampleRows,
  sampleRowsSync,
} from './lstsq/sample-rows.ts'
export { sketchAndSolve, sketchAndSolveSync } from './lstsq/sketch-and-solve.ts'
export type { RowsAndSides } from './lstsq/stream.ts'
// Functions of matrices
export type {
  SpdBatchNorm,
  SpdBatchNormGradient,
  SpdBatchNormOptions,
  SpdBatchNormSync,
  SpdRunning,
} from './matfun/batch-norm.ts'
export { spdBatchNorm, spdBatchNormSync } from './matfun/batch-norm.ts'
export type {
  Barycenter,
  BarycenterOptions,
  BuresWasserstein,
  BuresWassersteinOptions,
} from './matfun/bures-wasserstein.ts'
export {
  buresWassersteinBarycenter,
  buresWassersteinBarycenterSync,
  buresWassersteinDistance,
  buresWassersteinDistanceSync,
} from './matfun/bures-wasserstein.ts'
export type { Derivatives, DerivativesSync } from './matfun/derivatives.ts'
export { differentiate, differentiateSync } from './matfun/derivatives.ts'
export { type Eig, type EigOptions, eig, eigSync } from './matfun/eig.ts'
export type { EigenvaluePolicy } from './matfun/eigenvalues.ts'
export { type ExpmOptions, expm, expmSync } from './matfun/expm.ts'
export { type FrechetDistance, frechetDistance, frechetDistanceSync, type Moments } from './matfun/frechet.ts'
export { funm, funmSync, type ScalarFunction } from './matfun/funm.ts'
export type { Structure } from './matfun/general.ts'
export { invSqrtm, invSqrtmSync } from './matfun/inv-sqrtm.ts'
export { logm, logmSync } from './matfun/logm.ts'
export type { Matrices } from './matfun/matrices.ts'
export type {
  GeneralFunction,
  GeneralFunctionOptions,
  GeneralFunctionSync,
  MatrixFunction,
  MatrixFunctionOptions,
  MatrixFunctionSync,
} from './matfun/matrix-function.ts'
export { powm, powmSync } from './matfun/powm.ts'
export type { RootMethod, RootOptions } from './matfun/roots.ts'
export type { SpdMetric, SpdOptions } from './matfun/spd-geometry.ts'
export {
  spdDistance,
  spdDistanceSync,
  spdGeodesic,
  spdGeodesicSync,
  spdTransport,
  spdTransportSync,
} from './matfun/spd-geometry.ts'
export { type SqrtmOptions, sqrtm, sqrtmSync } from './matfun/sqrtm.ts'
export type {
  Backward,
  GeneralKind,
  MatrixFunctionState,
  RootState,
  SchurState,
  SpectralState,
} from './matfun/state.ts'
export type { ComplexDense, ComplexMatrixFunction, MatrixFunctionValue } from './matfun/value.ts'
export { type ZcaOptions, type ZcaWhitened, type ZcaWhitenedSync, zcaWhiten, zcaWhitenSync } from './matfun/whiten.ts'
// Sketching
export type {
  FastJl,
  Gaussian,
  Made,
  Sjlt,
  SketchOperator,
  SketchState,
  SparseStack,
  Srht,
  VerySparse,
} from './sketch/kinds.ts'
export {
  countSketch,
  type FastJlOptions,
  fastJL,
  gaussian,
  type SketchOptions,
  type SparseSketchOptions,
  sjlt,
  sparseStack,
  srht,
  type VerySparseOptions,
  verySparse,
} from './sketch/operators.ts'
export {
  type RowBlocks,
  type SketchSideOptions,
  sketch,
  sketchAdjoint,
  sketchAdjointSync,
  sketchSync,
} from './sketch/sketch.ts'

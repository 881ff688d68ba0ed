import type { factorRowsSteps } from '../../src/completion/factor-rows.steps.ts'
import type { sampledResidualSteps } from '../../src/completion/sampled-residual.steps.ts'
import type { topRowsSteps } from '../../src/completion/top-rows.steps.ts'
import type { NativeSignatures } from '../../src/core/native.generated.ts'
import type { Steps } from '../../src/core/steps.ts'
import type { bunchKaufmanSolveSteps, bunchKaufmanSteps } from '../../src/dense/bunch-kaufman.steps.ts'
import type { choleskySolveSteps, choleskySteps } from '../../src/dense/cholesky.steps.ts'
import type { eighSteps } from '../../src/dense/eigh.steps.ts'
import type { gemmSteps } from '../../src/dense/gemm.steps.ts'
import type { gramSteps } from '../../src/dense/gram.steps.ts'
import type { denseLuSolveSteps, denseLuSteps } from '../../src/dense/lu.steps.ts'
import type { normalPassSteps } from '../../src/dense/normal-pass.steps.ts'
import type { qrSteps } from '../../src/dense/qr.steps.ts'
import type { svdSteps } from '../../src/dense/svd.steps.ts'
import type { denseFactsSteps } from '../../src/dense/symmetric.steps.ts'
import type { solveTriangularRightSteps, solveTriangularSteps } from '../../src/dense/triangular.steps.ts'
import type { tsqrSteps } from '../../src/dense/tsqr.steps.ts'
import type { amdSteps } from '../../src/direct/amd.steps.ts'
import type { ldltSteps } from '../../src/direct/ldlt.steps.ts'
import type { ldltSolveSteps } from '../../src/direct/ldlt-solve.steps.ts'
import type { luSteps } from '../../src/direct/lu.steps.ts'
import type { luSolveSteps } from '../../src/direct/lu-solve.steps.ts'
import type { symbolicSteps } from '../../src/direct/symbolic.steps.ts'
import type { Kernels } from '../../src/kernels/kernels.ts'
import type { bicgstabSteps } from '../../src/krylov/bicgstab.steps.ts'
import type { cgSteps } from '../../src/krylov/cg.steps.ts'
import type { cgBlockSteps } from '../../src/krylov/cg-block.steps.ts'
import type { fgmresSteps } from '../../src/krylov/fgmres.steps.ts'
import type { flexibleCgSteps } from '../../src/krylov/flexible-cg.steps.ts'
import type { gmresSteps } from '../../src/krylov/gmres.steps.ts'
import type { idrsSteps } from '../../src/krylov/idrs.steps.ts'
import type { lsmrSteps } from '../../src/krylov/lsmr.steps.ts'
import type { lsqrSteps } from '../../src/krylov/lsqr.steps.ts'
import type { minresSteps } from '../../src/krylov/minres.steps.ts'
import type { minresQlpSteps } from '../../src/krylov/minresQlp.steps.ts'
import type { factorLossSteps } from '../../src/learned/factor-loss.steps.ts'
import type { learnedFactorSteps } from '../../src/learned/factor-network.steps.ts'
import type { prolongationLossSteps } from '../../src/learned/prolongation-loss.steps.ts'
import type { learnedAmgSteps } from '../../src/learned/setup.steps.ts'
import type { sketchedQrcpSteps } from '../../src/lowrank/qrcp.steps.ts'
import type { matrixExponentialSteps } from '../../src/matfun/exponential.steps.ts'
import type { spectralHessianSteps } from '../../src/matfun/hessian.steps.ts'
import type { polarRootSteps } from '../../src/matfun/polar.steps.ts'
import type { quasiRootSteps, quasiSylvesterSteps } from '../../src/matfun/quasi-triangular.steps.ts'
import type { schurSteps, schurValueSteps } from '../../src/matfun/schur.steps.ts'
import type { eighBatchSteps, spectralDerivativeSteps, spectralValueSteps } from '../../src/matfun/spectral.steps.ts'
import type { amgSteps, amgUpdateSteps } from '../../src/precondition/amg.steps.ts'
import type {
  diagonalRunsSteps,
  diagonalShapeSteps,
  fillDiagonalsSteps,
} from '../../src/precondition/diagonals.steps.ts'
import type { ictSteps } from '../../src/precondition/ict.steps.ts'
import type { ilu0Steps } from '../../src/precondition/ilu0.steps.ts'
import type { incompleteCholeskySteps } from '../../src/precondition/incomplete-cholesky.steps.ts'
import type { inverseDiagonalSteps } from '../../src/precondition/jacobi.steps.ts'
import type { lanczosSteps } from '../../src/precondition/lanczos.steps.ts'
import type { levelScheduleSteps } from '../../src/precondition/levels.steps.ts'
import type { renumberSteps } from '../../src/precondition/renumber.steps.ts'
import type { ssorSteps } from '../../src/precondition/ssor.steps.ts'
import type { deflatedCgSteps } from '../../src/recycle/deflatedCg.steps.ts'
import type { gcrodrSteps } from '../../src/recycle/gcrodr.steps.ts'
import type { guessSteps } from '../../src/recycle/guess.steps.ts'
import type { recyclingMinresSteps } from '../../src/recycle/recyclingMinres.steps.ts'
import type { colouringSteps } from '../../src/relaxation/colouring.steps.ts'
import type { sorSteps } from '../../src/relaxation/sor.steps.ts'
import type { replaySteps } from '../../src/sequence/replay.steps.ts'
import type { sketchAdjointSteps, sketchDenseSteps, sketchSparseSteps } from '../../src/sketch/apply.steps.ts'
import type { mixingAdjointSteps, sketchMixingSteps } from '../../src/sketch/mixing.steps.ts'
import type { normalsSteps } from '../../src/sketch/normals.steps.ts'
import type { envelopeCholeskySteps } from '../../src/solve/envelope-cholesky.steps.ts'
import type { lookSteps } from '../../src/solve/structure.steps.ts'
import type { examineSteps } from '../../src/sparse/examine.steps.ts'
import type { patternShapeSteps } from '../../src/sparse/pattern-shape.steps.ts'
import type { runPatternSteps, runValuesSteps } from '../../src/sparse/run-pattern.steps.ts'
import type { slicePatternSteps, sliceValuesSteps } from '../../src/sparse/slices.steps.ts'
import type { sparseTimesSteps } from '../../src/sparse/times.steps.ts'
import type { upperTriangleSteps } from '../../src/sparse/upper.steps.ts'
import type { Equal, Expect } from './expect.ts'

/* The two halves cannot drift apart: what C++ says it takes and returns is what the steps of the same name do. */

interface Twins {
  readonly quasiRoot: typeof quasiRootSteps
  readonly quasiSylvester: typeof quasiSylvesterSteps
  readonly schur: typeof schurSteps
  readonly schurValue: typeof schurValueSteps
  readonly factorRows: typeof factorRowsSteps
  readonly sampledResidual: typeof sampledResidualSteps
  readonly topRows: typeof topRowsSteps
  readonly amd: typeof amdSteps
  readonly amgSetup: typeof amgSteps
  readonly amgUpdate: typeof amgUpdateSteps
  readonly bicgstab: typeof bicgstabSteps
  readonly bunchKaufman: typeof bunchKaufmanSteps
  readonly bunchKaufmanSolve: typeof bunchKaufmanSolveSteps
  readonly cg: typeof cgSteps
  readonly cgBlock: typeof cgBlockSteps
  readonly cholesky: typeof choleskySteps
  readonly choleskySolve: typeof choleskySolveSteps
  readonly diagonalShape: typeof diagonalShapeSteps
  readonly colouring: typeof colouringSteps
  readonly deflatedCg: typeof deflatedCgSteps
  readonly examine: typeof examineSteps
  readonly recyclingMinres: typeof recyclingMinresSteps
  readonly fillDiagonals: typeof fillDiagonalsSteps
  readonly diagonalRuns: typeof diagonalRunsSteps
  readonly fgmres: typeof fgmresSteps
  readonly flexibleCg: typeof flexibleCgSteps
  readonly envelopeCholesky: typeof envelopeCholeskySteps
  readonly gcrodr: typeof gcrodrSteps
  readonly gmres: typeof gmresSteps
  readonly guess: typeof guessSteps
  readonly idrs: typeof idrsSteps
  readonly ict: typeof ictSteps
  readonly ilu0: typeof ilu0Steps
  readonly incompleteCholesky: typeof incompleteCholeskySteps
  readonly inverseDiagonal: typeof inverseDiagonalSteps
  readonly lanczos: typeof lanczosSteps
  readonly ldltNumeric: typeof ldltSteps
  readonly ldltSolve: typeof ldltSolveSteps
  readonly learnedAmg: typeof learnedAmgSteps
  readonly learnedFactor: typeof learnedFactorSteps
  readonly factorLoss: typeof factorLossSteps
  readonly levelSchedule: typeof levelScheduleSteps
  readonly lsmr: typeof lsmrSteps
  readonly lsqr: typeof lsqrSteps
  readonly lu: typeof luSteps
  readonly luSolve: typeof luSolveSteps
  readonly minres: typeof minresSteps
  readonly minresQlp: typeof minresQlpSteps
  readonly mixingAdjoint: typeof mixingAdjointSteps
  readonly normalPass: typeof normalPassSteps
  readonly patternShape: typeof patternShapeSteps
  readonly renumber: typeof renumberSteps
  readonly replay: typeof replaySteps
  readonly runPattern: typeof runPatternSteps
  readonly runValues: typeof runValuesSteps
  readonly denseFacts: typeof denseFactsSteps
  readonly denseLu: typeof denseLuSteps
  readonly denseLuSolve: typeof denseLuSolveSteps
  readonly eigh: typeof eighSteps
  readonly polarRoot: typeof polarRootSteps
  readonly eighBatch: typeof eighBatchSteps
  readonly spectralHessian: typeof spectralHessianSteps
  readonly spectralDerivative: typeof spectralDerivativeSteps
  readonly matrixExponential: typeof matrixExponentialSteps
  readonly spectralValue: typeof spectralValueSteps
  readonly gemm: typeof gemmSteps
  readonly gram: typeof gramSteps
  readonly normals: typeof normalsSteps
  readonly prolongationLoss: typeof prolongationLossSteps
  readonly qr: typeof qrSteps
  readonly sparseTimes: typeof sparseTimesSteps
  readonly sketchedQrcp: typeof sketchedQrcpSteps
  readonly solveTriangular: typeof solveTriangularSteps
  readonly solveTriangularRight: typeof solveTriangularRightSteps
  readonly svd: typeof svdSteps
  readonly sketchAdjointOf: typeof sketchAdjointSteps
  readonly sketchDense: typeof sketchDenseSteps
  readonly sketchMixing: typeof sketchMixingSteps
  readonly sketchSparse: typeof sketchSparseSteps
  readonly slicePattern: typeof slicePatternSteps
  readonly sliceValues: typeof sliceValuesSteps
  readonly sor: typeof sorSteps
  readonly ssorFactor: typeof ssorSteps
  readonly symbolicFactor: typeof symbolicSteps
  readonly look: typeof lookSteps
  readonly tsqr: typeof tsqrSteps
  readonly upperTriangle: typeof upperTriangleSteps
}

type UserFunction = ((...args: never[]) => unknown) | { apply(...args: never[]): unknown }

/** A type as it crosses the border: nothing is readonly there, and user functions stay on this side. */
type Crossing<T> = T extends Float64Array
  ? Float64Array
  : T extends Float32Array
    ? Float32Array
    : T extends Int32Array
      ? Int32Array
      : T extends Int16Array
        ? Int16Array
        : T extends UserFunction
          ? never
          : T extends object
            ? { -readonly [K in keyof T]: Crossing<T[K]> }
            : T

type Derived<S> = S extends (k: Kernels, ...args: infer Args) => Steps<infer R>
  ? (...args: Extract<Crossing<Args>, readonly unknown[]>) => Crossing<R>
  : never

/** What foreign libraries do has no reference. */
type Method = Exclude<keyof NativeSignatures, `external${string}`>
type Drifted = { [Name in Method]: Equal<NativeSignatures[Name], Derived<Twins[Name]>> extends true ? never : Name }

export type Checks = [Expect<Equal<Method, keyof Twins>>, Expect<Equal<Drifted[Method], never>>]

import type { ControlOptions } from '../core/control.ts'
import { refuse } from '../core/errors.ts'
import { forms, run } from '../core/method.ts'
import { checkSeed, fillNormal } from '../core/random.ts'
import { float64 } from '../core/shared.ts'
import type { Steps } from '../core/steps.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { gemmInto } from '../dense/gemm.ts'
import type { Kernels } from '../kernels/kernels.ts'
import { ownRows } from '../sketch/sketch.ts'
import { Csr } from '../sparse/csr.ts'
import { transposed } from '../sparse/transposed.ts'
import { DenseMatrix } from './dense-matrix.ts'
import type { ReadMatrix } from './matrix.ts'
import { Problem } from './problem.ts'
import { squaredRowNorms } from './row-norms.ts'
import { spectrumOf } from './singular.ts'
import { SparseMatrix } from './sparse-matrix.ts'
import { sketchedTriangle } from './spir.ts'

/** Options of {@link leverageScores}. */
export interface LeverageOptions extends ControlOptions {
  /** `'exact'`, the default; or `'sketch'`: within a factor of 1.5, where A is tall enough for a sketch. */
  readonly method?: 'exact' | 'sketch'
  /** Of the sketch, an integer from 0 to 2^53 - 1; default 0. */
  readonly seed?: number
}

const { async, sync } = forms<[Dense | CsrData, LeverageOptions?], Float64Array>(
  'leverageScores',
  1,
  ['method', 'seed'],
  function* (call, given, { method = 'exact', seed = 0 } = {}) {
    if (method !== 'exact' && method !== 'sketch')
      throw refuse('ERR_OPTION', call.name, 'option method', "'exact' or 'sketch'", method)
    checkSeed(call.name, 'option seed', seed)
    const A = yield* ownRows(call, 'A', given)
    return yield* scoresOf(A, method === 'sketch', seed)
  },
)

/** How least squares reads a matrix that has been checked. */
export function* matrixOf(A: Dense | CsrData): Steps<ReadMatrix> {
  if (isDense(A)) return new DenseMatrix(A)
  const k = (yield { kind: 'kernels' }) as Kernels
  return new SparseMatrix(k, A, yield* transposed(Csr.from(A)))
}

const SAMPLES = 40 // of the sketch, and directions, for each unit of ln m: all norms within a quarter or so

/** Leverage scores of a checked matrix. */
export function* scoresOf(A: Dense | CsrData, sketch: boolean, seed: number): Steps<Float64Array> {
  const matrix = yield* matrixOf(A)
  const { columns: n, rows: m } = matrix
  const problem = new Problem(matrix, float64(0), 0, 0, seed)
  const sketched = sketch ? yield* sketchedTriangle(problem, SAMPLES * Math.log(m + 1)) : undefined
  const R = sketched?.R ?? (yield* problem.triangle())
  const { P, rank } = yield* spectrumOf(R, n, float64(0), 0)
  if (sketched === undefined) return yield* squaredRowNorms(A, P, rank)
  // (S Q)^T (S Q) has the expected inverse d / (d - n) I
  const factor = 1 - rank / sketched.rows
  const [short, columns] = yield* projected(P, n, rank, m, seed)
  return (yield* squaredRowNorms(A, short, columns)).map(score => Math.min(1, factor * score))
}

/** P G / sqrt(k) with a Gaussian G of so few columns that norms of rows survive; P itself where it has no more. */
function* projected(P: Float64Array, n: number, rank: number, m: number, seed: number): Steps<[Float64Array, number]> {
  const k = Math.ceil(SAMPLES * Math.log(m + 1))
  if (k >= rank) return [P, rank]
  const G = float64(rank * k)
  fillNormal(G, seed, 1)
  const short = float64(n * k)
  yield* run(gemmInto, 1 / Math.sqrt(k), P, false, G, false, 0, short, n, k, rank)
  return [short, k]
}

/**
 * The leverage scores of A's rows: ||q_i||^2 with Q an orthonormal basis of the columns, so that each is 0 to 1 and their sum is
 * the rank. How much a row alone can say: how likely it is to be needed in a sample. Exact: 4 m n^2 flops. By a sketch (Drineas,
 * Magdon-Ismail, Mahoney and Woodruff 2012) of max(12 n, 40 ln m) rows: 2 m n min(n, 40 ln m) and a reading of A.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION
 */
export const leverageScores = async

/** {@link leverageScores}, blocking. */
export const leverageScoresSync = sync

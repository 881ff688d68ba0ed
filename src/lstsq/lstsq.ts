import type { ControlOptions } from '../core/control.ts'
import { KrylovError, refuse } from '../core/errors.ts'
import { type Call, forms } from '../core/method.ts'
import { checkSeed } from '../core/random.ts'
import { isStream } from '../core/stream.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { Csr } from '../sparse/csr.ts'
import type { LstsqMethod } from './answer.ts'
import { type Sides, type Solved, sidesOf } from './sides.ts'
import { solveDense } from './solve-dense.ts'
import { solveSparse } from './solve-sparse.ts'
import { type RowsAndSides, solveStream } from './stream.ts'

/** Options of {@link lstsq}. */
export interface LstsqOptions extends ControlOptions {
  /**
   * `'auto'`, or which method is to try first: `'gram'`, `'tsqr'`, `'spir'`, `'svd'`. Where it does not apply, or its answer does
   * not pass the test of its backward error, others follow: the answer says which it comes from.
   */
  readonly method?: 'auto' | Exclude<LstsqMethod, 'qr'>
  /** Of the sketch, an integer from 0 to 2^53 - 1; default 0. Equal seeds give equal bits. */
  readonly seed?: number
  /** Weight of ||x||^2 beside ||b - A x||^2, 0 or more; default 0. */
  readonly ridge?: number
}

/** What {@link lstsq} found. Of several right-hand sides the norms and errors are the largest. */
export interface LstsqSolution<X = Float64Array> {
  /** n long, or n x s: always finite. */
  readonly x: X
  /** The method that gave the answer; `'qr'` is that of A^T, where A has fewer rows than columns. */
  readonly method: LstsqMethod
  /** How often A was read. */
  readonly passes: number
  /** ||b - A x||_2, recomputed from x; of a stream as its triangle has it. */
  readonly residualNorm: number
  /**
   * How much A has to change, at most, relative to ||A||_F, for x to be a least-squares solution: the estimate of Karlson and
   * Walden, or a bound of it. At rounding, 2e-16, where all is well.
   */
  readonly backwardError: number
  /** Of A with its columns scaled to unit norm, estimated to a factor of about two; Infinity where A has not its full rank. */
  readonly condition: number
  /** To rounding, columns scaled to unit norm. */
  readonly rank: number
}

type Given = Dense | CsrData | AsyncIterable<RowsAndSides>

const { async, sync } = forms<
  [Given, ArrayLike<number> | Dense | undefined, LstsqOptions?],
  LstsqSolution<Float64Array | Dense>
>('lstsq', 2, ['method', 'seed', 'ridge'], function* (call, A, b, options = {}) {
  const { method = 'auto', seed = 0, ridge = 0 } = options
  if (!METHODS.includes(method)) throw refuse('ERR_OPTION', call.name, 'option method', METHODS.join(', '), method)
  checkSeed(call.name, 'option seed', seed)
  if (typeof ridge !== 'number' || !(ridge >= 0 && ridge <= 1e100))
    throw refuse('ERR_OPTION', call.name, 'option ridge', 'a number from 0 to 1e100', ridge)
  if (typeof A !== 'object' || A === null)
    throw refuse('ERR_TYPE', call.name, 'A', 'a dense or sparse matrix, or a stream', A)
  if (isStream<RowsAndSides>(A)) {
    if (b !== undefined) throw refuse('ERR_TYPE', call.name, 'b', 'absent: a stream brings it along', b)
    const { solved, sides } = yield* solveStream(call, A, ridge)
    return solutionOf(call, solved, sides)
  }
  const wanted = { method, seed, ridge }
  const sides = yield* sidesOf(call, b, isDense(A) ? A.rows : Csr.from(A, call.name).rows)
  const solved = isDense(A) ? yield* solveDense(call, A, sides, wanted) : yield* solveSparse(call, A, sides, wanted)
  return solutionOf(call, solved, sides)
})

const METHODS: readonly string[] = ['auto', 'gram', 'tsqr', 'spir', 'svd']

/** The answer as the caller sees it. */
function solutionOf(
  call: Call,
  { X, norms, backwardError, method, condition, rank, passes }: Solved,
  { s, block }: Sides,
): LstsqSolution<Float64Array | Dense> {
  if (!X.every(Number.isFinite))
    throw new KrylovError('ERR_NOT_FINITE', `${call.name}: the solution is too large for doubles`)
  const x = block ? { rows: X.length / s, columns: s, values: X } : X
  const residualNorm = norms.reduce((most, norm) => Math.max(most, norm), 0)
  return { x, method, passes, residualNorm, backwardError, condition, rank }
}

/**
 * Solves A x = b in the sense of least squares: x minimises ||b - A x||^2 + ridge ||x||^2, and of all minimisers has the least
 * norm. A is dense, m x n, of any shape and rank; or sparse with at most 8192 columns and no fewer rows; or (asynchronous form,
 * `b` undefined) a stream of blocks of rows with their right-hand sides, which need not fit in memory together. b is m long, or a
 * dense m x s block.
 *
 * What is cheapest goes first and has to pass a test of its backward error: A^T A and Cholesky where the condition is at most
 * 1e7; else a QR factorization by blocks of rows, or from 200 columns on a sketch and its iterations; in the end singular values.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_OPTION; ERR_UNSUPPORTED for a sparse A of another shape
 */
export const lstsq = async as {
  (A: Dense | CsrData, b: Dense, options?: LstsqOptions): Promise<LstsqSolution<Dense>>
  (A: Dense | CsrData, b: ArrayLike<number>, options?: LstsqOptions): Promise<LstsqSolution>
  (A: AsyncIterable<RowsAndSides>, b?: undefined, options?: LstsqOptions): Promise<LstsqSolution<Float64Array | Dense>>
}

/** {@link lstsq}, blocking. */
export const lstsqSync = sync as {
  (A: Dense | CsrData, b: Dense, options?: LstsqOptions): LstsqSolution<Dense>
  (A: Dense | CsrData, b: ArrayLike<number>, options?: LstsqOptions): LstsqSolution
}

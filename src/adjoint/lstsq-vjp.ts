import { KrylovError } from '../core/errors.ts'
import { checkOptions } from '../core/method.ts'
import type { CsrData, Dense } from '../core/types.ts'
import { isDense } from '../dense/dense.ts'
import { checkDense } from '../dense/own.ts'
import { transposed } from '../dense/rows.ts'
import { Csr } from '../sparse/csr.ts'
import { vectorOf } from './arguments.ts'
import { map, pair, times, type Vjp, type VjpSync } from './dense-vjp.ts'
import { got } from './forms.ts'
import {
  type LstsqVjpOptions,
  type SparseLstsqVjp,
  type SparseLstsqVjpSync,
  sparseLstsqVjp,
  sparseLstsqVjpSync,
} from './sparse-lstsq-vjp.ts'

/** The gradient of a least-squares solution. */
export interface LstsqGradient {
  readonly A: Dense
  readonly b: Float64Array
}

/** x of least squares, and its gradient. */
export type LstsqVjp = Vjp<Float64Array, ArrayLike<number>, LstsqGradient>
/** {@link LstsqVjp}, blocking. */
export type LstsqVjpSync = VjpSync<Float64Array, ArrayLike<number>, LstsqGradient>

const least = (b: Float64Array) =>
  pair<Float64Array, ArrayLike<number>, LstsqGradient>('lstsqVjp', {
    *forward(methods, A) {
      const { x, rank } = yield* got(methods.lstsq(A, b))
      if (rank < A.columns)
        throw new KrylovError('ERR_SINGULAR', `lstsqVjp: A must have the rank ${A.columns} of its columns, has ${rank}`)
      return x
    },
    *back(methods, x, cotangent, A) {
      const v = vectorOf('pullback', 'cotangent', cotangent, A.columns)
      const T = { rows: A.columns, columns: A.rows, values: transposed(A.values, A.rows, A.columns) }
      // z = A (A^T A)^-1 v and w = (A^T A)^-1 v without A^T A
      const { x: z } = yield* got(methods.lstsq(T, v))
      const { x: w } = yield* got(methods.lstsq(A, z))
      const fit = (yield* times(methods, A, { rows: x.length, columns: 1, values: x })).values
      return { A: map(A, (_, r, c) => (b[r]! - fit[r]!) * w[c]! - z[r]! * x[c]!), b: z }
    },
  })

/** {@link lstsqVjp} of a dense and of a sparse A. */
export interface LstsqVjpForm {
  (A: CsrData, b: ArrayLike<number>, options?: LstsqVjpOptions): Promise<SparseLstsqVjp>
  (A: Dense, b: ArrayLike<number>): Promise<LstsqVjp>
}

/** {@link LstsqVjpForm}, blocking. */
export interface LstsqVjpFormSync {
  (A: CsrData, b: ArrayLike<number>, options?: LstsqVjpOptions): SparseLstsqVjpSync
  (A: Dense, b: ArrayLike<number>): LstsqVjpSync
}

const isSparse = (A: Dense | CsrData): A is CsrData => A instanceof Csr || !isDense(A)

/**
 * The least-squares solution of an A of full column rank, and its gradient: dense, or with respect to a sparse A on its pattern.
 * `lstsqVjpSync` is the same, blocking.
 *
 * @throws KrylovError ERR_SHAPE, ERR_TYPE, ERR_NOT_FINITE, ERR_SINGULAR, ERR_OPTION
 */
export const lstsqVjp: LstsqVjpForm = (async (A: Dense | CsrData, b: ArrayLike<number>, options?: LstsqVjpOptions) => {
  if (isSparse(A)) return await sparseLstsqVjp(Csr.from(A, 'lstsqVjp'), b, options)
  checkOptions('lstsqVjp', options, NONE)
  return await least(right('lstsqVjp', A, b)).later(A)
}) as LstsqVjpForm

/** {@link lstsqVjp}, blocking. */
export const lstsqVjpSync: LstsqVjpFormSync = ((
  A: Dense | CsrData,
  b: ArrayLike<number>,
  options?: LstsqVjpOptions,
) => {
  if (isSparse(A)) return sparseLstsqVjpSync(Csr.from(A, 'lstsqVjpSync'), b, options)
  checkOptions('lstsqVjpSync', options, NONE)
  return least(right('lstsqVjpSync', A, b)).now(A)
}) as LstsqVjpFormSync

const NONE: ReadonlySet<string> = new Set()

const right = (name: string, A: Dense, b: ArrayLike<number>): Float64Array =>
  vectorOf(name, 'b', b, checkDense(name, 'A', A).rows)
